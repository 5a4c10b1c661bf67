"""What can go wrong with a forge, as sentences with a way out."""

from appstore.errors import AppstoreError, InvalidInput, Refused


class ForgeError(AppstoreError):
    """The forge did not do what it was asked for."""


class NoForge(InvalidInput):
    """Nothing in the environment says which forge, or with which token."""


class ForgeRefused(Refused):
    """The forge understood, and said no: not allowed, or the request has changed."""
