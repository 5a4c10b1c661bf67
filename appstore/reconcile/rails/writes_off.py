"""Clouds to which nothing is written now: maintenance, or the site's read-only switch (rail 12)."""

from collections.abc import Iterator
from datetime import date

from appstore.documents.site import Site
from appstore.reconcile.plan import WritesOff


def writes_off(site: Site, today: date) -> tuple[WritesOff, ...]:
    """The closed clouds, each with why and until when; a switch past its `until` is open again."""
    return tuple(_closed(site, today))


def _closed(site: Site, today: date) -> Iterator[WritesOff]:
    for name, cloud in site.clouds.items():
        for rule, switch in (("read-only", site.read_only), ("maintenance", cloud.maintenance)):
            if switch is not None and (switch.until is None or today <= switch.until):
                yield WritesOff(name, rule, switch.reason, switch.until)
                break
