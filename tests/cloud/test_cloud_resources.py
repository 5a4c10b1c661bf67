"""The failed leaves of a tree of nested stacks."""

from typing import Any

from appstore.cloud.heat import failed_leaves

ROOT = "http://heat/v1/p/stacks/root/id-root"
GROUP = "http://heat/v1/p/stacks/root-grp/id-grp"
MEMBER = "http://heat/v1/p/stacks/root-grp-1/id-member"


def _row(
    name: str, stack: str, *, nested: str | None = None, parent: str | None = None
) -> dict[str, Any]:
    links = [{"rel": "self", "href": f"{stack}/resources/{name}"}, {"rel": "stack", "href": stack}]
    if nested:
        links.append({"rel": "nested", "href": nested})
    row = {
        "resource_name": name,
        "resource_type": "OS::Nova::Server",
        "resource_status": "CREATE_FAILED",
        "resource_status_reason": "Quota exceeded",
        "physical_resource_id": None,
        "links": links,
    }
    return {**row, "parent_resource": parent} if parent else row


def test_only_leaves_count_and_their_path_leads_through_the_nested_stacks() -> None:
    rows = [
        _row("grp", ROOT, nested=GROUP),
        _row("1", GROUP, nested=MEMBER, parent="grp"),
        _row("server", MEMBER, parent="1"),
        _row("net", ROOT),
    ]
    leaves = failed_leaves(rows)
    assert [(leaf.path, leaf.stack_id) for leaf in leaves] == [
        ("grp/1/server", "id-member"),
        ("net", "id-root"),
    ]
    assert leaves[0].physical_id == ""


def test_a_holder_that_did_not_fail_itself_is_named_all_the_same() -> None:
    [leaf] = failed_leaves([_row("server", MEMBER, parent="1")])
    assert leaf.path == "1/server"
