"""`deployments/<lecturer>/lecturer.yaml`: who owns deployments and where they run."""

from typing import Annotated

from pydantic import Field

from appstore.documents.base import Language, Line, Model, Text
from appstore.documents.names import Slug


class Accounts(Model):
    """Forge accounts of the lecturer."""

    github: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    gitlab: Annotated[tuple[Line, ...], Field(strict=False)] = ()


class Lecturer(Model):
    """One lecturer: exactly one OpenStack project (name or id) of one cloud."""

    title: Text | None = None
    tenant: Slug
    cloud: Slug
    project: Line
    language: Language = "en"
    accounts: Accounts = Accounts()
