"""An apply that is ended from outside, at the signal and without one, goes on in the next run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appstore.devcloud.waiting import until

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_ended_apply_goes_on_in_the_next_run(registry, run, live, number) -> None:
    registry.lab("parameters: {wait: 4}")
    appstore = Path(sys.executable).with_name("appstore")
    process = subprocess.Popen(
        [str(appstore), "apply", "--repo", str(registry.root)],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert until(lambda: bool(live()), 60), "Heat was asked for the first stack"
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    if number is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 1
        assert "stopping: nothing new is sent" in err
        assert "still running" in out
        assert "the next run goes on" in out
        assert "Traceback" not in out + err
    first = {member: stack.id for member, stack in live().items()}
    assert until(lambda: run("apply").code == 0 and len(live()) == 2, 90)
    assert until(lambda: "nothing to do" in run("plan").out, 60)
    after = live()
    assert {stack.status for stack in after.values()} == {"CREATE_COMPLETE"}
    assert {member: after[member].id for member in first} == first, "nothing was made twice"
