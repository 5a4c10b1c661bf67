"""libyaml's complaints in our own words."""

from yaml import MarkedYAMLError

from appstore.documents.findings import Finding
from appstore.documents.sayings import DIRECTIVE, Saying

_TAB = Saying(
    "yaml/tab",
    "A tab is used for indentation here.",
    "Use spaces; most editors can turn tabs into spaces.",
)
_QUOTE_IT = Saying(
    "yaml/syntax",
    "A value cannot begin with this character.",
    "Put quotes around the whole value.",
)
_COLON = Saying(
    "yaml/syntax",
    "A colon is not expected here.",
    "Check that this line and the one above it begin at the right column; "
    "put quotes around a text that holds a colon and a space.",
)
_INDENTATION = Saying(
    "yaml/syntax",
    "This does not fit to the lines above it.",
    "Lines of one list or mapping begin at the same column, and nothing follows a closing quote.",
)
_BRACKET = Saying(
    "yaml/syntax",
    "The bracket that opens here is not closed, or a comma is missing in it.",
    "Close it, or write the list with one '- ' per line.",
)
_OTHER = Saying(
    "yaml/syntax",
    "This is not valid YAML.",
    "Compare with the line above: indentation, quotes, brackets, 'key: value'.",
)

_NO_COLON = Saying(
    "yaml/syntax",
    "A line without a colon stands where 'key: value' is expected.",
    "Write 'key: value', or indent the line if it belongs to the text above.",
)
_OPEN_QUOTE = Saying(
    "yaml/syntax",
    "The quote that opens here is not closed.",
    "Add the closing quote.",
)
_ESCAPE = Saying(
    "yaml/syntax",
    "Inside double quotes a backslash has a meaning of its own, and this one has none.",
    "Use single quotes around the text, or write the backslash twice.",
)
_AFTER_THE_END = Saying(
    "yaml/second-document",
    "Something follows after the end of the document.",
    "Keep one document per file; delete the line '...'.",
)

# The first text that occurs in libyaml's context and problem decides.
_SAYINGS = (
    ("tab character", _TAB),
    ("directive", DIRECTIVE),
    ("incompatible YAML document", DIRECTIVE),
    ("cannot start any token", _QUOTE_IT),
    ("scanning an alias", _QUOTE_IT),
    ("scanning an anchor", _QUOTE_IT),
    ("scanning a tag", _QUOTE_IT),
    ("tag handle", _QUOTE_IT),
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", _NO_COLON),
    ("unexpected end of stream", _OPEN_QUOTE),
    ("escape", _ESCAPE),
    ("expected <document start>", _AFTER_THE_END),
    ("flow sequence", _BRACKET),
    ("flow mapping", _BRACKET),
    ("did not find expected", _INDENTATION),
    ("block sequence entries", _INDENTATION),
)
# Here one looks at the place where the construct began, not at the one where reading stopped.
_AT_ITS_START = (_BRACKET, _NO_COLON, _OPEN_QUOTE)


def syntax_finding(path: str, text: str, error: MarkedYAMLError) -> Finding:
    """The one finding of a text that the parser could not read to its end."""
    about = f"{error.context or ''} {error.problem or ''}"
    saying = next((saying for key, saying in _SAYINGS if key in about), _OTHER)
    mark = error.problem_mark or error.context_mark
    if saying in _AT_ITS_START and error.context_mark is not None:
        mark = error.context_mark
    if mark is None:
        return Finding(path, 1, 1, *_OTHER)
    line = text.split("\n")[mark.line] if mark.line <= text.count("\n") else ""
    if saying is _QUOTE_IT and line[mark.column : mark.column + 1] == "\t":
        saying = _TAB
    return Finding(path, mark.line + 1, mark.column + 1, *saying)
