"""doctor judges: what was seen of runner, clouds and forge becomes ok, warning, problem, unknown.

Pure: the same facts give the same checks. What could not be looked at is unknown, never ok, and
says how to check it by hand.
"""

from collections.abc import Iterable, Iterator, Mapping

from appstore.forge.protocol import Protection
from appstore.report.doctor import Check, Level

OLDEST_PYTHON = (3, 11)
OLDEST_GIT = (2, 38)
"""git 2.38 is the first that merges without a checkout (`merge-tree --write-tree`)."""


def runner_checks(python: tuple[int, ...], git: tuple[int, ...]) -> Iterator[Check]:
    """The programs on this machine; versions as numbers, an empty one is not known."""
    for name, version, oldest in (("Python", python, OLDEST_PYTHON), ("git", git, OLDEST_GIT)):
        shown, least = ".".join(map(str, version)), ".".join(map(str, oldest))
        if not version:
            yield Check(
                "runner",
                Level.UNKNOWN,
                f"The version of {name} is not known.",
                f"At least {least}.",
            )
        elif version < oldest:
            yield Check(
                "runner",
                Level.PROBLEM,
                f"{name} {shown} is too old.",
                f"Install {name} {least} or newer.",
            )
        else:
            yield Check("runner", Level.OK, f"{name} {shown}")


def forge_checks(told: Iterable[Protection]) -> Iterator[Check]:
    """The settings that the forge's API shows."""
    for one in told:
        match one.holds:
            case True:
                yield Check("forge", Level.OK, _sentence(one.what))
            case False:
                yield Check("forge", Level.PROBLEM, f"Not so: {one.what}.", one.remedy)
            case None:
                yield Check(
                    "forge", Level.UNKNOWN, f"The token may not see whether {one.what}.", one.remedy
                )


def unlisted_checks(kind: str) -> Iterator[Check]:
    """What no API that we use tells, to be looked at by a person."""
    for what, remedy in _BY_HAND[kind]:
        yield Check("forge", Level.UNKNOWN, what, remedy)


_BY_HAND: Mapping[str, tuple[tuple[str, str], ...]] = {
    "github": (
        (
            "Whether approvals are dismissed when somebody pushes is not looked at.",
            "The review counts none that is older than the last push; where you have the setting, "
            "turn it on too: Settings > Rules > Rulesets, Dismiss stale approvals.",
        ),
        (
            "Which secrets there are is not looked at.",
            "Settings > Environments: the credential that applies belongs to an environment that "
            "only the default branch may use.",
        ),
    ),
    "gitlab": (
        (
            "Whether approvals are removed when somebody pushes is not looked at.",
            "The review counts none that is older than the last push; where you have the setting, "
            "turn it on too: Settings > Merge requests > Approval settings.",
        ),
        (
            "Whether a schedule runs `apply --scheduled` is not looked at.",
            "Build > Pipeline schedules: one for the default branch, as often as site.yaml says.",
        ),
    ),
}


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
