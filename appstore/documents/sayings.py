"""What the strict loader says of each mistake, in our own words."""

from typing import NamedTuple

from appstore.documents.text import quoted


class Saying(NamedTuple):
    """The words of a finding, as in `Finding`."""

    rule: str
    message: str
    hint: str


_SHOW_PAIRS = "Write 'key: value' lines; the README shows an example."

EMPTY = Saying("yaml/empty", "The file is empty.", _SHOW_PAIRS)
ONLY_A_LIST = Saying("yaml/not-a-mapping", "The file holds a list.", _SHOW_PAIRS)
ONLY_A_VALUE = Saying("yaml/not-a-mapping", "The file holds a single value.", _SHOW_PAIRS)
DIRECTIVE = Saying(
    "yaml/directive",
    "Lines that begin with % are not used here.",
    "Delete the line.",
)
SECOND_DOCUMENT = Saying(
    "yaml/second-document",
    "A second document begins here.",
    "Keep one document per file; delete the line '---' or move what follows.",
)
UNREADABLE = Saying("yaml/syntax", "This is not valid YAML.", "Check the whole file.")
ANCHOR = Saying(
    "yaml/anchor",
    "Anchors (&name) and aliases (*name) are not used here.",
    "Write the value out, or put quotes around a text that begins with & or *.",
)
TAG = Saying(
    "yaml/tag",
    "Tags (a word that begins with !) are not used here.",
    "Delete the tag, or put quotes around a text that begins with !.",
)
MERGE_KEY = Saying(
    "yaml/merge-key",
    "The merge key << is not used here.",
    "Write the values out.",
)
AMBIGUOUS_VALUE = Saying(
    "yaml/ambiguous",
    "Heat and people may read this value differently without quotes.",
    "Put quotes around it if it is a text, as a number write it in plain digits, "
    "and as a switch write true or false.",
)
NOT_A_KEY = Saying("yaml/key", "A key must be a single text.", "Write 'key: value' pairs.")
NO_KEY = Saying("yaml/key", "A key is missing before the colon.", "Write 'key: value'.")


def key_not_text(key: str) -> Saying:
    """A plain key that YAML reads as a number or a switch."""
    return Saying("yaml/key", "This key is not a text.", f"Put quotes around it: {quoted(key)}.")


def duplicate_key(key: str, first: int, second: int) -> Saying:
    """`first` and `second` are lines."""
    return Saying(
        "yaml/duplicate-key",
        f"{quoted(key)} is written twice, in line {first} and in line {second}.",
        "Keep one of the two lines.",
    )


def hidden_character(name: str) -> Saying:
    """An escape brings in what nobody could see."""
    return Saying(
        "yaml/character",
        f"An escape in this text means the character {name}, which one cannot see.",
        "Delete the escape.",
    )


def too_many_values(most: int) -> Saying:
    """`most` is the limit."""
    return Saying(
        "yaml/too-many-values",
        f"The file holds more than {most} values.",
        "Split it into several files.",
    )


def too_deep(most: int) -> Saying:
    """`most` is the limit."""
    return Saying(
        "yaml/too-deep",
        f"Values are nested more than {most} levels deep here.",
        "Write it flatter.",
    )
