"""The GitHub workflows, run as they stand: from pull request to machines."""

import pytest
from pipelines_stage import GithubStage

pytestmark = pytest.mark.cloud


def test_from_pull_request_to_machines(github: GithubStage) -> None:
    registry = github.registry
    registry.lab()
    proposal = registry.propose("ada")

    runs = github.proposed(proposal.number)

    for run in runs.values():
        for job in run.jobs:
            print("=====", job.key, job.result)
            print(job.log)
    assert 0
