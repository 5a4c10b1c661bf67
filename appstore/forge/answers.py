"""What both adapters expect of an answer: their libraries hand on whatever the server said."""

ODD = (ValueError, TypeError, AttributeError, KeyError, AssertionError, RuntimeError)
"""What an answer of another shape leads to: the libraries and the adapters trust it."""


def a_text(value: object) -> str:
    """The text that has to be there; raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value
