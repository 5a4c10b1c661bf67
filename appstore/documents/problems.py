"""How a model says in our own words what is wrong with a value."""

from pydantic_core import PydanticCustomError


def wrong(rule: str, what: str, hint: str) -> PydanticCustomError:
    """An error to raise in a validator; the sentence is `"<field>" <what>.` with its way out.

    `explain` knows it by its type "own".
    """
    return PydanticCustomError("own", "{what}", {"rule": rule, "what": what, "hint": hint})
