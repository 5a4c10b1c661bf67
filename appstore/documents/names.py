"""The shapes of names: slugs, versions, ids; each is matched whole.

Digits are written `[0-9]`: `\\d` would let Arabic and other digits pass.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from appstore.documents.problems import wrong

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RESERVED_MEMBER = r"^(course|all|s[0-9]+|x[0-9]+)$"
TERM = r"^[a-z0-9][a-z0-9-]*$"
VERSION_NUMBER = r"^(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){2}$"
VERSION_REF = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*@(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){2}$"
DEPLOYMENT_ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(/[a-z][a-z0-9]*(-[a-z0-9]+)*)?$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
CourseName = Annotated[str, StringConstraints(pattern=SLUG, max_length=20)]
DeploymentName = CourseName
MemberName = Annotated[str, StringConstraints(pattern=SLUG, max_length=16)]
Term = Annotated[str, StringConstraints(pattern=TERM, max_length=20)]
OwnerId = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
VersionRef = Annotated[str, StringConstraints(pattern=VERSION_REF, max_length=58)]


def _parts_fit(text: str) -> str:
    if any(len(part) > 20 for part in text.split("/")):
        raise wrong(
            "document/too-long",
            "one of its parts is longer than 20 characters",
            "Course and deployment names have at most 20 characters each.",
        )
    return text


DeploymentId = Annotated[
    str, StringConstraints(pattern=DEPLOYMENT_ID, max_length=41), AfterValidator(_parts_fit)
]


def _not_a_person(text: str) -> str:
    if re.fullmatch(RESERVED_MEMBER, text):
        raise wrong(
            "course/reserved-member",
            f'cannot be "{text}", a name that the tool uses itself',
            'Numbered seats come from "seats: 30"; choose another pseudonym otherwise.',
        )
    if re.search(r"[0-9]{5}", text):
        raise wrong(
            "course/personal-data",
            "looks like a student number, and no personal data may be kept in git",
            'Use "seats: 30", or pseudonyms without long numbers.',
        )
    return text


def _no_personal_shape(text: object) -> object:
    """Runs before the slug pattern, to name the real reason."""
    if isinstance(text, str) and ("@" in text or re.search(r"\w[ .,_]+\w", text)):
        raise wrong(
            "course/personal-data",
            "looks like an e-mail address or a person's name, and no personal data may be kept "
            "in git",
            'Use "seats: 30", or pseudonyms such as "blue-fox".',
        )
    return text


Pseudonym = Annotated[
    MemberName, AfterValidator(_not_a_person), BeforeValidator(_no_personal_shape)
]
"""Stands for a person whom only the lecturer knows: no name, e-mail address, student number."""

GroupName = Annotated[MemberName, AfterValidator(_not_a_person)]
