"""The catalog of one tree, as lecturers may use it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from appstore.govern.life import Life, life_of
from appstore.govern.use import ALLOWED, Allowed, Circle, Use, User, Verdict, may_use
from appstore.registry.registry import CatalogTemplate, Registry


@dataclass(frozen=True, slots=True)
class Shelf:
    """Versions by ref, oldest first, their lives, and for whom each template is.

    `tenants` tells the tenant of each lecturer whose file could be read.
    """

    lives: Mapping[str, Life]
    circles: Mapping[str, Circle]
    tenants: Mapping[str, str]

    def verdict(self, lecturer: str, ref: str, use: Use) -> Verdict:
        """Whether this lecturer may do this with the version; a denial names what to take instead.

        The version is one of the tree's that could be read, and so is the lecturer.
        """
        verdict = self._verdict(lecturer, ref, use)
        if isinstance(verdict, Allowed):
            return verdict
        other = next(self._instead(lecturer, ref), None)
        step = f"Move to {other}." if other else "Ask its owner for a version that may be used."
        if verdict.rule in ("not-approved", "not-visible") and other is None:
            return verdict
        return replace(verdict, way_out=f"{verdict.way_out} {step}".strip())

    def _verdict(self, lecturer: str, ref: str, use: Use) -> Verdict:
        user = User(lecturer, self.tenants[lecturer])
        return may_use(ref, self.lives[ref], self.circles[ref.split("@")[0]], user, use)

    def _instead(self, lecturer: str, ref: str) -> Iterator[str]:
        """Other versions of the template with which this lecturer may begin, newest first."""
        same = (other for other in self.lives if other.split("@")[0] == ref.split("@")[0])
        for other in reversed(list(same)):
            if other != ref and self._verdict(lecturer, other, Use.BEGIN) == ALLOWED:
                yield other


def shelf_of(registry: Registry) -> Shelf:
    """The shelf of a tree; what could not be read is not on it."""
    documents = {
        **{name: document for name, document in registry.held_lecturers.items() if document},
        **{name: folder.document for name, folder in registry.lecturers.items()},
    }
    tenants = {name: document.model.tenant for name, document in documents.items()}
    known = registry.site.model.tenants if registry.site else {}
    return Shelf(
        lives={
            version.ref: life_of(version.approval, version.content)
            for version in registry.versions()
        },
        circles={
            name: _circle(template, tenants, frozenset(known))
            for name, template in registry.templates.items()
        },
        tenants=tenants,
    )


def _circle(template: CatalogTemplate, tenants: Mapping[str, str], known: frozenset[str]) -> Circle:
    card = template.card.model
    tenant = card.owner if card.owner in known else tenants.get(card.owner)
    return Circle(card.owner, tenant, card.visibility)
