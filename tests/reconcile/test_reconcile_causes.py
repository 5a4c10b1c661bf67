"""Failure texts that were really seen (README of appstore, fact 7.1) and what they become."""

import pytest

from appstore.reconcile.causes import explain
from appstore.reconcile.failure_texts import request_id, without_secrets

RID = "req-0b0f2a3e-8c1d-4f5a-9b7e-2d6c1a9e4f01"

SEEN = [
    # source text, what the sentence says, who acts
    (
        "Property error: resources.srv.properties.image: Error validating value 'nope': "
        "No images matching {'name': 'nope'}.",
        "no image named 'nope'",
        "admin",
    ),
    (
        "Property error: resources.srv.properties.flavor: Error validating value 'nope': "
        "No Flavor matching {'name': 'nope'}. (HTTP 404)",
        "no size named 'nope'",
        "admin",
    ),
    (
        "Property error: resources.s.properties.networks[0].network: Error validating value "
        "'no-such-net': Unable to find network with name or id 'no-such-net'",
        "no network named 'no-such-net'",
        "admin",
    ),
    (
        "Property error: resources.f.properties.floating_network: Error validating value 'nonet': "
        "Unable to find network with name or id 'nonet'",
        "no network named 'nonet'",
        "admin",
    ),
    (
        "Property error: resources.s.properties.key_name: Error validating value 'nokey': "
        "The Key (nokey) could not be found.",
        "no key pair named 'nokey'",
        "lecturer",
    ),
    ("The Resource Type (OS::No::Such) could not be found.", "OS::No::Such", "lecturer"),
    ("Duplicate names {'net'}", "for a resource: 'net'", "lecturer"),
    ("Parameter 'x' is invalid: only a or b", "not allowed: only a or b", "lecturer"),
    ("The Parameter (x) was not provided.", "needs a value for the parameter 'x'", "lecturer"),
    ("The Parameter (nope) was not defined in template.", "no parameter 'nope'", "lecturer"),
    (
        "The following parameters are immutable and may not be updated: x",
        "while the instance lives: x",
        "lecturer",
    ),
    (
        "You have reached the maximum stacks per tenant, 512. Please delete some stacks.",
        "reached the 512 stacks",
        "lecturer",
    ),
    ("JSON body size (1100000 bytes) exceeds maximum allowed size", "larger than", "lecturer"),
    ("Template size (600000 bytes) exceeds maximum allowed size", "larger than", "lecturer"),
    (
        f"Forbidden: resources.srv: Quota exceeded for cores: Requested 4, but already used 0 of 1 "
        f"cores (HTTP 403) (Request-ID: {RID})",
        "quota for cores is used up: 0 of 1 are in use, 4 more",
        "lecturer",
    ),
    (
        "Forbidden: resources.grp.resources[1]: Quota exceeded for cores: Requested 1, but already "
        "used 1 of 1 cores (HTTP 403)",
        "1 of 1 are in use",
        "lecturer",
    ),
    (
        "Forbidden: resources.srv: Quota exceeded for ram: Requested 512, but already used 0 of "
        "100 ram (HTTP 403)",
        "quota for memory in MB",
        "lecturer",
    ),
    (
        "Forbidden: resources.srv: Quota exceeded for cores, ram: Requested 4, 8192, but already "
        "used 1, 512 of 2, 1024 cores, ram (HTTP 403)",
        "quotas for cores, memory in MB are used up: 1, 512 of 2, 1024 are in use, 4, 8192 more",
        "lecturer",
    ),
    (
        "BadRequest: resources.port: Bad port request: Cannot update the fixed_ips of the port "
        "5bd7, because its original fixed_ip has been associated to a floating IP.\nNeutron",
        "while a floating IP points to it",
        "lecturer",
    ),
    (
        "OverQuotaClient: resources.f: Quota exceeded for resources: ['floatingip'].\n"
        f"Neutron server returns request_ids: ['{RID}']",
        "quota for floating IPs is used up",
        "lecturer",
    ),
    (
        'ResourceInError: resources.srv: Went to status ERROR due to "Message: No valid host was '
        'found. , Code: 500"',
        "no machine with room",
        "openstack-admin",
    ),
    (
        "NotFound: resources.f: External network 4f2a is not reachable from subnet 77af.  "
        "Therefore, cannot associate Port 12 with a Floating IP.\nNeutron server returns",
        "no router joins its network",
        "lecturer",
    ),
    (
        "BadRequest: resources.s2: Invalid input for operation: Requested subnet with cidr: "
        "10.1.0.0/24 for network: 4f2a overlaps with another subnet.\nNeutron",
        "10.1.0.0/24 is already in use",
        "lecturer",
    ),
    (
        "Resource DELETE failed: Conflict: resources.sub: Unable to complete operation on subnet "
        "77af: One or more ports have an IP allocation from this subnet.\nNeutron",
        "still uses its subnet 77af",
        "lecturer",
    ),
    (
        "Conflict: resources.ri: Router interface for subnet 77af on router 12 cannot be deleted, "
        "as it is required by one or more floating IPs.\n",
        "floating IP that is not part of this instance",
        "lecturer",
    ),
    (
        "Resource UPDATE failed: ResourceActionRestricted: resources.grp.resources[1]: replace is "
        "restricted for resource.",
        "would have to replace 'grp.resources[1]'",
        "lecturer",
    ),
    (
        "Resource RESUME failed: Error: resources.sg: State ('CREATE', 'COMPLETE') invalid for "
        "resume",
        "cannot resume",
        "lecturer",
    ),
    (
        "Error: resources.tr: State ('UPDATE', 'IN_PROGRESS') invalid for suspend",
        "cannot suspend",
        "lecturer",
    ),
    (
        "Conflict: resources.srv: Cannot 'detach_interface' instance 12 while it is in vm_state "
        "suspended (HTTP 409)",
        "The server is suspended",
        "lecturer",
    ),
    (
        "Conflict: resources.srv: Cannot 'resize' instance 12 while it is in vm_state "
        "shelved_offloaded (HTTP 409)",
        "The server is shelved_offloaded",
        "lecturer",
    ),
    ("Updating a stack when it is suspended is not supported.", "put to sleep", "lecturer"),
    ("Updating a stack when it is deleting is not supported.", "being deleted", "lecturer"),
    ("Access was denied to this resource.", "may not create stacks", "admin"),
    (
        "You are not authorized to perform the requested action: Delegated tokens cannot manage "
        "trusts.. (HTTP 403)",
        "application credential",
        "admin",
    ),
]


@pytest.mark.parametrize(("text", "says", "owner"), SEEN, ids=[text[:40] for text, _, _ in SEEN])
def test_a_text_that_was_seen_is_explained(text: str, says: str, owner: str) -> None:
    why = explain(text)
    assert why.known
    assert says in why.reason
    assert why.owner == owner
    assert why.next_step.endswith(".")
    assert why.reason[0].isupper()


def test_an_unknown_text_is_passed_on_and_an_empty_one_is_named() -> None:
    assert explain(" the moon\nfell ").reason == "the moon\nfell"
    assert not explain("the moon fell").known
    assert explain("").reason == "OpenStack gave no reason."


def test_the_braces_of_a_text_are_text() -> None:
    assert "{asked}" in explain("Parameter 'x' is invalid: {asked}").reason


@pytest.mark.parametrize(
    ("text", "found"), [(f"(Request-ID: {RID})", RID), ("req-12", ""), ("", "")]
)
def test_request_id(text: str, found: str) -> None:
    assert request_id(text) == found


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("value 'hunter22' is bad", ["hunter22"], "value '(secret)' is bad"),
        ("abcdef abcd", ["abcd", "abcdef"], "(secret) (secret)"),
        ("a 'line\\nbreak' here", ["line\nbreak"], "a '(secret)' here"),
        ("no valid host", ["a", ""], "no valid host"),
        ("token gAAAAABn0123456789_abcdefghij== failed", [], "token (token) failed"),
    ],
)
def test_without_secrets(text: str, secrets: list[str], shown: str) -> None:
    assert without_secrets(text, secrets) == shown
