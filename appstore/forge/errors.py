"""What can go wrong with a forge, as sentences with a way out."""

from appstore.errors import AppstoreError, InvalidInput, Refused

_LONGEST = 200


class ForgeError(AppstoreError):
    """The forge did not do what it was asked for."""


class ForgeRefused(Refused):
    """The forge understood and said no: the merge request is not as it was thought to be."""


class NoForge(InvalidInput):
    """Nothing says which forge, or there is no token for it."""


def failure(forge: str, doing: str, status: int, said: str, token_name: str) -> ForgeError:
    """What an HTTP status of the forge means for whoever runs the command.

    `doing` continues "could not": `read merge request 7`. `said` is the forge's own text.
    """
    if status == 401:
        return ForgeError(
            f"{forge} does not accept the token, so it could not {doing}.",
            f"Check {token_name}: it may have expired or belong to another server.",
        )
    if status == 429 or (status == 403 and "rate limit" in said.lower()):
        return ForgeError(
            f"{forge} asks to slow down and still does, so it could not {doing}.",
            "Run the same command again in some minutes.",
        )
    if status == 403:
        return ForgeError(
            f"The token may not {doing} on {forge}{_words(said)}",
            f"Give {token_name} that right, in CI by the permissions of the job.",
        )
    if status == 404:
        return ForgeError(
            f"{forge} could not {doing}: there is no such thing, or the token may not see it.",
            f"Check the number, the project, and what {token_name} may read.",
        )
    if status >= 500:
        return ForgeError(
            f"{forge} has a fault of its own ({status}), so it could not {doing}.",
            "Run the same command again; if it lasts, ask those who run the server.",
        )
    return ForgeError(
        f"{forge} could not {doing} ({status}){_words(said)}",
        "Look at the merge request there; then run the same command again.",
    )


def unreachable(forge: str, doing: str) -> ForgeError:
    """No answer at all, or one that broke off."""
    return ForgeError(
        f"{forge} cannot be reached or broke off, so it could not {doing}.",
        "Check the network and the address of its API; then run the same command again.",
    )


def undocumented(forge: str, doing: str) -> ForgeError:
    """An answer that no documentation describes, such as the HTML of a login page."""
    return ForgeError(
        f"{forge} answered in a form that its API does not have, so it could not {doing}.",
        "Check that the address is that of the API and that no proxy answers in its place.",
    )


def _words(said: str) -> str:
    """The forge's own words as the end of a sentence: one visible line, not long."""
    seen = "".join(c if c.isprintable() else " " for c in said).strip(" .")
    return f": {seen[:_LONGEST]}." if seen else "."
