"""`deployments/<lecturer>/lecturer.yaml`: who owns deployments and where they run."""

from typing import Annotated

from pydantic import Field

from appstore.documents.base import Account, Language, Line, Model, Text
from appstore.documents.names import Slug


class Accounts(Model):
    """Forge accounts of the lecturer."""

    github: Annotated[
        tuple[Account, ...], Field(strict=False, description="User names on GitHub, without @.")
    ] = ()
    gitlab: Annotated[
        tuple[Account, ...], Field(strict=False, description="User names on GitLab, without @.")
    ] = ()


class Lecturer(Model):
    """One lecturer: exactly one OpenStack project (name or id) of one cloud."""

    title: Annotated[
        Text | None, Field(description="How the lecturer or the team is shown to others.")
    ] = None
    tenant: Annotated[Slug, Field(description="The location or faculty, a key of site.yaml.")]
    cloud: Annotated[Slug, Field(description="The cloud to deploy to, a key of site.yaml.")]
    project: Annotated[
        Line, Field(description="Name or id of the lecturer's own OpenStack project.")
    ]
    language: Annotated[
        Language, Field(description="Two letters: the language of notes and pages, such as de.")
    ] = "en"
    accounts: Annotated[
        Accounts, Field(description="Who may change the files of this lecturer's folder.")
    ] = Accounts()
