"""The credential for one cloud, from clouds.yaml or OS_*, as every OpenStack tool reads them."""

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from keystoneauth1.identity import v3
from keystoneauth1.identity.base import BaseIdentityPlugin

from appstore.cloud.errors import CloudError
from appstore.cloud.translate import shorten

if TYPE_CHECKING:
    from openstack.config import OpenStackConfig

# An application credential lives in one project and cannot ask for another (README of appstore,
# fact 6.1).
_BOUND = ("v3applicationcredential", "application_credential")


class Purpose(StrEnum):
    """What the credential is for: a plan or status only reads, an apply writes."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Password:
    """A user of Keystone who logs in with a password."""

    user_id: str | None
    username: str | None
    user_domain_id: str | None
    user_domain_name: str | None
    password: str = field(repr=False)

    def plugin(self, auth_url: str, project_id: str | None = None) -> v3.Password:
        """Fetches a token of this project, or an unscoped one."""
        return v3.Password(
            auth_url,
            password=self.password,
            username=self.username,
            user_id=self.user_id,
            user_domain_id=self.user_domain_id,
            user_domain_name=self.user_domain_name,
            project_id=project_id,
            unscoped=project_id is None,
        )


@dataclass(frozen=True, slots=True)
class Credential:
    """How to log in to one cloud; what is secret in it is left out of its text.

    `entry` is its name in clouds.yaml. `plugin` fetches the first token, unscoped where `password`
    is set. `bound` means that the credential serves one project only. `endpoint` overrides the
    catalog's.
    """

    cloud: str
    entry: str
    user: str
    auth_url: str
    plugin: BaseIdentityPlugin = field(repr=False)
    password: Password | None
    bound: bool
    region: str | None
    interface: str
    endpoint: str | None
    verify: bool | str
    cert: str | tuple[str, str] | None


def load_auth(cloud: str, purpose: Purpose) -> Credential:
    """The credential of `cloud`; nothing is sent yet.

    To read, the entry `<cloud>-plan` is preferred (least privilege). Without an entry the
    environment serves when OS_AUTH_URL is set. Raises CloudError naming what was looked for.
    """
    from keystoneauth1.exceptions import ClientException

    _spare_the_services()
    from openstack.config import OpenStackConfig
    from openstack.exceptions import ConfigException

    try:
        config = OpenStackConfig()
        entry = _entry(config, cloud, purpose)
        with warnings.catch_warnings():
            # openstacksdk 4.22 warns of its support for InfluxDB whatever the entry holds.
            warnings.simplefilter("ignore")
            region = config.get_one(cloud=entry)
        return _credential(cloud, entry, region)
    except CloudError:
        raise
    # A broken file comes as many classes; what YAML quotes of it may hold a password.
    except Exception as error:
        told = isinstance(error, ConfigException | ClientException)
        raise CloudError(
            f"The credential of cloud '{cloud}' cannot be read: "
            f"{shorten(str(error)) if told else type(error).__name__}.",
            f"Correct {_places()}.",
        ) from error


def _spare_the_services() -> None:
    """Let `openstack.config` be imported without the rest of the SDK.

    `import openstack` loads the client of every service, which is more than half of what a plan
    imports. A package that is found but not executed is enough to reach its `config`.
    """
    if "openstack" not in sys.modules and (found := find_spec("openstack")):
        sys.modules["openstack"] = module_from_spec(found)


def _entry(config: "OpenStackConfig", cloud: str, purpose: Purpose) -> str:
    names = config.get_cloud_names()
    wanted = [f"{cloud}-plan", cloud] if purpose is Purpose.READ else [cloud]
    for name in wanted:
        if name in names:
            return name
    if os.environ.get("OS_AUTH_URL"):
        return str(config.envvar_key)
    raise CloudError(
        f"There is no credential for cloud '{cloud}': no entry "
        f"{' or '.join(repr(name) for name in wanted)} in {_places()}, and OS_AUTH_URL is not set.",
        "Add the entry to clouds.yaml (OS_CLIENT_CONFIG_FILE may name the file), "
        "or source an openrc file.",
    )


def _places() -> str:
    from openstack.config import loader

    named = os.environ.get("OS_CLIENT_CONFIG_FILE")
    return named or ", ".join(path for path in loader.CONFIG_FILES if path.endswith(".yaml"))


# Any: a CloudRegion of openstacksdk, which is untyped to us.
def _credential(cloud: str, entry: str, region: Any) -> Credential:
    settings: dict[str, Any] = region.config["auth"]
    auth_type = str(region.config.get("auth_type") or "password")
    auth_url = _checked_url(str(settings.get("auth_url") or ""), entry)
    plugin: BaseIdentityPlugin = region.get_auth()
    password = None
    if auth_type in ("password", "v3password"):
        password = _password(settings, entry, cloud)
        # Unscoped: a cloud may forbid to rescope a token that has a project already.
        plugin = password.plugin(auth_url)
    verify, cert = region.get_requests_verify_args()
    user = settings.get("username") or settings.get("user_id")
    return Credential(
        cloud=cloud,
        entry=entry,
        user=f"user '{user}'" if user else f"the credential '{entry}'",
        auth_url=auth_url,
        plugin=plugin,
        password=password,
        bound=auth_type in _BOUND,
        region=region.get_region_name() or None,
        interface=region.get_interface("orchestration") or "public",
        endpoint=region.get_endpoint("orchestration"),
        verify=verify,
        cert=cert,
    )


# Any: values of a YAML file.
def _password(settings: Mapping[str, Any], entry: str, cloud: str) -> Password:
    def get(key: str) -> str | None:
        return str(settings[key]) if settings.get(key) else None

    password, user_id, username = get("password"), get("user_id"), get("username")
    if password is None or not (user_id or username):
        raise CloudError(
            f"Entry '{entry}' for cloud '{cloud}' lacks a user name or a password.",
            f"Complete {_places()}, or set OS_USERNAME and OS_PASSWORD.",
        )
    domain = (get("user_domain_id"), get("user_domain_name"))
    if not any(domain):
        domain = (get("default_domain_id"), get("default_domain_name"))
    return Password(user_id, username, *domain, password=password)


def _checked_url(url: str, entry: str) -> str:
    """The address of Keystone's v3 API; saves the discovery that generic plugins do."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CloudError(
            f"Entry '{entry}' has no usable auth_url.", "Write it as https://<host>:5000/v3."
        )
    if parts.username or parts.password:
        raise CloudError(
            f"The auth_url of entry '{entry}' holds a user or password; addresses get logged.",
            "Write them as username and password of the entry instead.",
        )
    base = url.rstrip("/").removesuffix("/v2.0")
    return base if base.endswith("/v3") else f"{base}/v3"
