"""Leaving a shared cloud as it was."""

from appstore.apply.protocols import Heat
from appstore.cloud.errors import Unreachable
from appstore.devcloud.waiting import until


def sweep(heat: Heat, prefix: str) -> None:
    """Ask Heat to delete the stacks whose names begin so.

    Heat may fall over a delete that meets the end of another one (README of appstore, fact 3.10):
    then what is left is asked for again.
    """

    def asked() -> bool:
        for stack in heat.listing().stacks:
            if stack.name.startswith(prefix):
                try:
                    heat.delete(stack)
                except Unreachable:
                    return False
        return True

    assert until(asked, 30), f"{prefix}* cannot be deleted"
