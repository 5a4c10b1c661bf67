"""Whether a newer commit waits for a run that is under way."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.source.remote import tip

log = logging.getLogger(__name__)


def newer_on(repo: Path, branch: str, commit: str, under: Mapping[str, str]) -> Callable[[], bool]:
    """Asks origin whether its branch is at another commit than ours; `under` is git's login.

    A server that does not answer keeps no run from its work: then there is nothing newer.
    """

    def newer() -> bool:
        try:
            return tip(repo, branch, under) not in (None, commit)
        except AppstoreError as error:
            log.warning("whether there is a newer commit stays unknown: %s", error.message)
            return False

    return newer
