# mypy: disable-error-code="import-not-found"
"""Makes oslo.policy bear that the first requests come at once."""

from __future__ import annotations

import functools
import threading
from typing import Any


def load_one_at_a_time() -> None:
    """Let a thread see a service's rules only when they are loaded.

    oslo.policy fills and checks its rules within the first requests. Two of these at once may
    end in "dictionary changed size during iteration", which Heat answers with 500.
    """
    from oslo_policy import policy

    loading = threading.RLock()
    load = policy.Enforcer.load_rules

    @functools.wraps(load)
    def load_alone(enforcer: Any, *args: Any, **kwargs: Any) -> None:
        with loading:
            load(enforcer, *args, **kwargs)

    policy.Enforcer.load_rules = load_alone
