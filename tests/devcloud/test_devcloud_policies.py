"""Rules of oslo.policy, the services' own, loaded by several requests at once."""

import os
import subprocess

import pytest

from appstore.devcloud import venv
from appstore.devcloud.cloud import quiet
from appstore.devcloud.processes import INSIDE
from appstore.devcloud.shape import Variant

pytestmark = pytest.mark.cloud

SECOND_WHILE_THE_FIRST_LOADS = """
import sys, threading
from oslo_config import cfg
from oslo_policy import policy

if sys.argv[1] == "guarded":
    from devcloud import policies
    policies.load_one_at_a_time()

conf = cfg.ConfigOpts()
conf([])
enforcer = policy.Enforcer(conf, policy_file=None)
enforcer.register_default(
    policy.RuleDefault(
        "late", "@", deprecated_for_removal=True, deprecated_since="now", deprecated_reason="test"
    )
)
second = threading.Thread(target=enforcer.load_rules, daemon=True)


def in_the_middle(default):
    if second.ident is None:
        second.start()
        second.join(0.5)
        print("waits" if second.is_alive() else "does not wait")


enforcer._emit_deprecated_for_removal_warning = in_the_middle
enforcer.load_rules()
second.join()
print(sorted(enforcer.rules))
"""


@pytest.mark.parametrize(("how", "second"), [("guarded", "waits"), ("bare", "does not wait")])
def test_the_second_request_waits_until_the_rules_are_loaded(how: str, second: str) -> None:
    python = venv.ensure(Variant.LITE, quiet).python
    told = subprocess.run(
        [python, "-c", SECOND_WHILE_THE_FIRST_LOADS, how],
        env=os.environ | {"PYTHONPATH": str(INSIDE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [second, "['late']"]
