"""Whose a file is, by the target branch; what it does not know is said by the proposal."""

from dataclasses import dataclass

from appstore.documents.catalog import Template
from appstore.documents.marks import Document
from appstore.govern.review_change import Belongs
from appstore.govern.roles import Roles
from appstore.govern.sides import Side


@dataclass(frozen=True, slots=True)
class Owners:
    """Finds whom a folder of deployments or a template belongs to."""

    base: Side
    merged: Side

    def folder(self, lecturer: str, course: str = "") -> Belongs:
        """Of a lecturer's folder; a new one has the tenant that its own mapping asks for, which
        that tenant's admins must consent to anyway."""
        return Belongs(lecturer, course, self._tenant(lecturer))

    def template(self, name: str) -> Belongs:
        """Of a template: what its card says on the target branch; a new one's own card."""
        card = _card(self.base, name) or _card(self.merged, name)
        return self.owner(card.model.owner) if card else Belongs()

    def owner(self, owner: str) -> Belongs:
        """Of what a lecturer or a tenant owns."""
        site = self.base.registry.site
        if site is not None and owner in site.model.tenants:
            return Belongs(tenant=owner)
        return Belongs(lecturer=owner, tenant=self._tenant(owner))

    def _tenant(self, lecturer: str) -> str:
        for side in (self.base, self.merged):
            if (known := Roles(side.registry, None).lecturer(lecturer)) is not None:
                return known.tenant
        return ""


def _card(side: Side, name: str) -> Document[Template] | None:
    template = side.registry.templates.get(name)
    return template.card if template else None
