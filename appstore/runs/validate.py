"""validate: every finding of one tree, without a cloud, a password or the network."""

from dataclasses import dataclass
from datetime import datetime

from appstore.documents.findings import Finding, Severity
from appstore.govern.life_findings import life_findings
from appstore.govern.use_shelf import shelf_of
from appstore.reconcile.needs.findings import footprint_findings
from appstore.registry.read import read_registry
from appstore.source.tree import Tree
from appstore.wanted.stacks import LecturerStacks
from appstore.wanted.tree import wanted_tree


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read (the paths of the files) and what is wrong with it."""

    files: tuple[str, ...]
    lecturers: int
    instances: int
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def validate(tree: Tree, now: datetime) -> Validation:
    """Check one tree as plan would read it."""
    registry = read_registry(tree.files, tree.findings)
    wanted = wanted_tree(registry, now)
    sound = [one for one in wanted.lecturers if isinstance(one, LecturerStacks)]
    return Validation(
        files=tuple(tree.files),
        lecturers=len(wanted.lecturers),
        instances=sum(len(one.stacks) for one in sound),
        findings=(
            *registry.findings,
            *wanted.findings,
            *footprint_findings(registry),
            *life_findings(registry, shelf_of(registry)),
        ),
    )
