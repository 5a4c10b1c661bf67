"""A forge with its world, as an adapter and a CI job see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from forge_servers import TOKEN, GitHubApi, GitLabApi, World, serving

from appstore.forge.here import open_forge, place
from appstore.forge.patience import Rest
from appstore.forge.protocol import Forge


@dataclass
class Stage:
    """One forge with its world; `pauses` are the seconds that the adapter wanted to wait."""

    kind: str
    world: World
    environment: dict[str, str]
    pauses: list[float] = field(default_factory=list)

    def forge(self) -> Forge:
        return open_forge(place(self.environment), Rest(self.pauses.append, lambda: 1_000_000.0))


def environment(kind: str, root: str) -> dict[str, str]:
    """What a CI job of this forge has in its environment."""
    if kind == "github":
        return {
            "GITHUB_REPOSITORY": "uni/registry",
            "GITHUB_API_URL": root,
            "GITHUB_TOKEN": TOKEN,
        }
    return {
        "CI_PROJECT_ID": "7",
        "CI_API_V4_URL": f"{root}/api/v4",
        "APPSTORE_FORGE_TOKEN": TOKEN,
    }


@contextmanager
def staged(kind: str) -> Iterator[Stage]:
    """A running server of this kind, with an empty world."""
    world = World()
    api = GitHubApi(world) if kind == "github" else GitLabApi(world)
    with serving(api) as root:
        yield Stage(kind, world, environment(kind, root))
