"""What Heat, Nova and Neutron say when something fails, in a lecturer's words.

Every row is made from a text that was really seen (README of appstore, fact 7.1); the tests
hold those texts. A text that no row knows is passed on as it is.
"""

import re
from dataclasses import dataclass
from typing import Literal

Owner = Literal["lecturer", "admin", "openstack-admin"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure for its reader: one sentence, who acts next, and what to do.

    `known` is False for a text that is only passed on.
    """

    reason: str
    owner: Owner
    next_step: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: re.Pattern[str]
    reason: str
    owner: Owner
    next_step: str


def _row(pattern: str, reason: str, owner: Owner, next_step: str) -> _Row:
    return _Row(re.compile(pattern, re.DOTALL), reason, owner, next_step)


_QUOTA = (
    "Use a smaller size or fewer seats, end what is no longer needed, "
    "or ask your OpenStack admin for a higher quota; then run apply again."
)
_KEPT = (
    "Take the change back, and the next apply puts the instance in order again; if that is refused "
    "too, or if what is on it may be lost, reset the instance or write "
    "`accept_replace: <name@version>` into the deployment."
)
_SITE = (
    "Ask an admin to correct the logical name in deployments/site.yaml; "
    "a name that the template itself holds needs a new version of it."
)
_VERSION = "Correct it in a new version of the template and use that version."

_ROWS = (
    _row(
        r"ResourceActionRestricted: resources\.(?P<name>\S+): ",
        "Heat would have to replace '{name}', which is forbidden; nothing was changed on it.",
        "lecturer",
        _KEPT,
    ),
    _row(
        r"ResourceActionRestricted|(?:replace|update) is restricted for resource",
        "Heat would have to replace the server or volume; nothing was changed on it.",
        "lecturer",
        _KEPT,
    ),
    _row(
        # Nova names all that are short: cores, ram: Requested 4, 8192, but already used 1, 512 of …
        r"Quota exceeded for (?P<what>\w+(?:, \w+)+): Requested (?P<asked>[\d, ]+), "
        r"but already used (?P<used>[\d, ]+) of (?P<limit>\d+(?:, \d+)+)",
        "The project's quotas for {what} are used up: {used} of {limit} are in use, "
        "{asked} more are needed.",
        "lecturer",
        _QUOTA,
    ),
    _row(
        r"Quota exceeded for (?P<what>\w+): Requested (?P<asked>\d+), "
        r"but already used (?P<used>\d+) of (?P<limit>\d+)",
        "The project's quota for {what} is used up: {used} of {limit} are in use, "
        "{asked} more are needed.",
        "lecturer",
        _QUOTA,
    ),
    _row(
        r"Quota exceeded for resources: \[(?P<what>[^\]]*)\]",
        "The project's quota for {what} is used up.",
        "lecturer",
        "End what is no longer needed, or ask your OpenStack admin for a higher quota; "
        "then run apply again.",
    ),
    _row(
        r"maximum stacks per tenant, (?P<limit>\d+)",
        "The project has reached the {limit} stacks that this cloud allows.",
        "lecturer",
        "End deployments that are no longer needed, "
        "or ask your OpenStack admin for a higher limit.",
    ),
    _row(
        r"No valid host was found",
        "The cloud found no machine with room for this server.",
        "openstack-admin",
        "Use a smaller size, or ask your OpenStack admin which sizes have room; then retry.",
    ),
    _row(
        r"No images matching \{'name': '(?P<name>[^']*)'\}",
        "The cloud has no image named '{name}'.",
        "admin",
        _SITE,
    ),
    _row(
        r"No Flavor matching \{'name': '(?P<name>[^']*)'\}",
        "The cloud has no size named '{name}'.",
        "admin",
        _SITE,
    ),
    _row(
        r"Unable to find network with name or id '(?P<name>[^']*)'",
        "The cloud has no network named '{name}' that this project may use.",
        "admin",
        "Check that the project's base is applied; else " + _SITE[0].lower() + _SITE[1:],
    ),
    _row(
        r"The Key \((?P<name>[^)]*)\) could not be found",
        "The project has no key pair named '{name}'.",
        "lecturer",
        "Make the key pair in the project, or name one that exists.",
    ),
    _row(
        r"The Resource Type \((?P<name>[^)]*)\) could not be found",
        "This cloud does not know the resource type {name}.",
        "lecturer",
        "Use a version of the template without it, or a cloud that has this service.",
    ),
    _row(
        r"Duplicate names \{(?P<names>[^}]*)\}",
        "The template uses one name for a parameter and for a resource: {names}.",
        "lecturer",
        _VERSION,
    ),
    _row(
        r"The Parameter \((?P<name>[^)]*)\) was not provided",
        "The template needs a value for the parameter '{name}'.",
        "lecturer",
        "Write it under `parameters:` of the deployment.",
    ),
    _row(
        r"The Parameter \((?P<name>[^)]*)\) was not defined in template",
        "The template knows no parameter '{name}'.",
        "lecturer",
        "Remove it from `parameters:` of the deployment.",
    ),
    _row(
        r"Parameter '(?P<name>[^']*)' is invalid: (?P<why>.*)",
        "The value of the parameter '{name}' is not allowed: {why}",
        "lecturer",
        "Correct it under `parameters:` of the deployment.",
    ),
    _row(
        r"parameters are immutable and may not be updated: (?P<names>.*)",
        "These parameters cannot change while the instance lives: {names}",
        "lecturer",
        "Take the change back, or reset the instance, which builds it anew.",
    ),
    _row(
        r"JSON body size .* exceeds maximum|Template size .* exceeds",
        "The template with its files is larger than this cloud accepts.",
        "lecturer",
        _VERSION,
    ),
    _row(
        r"External network \S+ is not reachable from subnet",
        "The floating IP cannot reach the instance: no router joins its network to the outside.",
        "lecturer",
        "Let the floating IP of the template depend on the router's interface, "
        "or attach to the network of the project's base.",
    ),
    _row(
        r"Cannot update the fixed_ips of the port (?P<id>\S+), because its original fixed_ip has "
        r"been associated to",
        "The address of a port cannot change while a floating IP points to it.",
        "lecturer",
        "Take the change back, and the next apply puts the instance in order again; "
        "or reset the instance, which builds it anew.",
    ),
    _row(
        r"Requested subnet with cidr: (?P<cidr>\S+) for network: \S+ overlaps with another subnet",
        "The address range {cidr} is already in use on this network.",
        "lecturer",
        "Choose another address range; if the instance had this one before, reset it.",
    ),
    _row(
        r"operation on subnet (?P<id>\S+): One or more ports have an IP allocation",
        "Something that is not part of this instance still uses its subnet {id}.",
        "lecturer",
        "Remove the foreign server or port from that subnet; the next run deletes again.",
    ),
    _row(
        r"Router interface for subnet (?P<id>\S+) on router \S+ cannot be deleted, "
        r"as it is required by one or more floating IPs",
        "A floating IP that is not part of this instance still uses its subnet {id}.",
        "lecturer",
        "Release that floating IP; the next run deletes again.",
    ),
    _row(
        r"State \('\w+', '\w+'\) invalid for (?P<action>suspend|resume)",
        "Heat cannot {action} this instance from the state that it is in.",
        "lecturer",
        "Run apply again, which tries to heal it; if it fails again, reset the instance.",
    ),
    _row(
        r"Cannot '(?P<action>\w+)' instance \S+ while it is in vm_state (?P<state>\w+)",
        "The server is {state}, and in that state Nova does not allow: {action}.",
        "lecturer",
        "Start the server in the OpenStack dashboard, then run apply again.",
    ),
    _row(
        r"Updating a stack when it is suspended is not supported",
        "The instance was put to sleep by somebody else before it could be updated.",
        "lecturer",
        "Run apply again.",
    ),
    _row(
        r"Updating a stack when it is deleting is not supported",
        "The instance is being deleted.",
        "lecturer",
        "Run apply again when it is gone.",
    ),
    _row(
        r"Delegated tokens cannot manage trusts|Access was denied to this resource",
        "The credential of this run may not create stacks here; "
        "an application credential never may.",
        "admin",
        "Give the service user the roles member and heat_stack_owner in this project, "
        "and let apply log in with a password or OIDC.",
    ),
)


def explain(text: str) -> Explanation:
    """What a failure text of OpenStack means; an unknown one is passed on as it is."""
    for row in _ROWS:
        if match := row.pattern.search(text):
            named = match.groupdict()
            if "what" in named:
                named["what"] = ", ".join(map(_words, named["what"].split(", ")))
            return Explanation(row.reason.format(**named), row.owner, row.next_step)
    return Explanation(
        text.strip() or "OpenStack gave no reason.",
        "lecturer",
        "Read the reason, correct what it names and run apply again; "
        "show it to your OpenStack admin if it does not help.",
        known=False,
    )


_QUOTAS = {
    "instances": "servers",
    "ram": "memory in MB",
    "floatingip": "floating IPs",
    "network": "networks",
    "subnet": "subnets",
    "port": "ports",
    "router": "routers",
    "security_group": "security groups",
    "security_group_rule": "security group rules",
}
"""How people call what Nova and Neutron count."""


def _words(counted: str) -> str:
    name = counted.strip("'")
    return _QUOTAS.get(name, name)


def forbidden(text: str) -> bool:
    """Whether Heat refused what we told it not to do: the same request is refused for ever."""
    return "ResourceActionRestricted" in text


def told(text: str) -> str:
    """A failure text of OpenStack as a sentence for lecturers."""
    return explain(text).reason
