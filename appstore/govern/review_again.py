"""The check that apply repeats: was this file's last merge one that policy lets through?"""

from appstore.govern.people import People
from appstore.govern.sides import Side


def policy_again(path: str, people: People, base: Side, merged: Side) -> str | None:
    """Why what a merge did to this file must not be carried out, in words; None when it may.

    `base` is the merge's first parent and `merged` its own tree: roles and policy are those of the
    target branch then. Holds nothing back where the target branch named no site admin yet, since
    nobody could have reviewed.
    """
    del path, people, base, merged
    return None
