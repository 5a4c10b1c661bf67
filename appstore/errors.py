"""The one root of every error that a person may see; the exit code stands on the class."""


class AppstoreError(Exception):
    """Something failed that the reader can do something about.

    `message` is one sentence for a lecturer or an admin, `hint` the next step (may be empty).
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidInput(AppstoreError):
    """What was typed or written cannot be used; nothing was done."""

    exit_code = 2


class Refused(AppstoreError):
    """The request is understood and may not be carried out."""

    exit_code = 3
