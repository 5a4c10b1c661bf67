"""Every foreign error, translated once; status, Heat's error.type and request id are kept."""

from appstore.errors import AppstoreError, Refused


class CloudError(AppstoreError):
    """OpenStack answered with an error or did not answer.

    `status` is the HTTP status, `type` Heat's `error.type` (branch on it, never on text),
    `request_id` OpenStack's own id of the failed request; None where there is none.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int | None = None,
        type_: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.type = type_
        self.request_id = request_id


class Unreachable(CloudError):
    """No answer, or no sensible one, after the retries (network, DNS, TLS, 429, 5xx)."""


class NotAuthenticated(CloudError):
    """Keystone refused the credential (401)."""


class Forbidden(CloudError):
    """The credential may not do this (403)."""


class Missing(CloudError):
    """The thing does not exist (404)."""


class Conflict(CloudError):
    """The name is taken or something is in the way (409).

    `repeated` when the request was sent before and its answer lost: perhaps it is in its own way.
    """

    repeated = False


class Rejected(CloudError):
    """The request is invalid in OpenStack's eyes (400 and other 4xx)."""


class UnsafeCredential(CloudError, Refused):
    """The token holds `admin`, or is scoped to another project than the mapped one (rail 11)."""

    exit_code = 3
