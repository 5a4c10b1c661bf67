"""The jobs of a registry's pipelines, verb by verb, in a clone of the default branch."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from forge_servers import TOKEN, Proposal
from forge_servers import Run as CiRun
from pipelines_registry import REFS, Registry, git

PROPOSAL = "refs/appstore/proposal"


@dataclass(frozen=True, slots=True)
class Jobs:
    """`clone` holds main as it is, and of a proposal its objects only; `made` what jobs keep."""

    registry: Registry
    clone: Path
    made: Path
    run: Callable[..., Any]

    def job(self, *words: str) -> tuple[int, str]:
        """One verb; how it ended, and what it said on one line."""
        ended = self.run(*words, at=self.clone)
        assert TOKEN not in ended.out + ended.err
        return ended.code, " ".join(ended.out.split())

    def fetch(self, proposal: Proposal | None = None) -> None:
        """What a job begins with."""
        git("fetch", "-q", "origin", at=self.clone)
        git("checkout", "-q", "--detach", "origin/main", at=self.clone)
        if proposal:
            ref = REFS[self.registry.forge].format(proposal.number)
            git("fetch", "-q", "origin", f"+{ref}:{PROPOSAL}", at=self.clone)

    def plan(self, proposal: Proposal) -> tuple[int, str]:
        """The job `plan`, and the artifact that the forge keeps of it."""
        file = self.made / "plan.json"
        ended = self.job("plan", "--onto", "HEAD", "--rev", PROPOSAL, "--out", str(file))
        runs = self.registry.world.runs
        runs.append(CiRun(len(runs) + 1, proposal.number, proposal.head, file.read_bytes()))
        return ended

    def review(self, proposal: Proposal) -> tuple[int, str]:
        out = ("--out", str(self.made / "review.json"))
        return self.job("ci", "review", "--request", str(proposal.number), *out)

    def note(self, proposal: Proposal) -> str:
        """The job `note`; the one note that the request has then."""
        files = ("--plan", str(self.made / "plan.json"), "--review", str(self.made / "review.json"))
        assert self.job("ci", "note", "--request", str(proposal.number), *files)[0] == 0
        (note,) = proposal.notes
        return note.body

    def merge(self, proposal: Proposal) -> str:
        """The job `merge`; what it says."""
        code, said = self.job("ci", "merge", "--request", str(proposal.number))
        assert code == 0, said
        return said

    def apply(self) -> tuple[int, str]:
        """The job `apply` of what main is now, with a run id of its own as every process has."""
        self.fetch()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("appstore.cli.apply.RUN_ID", f"req-{uuid4()}")
            return self.job("apply", "--forge", "--out", str(self.made / "outcome.json"))

    def close(self) -> None:
        """The jobs `report` and `record`."""
        for verb in ("report", "record"):
            code, said = self.job("ci", verb, "--outcome", str(self.made / "outcome.json"))
            assert code == 0, said
