"""What `review --out` writes: may this merge request be merged, and who else has to look at it?

Other jobs show it and act on it; none of them trusts it: whoever merges decides again.
`format` grows when a reader of the former one would misread it.
"""

from typing import Annotated, Literal

from pydantic import Field

from appstore.documents.base import Model
from appstore.documents.plan_file import FileFinding

Strings = Annotated[tuple[str, ...], Field(strict=False)]


class NeededReview(Model):
    """One person who has to stand behind a change, and whether somebody of that role does."""

    role: Annotated[str, Field(description="Who can give it, such as admin of informatics.")]
    who: Annotated[Strings, Field(description="The accounts that have this role.")] = ()
    why: Annotated[str, Field(description="What it is needed for, in a sentence.")]
    rule: Annotated[str, Field(description="The rule that asks for it.")]
    path: Annotated[str, Field(description="The file that it is about.")]
    line: Annotated[int, Field(description="The line, 0 for the whole file.")]
    given_by: Annotated[Strings, Field(description="Who gave it; empty while it is missing.")] = ()


class ReviewedChange(Model):
    """One thing that the merge request does to a file."""

    path: Annotated[str, Field(description="The file.")]
    rule: Annotated[str, Field(description="The kind of change, such as change/reset.")]
    what: Annotated[str, Field(description="What it does, in a sentence.")]


class VersionSheet(Model):
    """What a reviewer of a new version should know, section by section."""

    version: Annotated[str, Field(description="The version, such as web-lab@1.1.0.")]
    before: Annotated[str | None, Field(description="The version it is compared with.")] = None
    changed: Annotated[Strings, Field(description="What differs from that version.")] = ()
    resource_types: Annotated[Strings, Field(description="Heat resource types it makes.")] = ()
    open_ports: Annotated[Strings, Field(description="Ports it opens, and to whom.")] = ()
    images: Annotated[Strings, Field(description="Images that its machines start from.")] = ()
    downloads: Annotated[Strings, Field(description="What its machines download.")] = ()
    footprint: Annotated[Strings, Field(description="What one instance takes of a quota.")] = ()
    lasting: Annotated[Strings, Field(description="What outlives its stack.")] = ()
    difference: Annotated[
        Strings, Field(description="The unified difference to that version, line by line.")
    ] = ()


class ReviewFile(Model):
    """The whole answer; `enough` is exit code 0, `missing` 3 and `invalid` 2."""

    format: Annotated[Literal["1"], Field(description="The format of this file.")]
    base: Annotated[str, Field(description="The commit that it goes onto.")]
    head: Annotated[str, Field(description="The commit that was reviewed.")]
    author: Annotated[str, Field(description="The account that proposes it.")]
    verdict: Annotated[
        Literal["enough", "missing", "invalid"],
        Field(description="May it be merged; or is a review missing; or is a file wrong."),
    ]
    tier: Annotated[
        Literal["small", "normal", "high"],
        Field(description="How much is at stake: small needs no person besides the author."),
    ]
    merge_alone: Annotated[
        bool, Field(description="Whether a machine may merge it without a person.")
    ]
    needs: Annotated[
        tuple[NeededReview, ...], Field(strict=False, description="The reviews that it needs.")
    ]
    changes: Annotated[tuple[ReviewedChange, ...], Field(strict=False, description="What it does.")]
    findings: Annotated[
        tuple[FileFinding, ...], Field(strict=False, description="What is wrong in files.")
    ]
    sheets: Annotated[
        tuple[VersionSheet, ...], Field(strict=False, description="One for each new version.")
    ] = ()
