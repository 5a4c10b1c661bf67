"""The GitLab pipeline, run as it stands by gitlab-ci-local: from merge request to machines."""

import json
from pathlib import Path

import pytest
import yaml
from flow_registry import HEAT
from forge_servers import Review
from pipelines_registry import git
from pipelines_stage import GitlabStage, live, records

pytestmark = pytest.mark.cloud

PROPOSAL = {"validate", "plan", "review", "note"}


def test_from_merge_request_to_machines(gitlab: GitlabStage) -> None:
    registry = gitlab.registry

    # Two new machines at once need tina: the pipeline fails, so nobody can merge.
    registry.lab()
    first = registry.propose("ada")
    pipeline = gitlab.proposed(first.number)
    assert (pipeline.code, pipeline.jobs) == (1, PROPOSAL), pipeline.log
    assert "FAIL  review" in pipeline.log
    widget = json.loads(pipeline.report("plan", "widget.json").read_text())
    assert widget == {"create": 2, "update": 0, "delete": 0}
    assert "<testcase" in pipeline.report("validate", "findings.xml").read_text()
    (note,) = first.notes
    assert "2 to create" in note.body

    # She approves and runs the pipeline again; a person merges.
    first.reviews.append(Review("tina", first.head))
    pipeline = gitlab.proposed(first.number)
    assert (pipeline.code, pipeline.jobs) == (0, PROPOSAL | {"merge"}), pipeline.log
    assert "not merged: It may be merged, by a person" in pipeline.log
    merged = registry.merge(first.number)
    pipeline = gitlab.pushed()
    assert "FAIL" not in pipeline.log, pipeline.log
    assert {s.status for s in live(registry.files).values()} == {"CREATE_COMPLETE"}
    assert [one.id for one in first.notes] == [note.id]
    assert "2 done" in note.body

    # One seat anew needs nobody: a job merges it.
    registry.lab("reset: {s01: 1}")
    second = registry.propose("ada")
    pipeline = gitlab.proposed(second.number)
    assert (pipeline.code, pipeline.jobs) == (0, PROPOSAL | {"merge"}), pipeline.log
    assert second.state == "merged"

    pipeline = gitlab.pushed()
    assert "1 done (1 recreate)" in pipeline.log, pipeline.log

    # Nothing is due.
    pipeline = gitlab.pushed("schedule")
    assert (pipeline.code, pipeline.jobs) == (0, {"look", "nothing-due"}), pipeline.log

    assert records(registry) == {merged, registry.main()}
    assert gitlab.refused == []


def test_nothing_of_a_proposal_is_run(gitlab: GitlabStage, tmp_path: Path) -> None:
    mark = tmp_path / "owned"
    gitlab.registry.lab()
    gitlab.registry.hostile(mark)
    proposal = gitlab.registry.propose("mallory")

    pipeline = gitlab.proposed(proposal.number)

    assert pipeline.jobs == PROPOSAL, pipeline.log
    assert "FAIL  review" in pipeline.log
    assert proposal.state == "open"
    assert not mark.exists()
    assert gitlab.refused == []


def test_an_admin_without_a_clone_approves_and_revokes_by_a_form(
    gitlab: GitlabStage, tmp_path: Path
) -> None:
    registry, mark = gitlab.registry, tmp_path / "owned"
    registry.files.write("catalog/probe/1.1.0/heat.yaml", HEAT)
    registry.files.write("catalog/probe/1.1.0/version.yaml", "changelog: [New.]\n")
    registry.merge(registry.propose("tina").number)
    checked = f"\"; touch {mark}; ' `touch {mark}` # {{x: [y]}}"
    typed = {"version": "probe@1.1.0", "tenant": "faculty", "checked": checked}

    pipeline = gitlab.form("tina", **typed)

    assert (pipeline.code, pipeline.jobs) == (0, {"version"}), pipeline.log
    (proposal,) = [one for one in gitlab.world.proposals.values() if one.state == "open"]
    path = "catalog/probe/1.1.0/approval.yaml"
    written = yaml.safe_load(git("show", f"{proposal.head}:{path}", at=registry.remote))
    assert (written["approver"], written["checked"]) == ("tina", [checked])
    assert not mark.exists()
    assert "tok-propose" not in pipeline.log

    # The bot opened it: it needs tina's word for her name, and another admin's eyes.
    proposal.reviews.append(Review("tina", proposal.head))
    assert "FAIL  review" in gitlab.proposed(proposal.number).log
    proposal.reviews.append(Review("carl", proposal.head))
    pipeline = gitlab.proposed(proposal.number)
    assert (pipeline.code, pipeline.jobs) == (0, PROPOSAL | {"merge"}), pipeline.log

    # A vulnerability, at night: the bot's request needs her word, and nobody else's.
    registry.merge(proposal.number)
    typed = {"verb": "revoke", "version": "probe@1.1.0", "reason": checked, "grace": "2"}
    pipeline = gitlab.form("tina", **typed)
    assert (pipeline.code, pipeline.jobs) == (0, {"version"}), pipeline.log
    (proposal,) = [one for one in gitlab.world.proposals.values() if one.state == "open"]
    written = yaml.safe_load(git("show", f"{proposal.head}:{path}", at=registry.remote))
    revoked = written["revoked"]
    assert (revoked["by"], revoked["reason"], revoked["grace"]) == ("tina", checked, 2)
    assert not mark.exists()
    proposal.reviews.append(Review("tina", proposal.head))
    assert "FAIL" not in gitlab.proposed(proposal.number).log
    assert gitlab.refused == []

    with pytest.raises(ValueError, match="reason"):
        gitlab.form("tina", **{**typed, "reason": "x\n  script: [id]"})
