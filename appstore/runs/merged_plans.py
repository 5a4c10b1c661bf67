"""The plans that were reviewed for what the default branch holds, by the forge and by git."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.forge.protocol import Forge, Request, State
from appstore.reconcile.reviewed import ReviewedPlan, read_reviewed
from appstore.source.blame import writer_of
from appstore.wanted.states import Cause

log = logging.getLogger(__name__)


@dataclass(slots=True)
class MergedRequests:
    """Which merge request brought a commit; each commit is asked about once."""

    forge: Forge
    known: dict[str, Request | None] = field(default_factory=dict)

    def of(self, commit: str) -> Request | None:
        """The merged request, or None where the commit was pushed past every one."""
        if commit not in self.known:
            found = self.forge.request_of(commit)
            self.known[commit] = found if found and found.state is State.MERGED else None
        return self.known[commit]


@dataclass(slots=True)
class MergedPlans:
    """The plans that were reviewed for merged requests; each is fetched once.

    What nobody can tell the merge of, and a plan that cannot be read, give none: then nothing
    destructive is carried out for it.
    """

    repo: Path
    commit: str
    requests: MergedRequests
    known: dict[int, tuple[ReviewedPlan, ...]] = field(default_factory=dict)

    def of_commit(self) -> tuple[ReviewedPlan, ...]:
        """Of the merge that is applied."""
        return self._of_writer(self.commit)

    def of_cause(self, cause: Cause) -> tuple[ReviewedPlan, ...]:
        """Of the merge that wrote a cause's line, as it stands in the commit."""
        return self._of_writer(writer_of(self.repo, self.commit, cause.path, cause.line))

    def _of_writer(self, writer: str | None) -> tuple[ReviewedPlan, ...]:
        request = self.requests.of(writer) if writer else None
        if request is None:
            return ()
        if request.number not in self.known:
            self.known[request.number] = _plans(self.requests.forge, request)
        return self.known[request.number]


def _plans(forge: Forge, request: Request) -> tuple[ReviewedPlan, ...]:
    data = forge.reviewed_plan(request)
    if data is None:
        log.warning("request %s has no reviewed plan", request.number)
        return ()
    try:
        return (read_reviewed(f"the plan of {request.url}", data),)
    except AppstoreError as error:
        log.warning("the plan of request %s is not usable: %s", request.number, error.message)
        return ()
