"""Leaving a shared cloud as it was."""

from appstore.apply.protocols import Heat
from appstore.cloud.errors import Rejected
from appstore.devcloud.waiting import until


def sweep(heat: Heat, prefix: str) -> None:
    """Ask Heat to delete the stacks whose names begin so.

    Heat may answer a delete that meets the end of another one with 400 AttributeError, a fault of
    its own: then what is left is asked for again.
    """

    def asked() -> bool:
        for stack in heat.listing().stacks:
            if stack.name.startswith(prefix):
                try:
                    heat.delete(stack)
                except Rejected:
                    return False
        return True

    assert until(asked, 30), f"{prefix}* cannot be deleted"
