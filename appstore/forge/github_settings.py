"""The settings of a GitHub repository that the workflow relies on, as far as a token may see."""

from github import GithubException
from github.Repository import Repository

from appstore.forge.protocol import Protection


def protections(repository: Repository) -> tuple[Protection, ...]:
    """See `Forge`; raises what the library raises."""
    default = repository.default_branch
    return (
        Protection(
            f"the branch {default} is protected",
            bool(repository.get_branch(default).protected),
            "Settings > Rules > Rulesets: require a pull request for the default branch.",
        ),
        Protection(
            "workflows get a read-only token unless they say otherwise",
            _reads_only(repository),
            "Settings > Actions > General > Workflow permissions: read repository contents",
        ),
    )


def _reads_only(repository: Repository) -> bool | None:
    """None where the token may not look: only an admin's may."""
    try:
        _, data = repository.requester.requestJsonAndCheck(
            "GET", f"{repository.url}/actions/permissions/workflow"
        )
    except GithubException as error:
        if error.status in (403, 404):
            return None
        raise
    return bool(data["default_workflow_permissions"] == "read")
