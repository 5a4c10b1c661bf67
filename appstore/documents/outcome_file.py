"""What `apply --out` writes: how a run ended, for notes, the records branch and audits.

No secret, and no person's name: members are pseudonyms, and `owner` is a role.
"""

from typing import Annotated, Literal

from pydantic import Field

from appstore.documents.base import Model
from appstore.documents.plan_file import FileFinding, Strings


class InstanceOutcome(Model):
    """How one instance ended."""

    id: Annotated[str, Field(description="<lecturer>/<course>/<deployment>/<member>.")]
    stack: Annotated[str, Field(description="The name of its Heat stack.")]
    action: Annotated[str, Field(description="What was done or tried; empty where nothing was.")]
    result: Annotated[str, Field(description="The end in a word or two, such as done or failed.")]
    why: Annotated[str, Field(description="Why it did not end well; empty where it did.")] = ""
    next_step: Annotated[str, Field(description="What a person can do; may be empty.")] = ""
    owner: Annotated[str, Field(description="The role that acts next; empty for nobody.")] = ""
    request: Annotated[str, Field(description="OpenStack's request id of a failure.")] = ""

    @property
    def well(self) -> bool:
        """Whether it is as it was wanted, whoever did it."""
        return self.result in ("done", "done by another run")


class OutcomeFile(Model):
    """A whole run; the moments are in UTC, as in 2026-10-01T08:15:00+00:00."""

    format: Annotated[Literal["1"], Field(description="The format of this file.")]
    run: Annotated[str, Field(description="The id of the run, as in every log.")]
    commit: Annotated[str, Field(description="The commit that was applied.")]
    plan: Annotated[str, Field(description="The digest of the plan that was carried out.")]
    started: Annotated[str, Field(description="When the run began.")]
    ended: Annotated[str, Field(description="When it ended.")]
    outcomes: Annotated[
        tuple[InstanceOutcome, ...],
        Field(strict=False, description="Every instance that was not simply as wanted."),
    ]
    already: Annotated[Strings, Field(description="Reviewed changes that were done before.")]
    findings: Annotated[
        tuple[FileFinding, ...], Field(strict=False, description="What is wrong in files.")
    ]
