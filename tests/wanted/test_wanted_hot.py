"""Every rule for HOT templates: one edit of the sample, the rule it breaks, and the line."""

import json

import pytest
from wanted_samples import FILES, HEAT_PATH, VERSION, Edits, edited, line_of, sample, stacks, tree

from appstore.wanted.stacks import HeldLecturer, HeldStack

SERVER = """
    type: OS::Nova::Server
    properties:
      image_update_policy: REPLACE
"""
NESTED = f"heat_template_version: 2021-04-16\nresources:\n  inner:{SERVER}"
NESTED_PATH = f"{VERSION}/parts/node.yaml"
BACKSLASH = "\\"


def add(resource: str) -> dict[str, str]:
    """The sample's template with one more resource."""
    return edited(HEAT_PATH, "resources:\n", f"resources:\n{resource}")


def nest(template: str, key: str = "parts/node.yaml") -> dict[str, str]:
    """The sample with a resource made of a nested template."""
    return {**add(f"  node: {{type: {key}}}\n"), f"{VERSION}/{key}": template}


def group(definition: str, count: object = 2) -> dict[str, str]:
    """The sample with a group."""
    return add(
        f"  many:\n    type: OS::Heat::ResourceGroup\n"
        f"    properties: {{count: {count}, resource_def: {definition}}}\n"
    )


def replaced(old: str, new: str) -> dict[str, str]:
    return edited(HEAT_PATH, old, new)


def file(argument: str) -> dict[str, str]:
    return replaced("{get_file: init.sh}", f"{{get_file: {argument}}}")


CASES: list[tuple[str, Edits, str, str]] = [
    # rule, edits, file, text of the line
    ("hot/version", replaced("2021-04-16", "2029-01-01"), HEAT_PATH, "heat_template_version"),
    ("hot/version", replaced("2021-04-16", "{a: b}"), HEAT_PATH, "heat_template_version"),
    (
        "hot/section",
        replaced("outputs:", "resource_registry: {}\noutputs:"),
        HEAT_PATH,
        "resource_r",
    ),
    (
        "hot/resources",
        {HEAT_PATH: "heat_template_version: 2021-04-16\nresources: {}\n"},
        HEAT_PATH,
        "resources",
    ),
    ("hot/missing-file", file("nothing.sh"), HEAT_PATH, "template: {get"),
    ("hot/file-outside", file("../../x.sh"), HEAT_PATH, "template: {get"),
    ("hot/file-outside", file("/etc/passwd"), HEAT_PATH, "template: {get"),
    ("hot/file-outside", file("file:///etc/passwd"), HEAT_PATH, "template: {get"),
    ("hot/file-outside", file("http://169.254.169.254/"), HEAT_PATH, "template: {get"),
    ("hot/file-outside", file(r"'..\x.sh'"), HEAT_PATH, "template: {get"),
    ("hot/dynamic-file", file("{get_param: motd}"), HEAT_PATH, "template: {get"),
    ("hot/dynamic-file", file("[init.sh]"), HEAT_PATH, "template: {get"),
    ("hot/binary-file", {f"{VERSION}/init.sh": b"\xff\xfe"}, HEAT_PATH, "template: {get"),
    ("hot/type", add("  odd: {type: {get_param: motd}}\n"), HEAT_PATH, "  odd"),
    ("hot/type", add("  odd: {type: odd}\n"), HEAT_PATH, "  odd"),
    ("hot/type", add("  odd: {type: http://evil/}\n"), HEAT_PATH, "  odd"),
    ("hot/file-outside", add("  odd: {type: http://evil/x.yaml}\n"), HEAT_PATH, "  odd"),
    ("hot/file-outside", add("  odd: {type: ../1.0.1/x.yaml}\n"), HEAT_PATH, "  odd"),
    ("hot/resource-type", add("  odd: {type: OS::Neutron::Net}\n"), HEAT_PATH, "  odd"),
    ("hot/resource-type", add("  odd: {type: OS::Heat::Stack}\n"), HEAT_PATH, "  odd"),
    ("hot/resource-type", add("  odd: {type: OS::Heat::ResourceChain}\n"), HEAT_PATH, "  odd"),
    ("hot/resource-type", group("{type: OS::Trove::Instance}"), HEAT_PATH, "    properties: {c"),
    ("hot/type", group("{get_param: motd}"), HEAT_PATH, "    properties: {c"),
    (
        "hot/remote-template",
        add("  odd: {type: OS::Heat::Value, properties: {template_url: x}}\n"),
        HEAT_PATH,
        "  odd",
    ),
    ("hot/resource-name", add("  'ser*': {type: OS::Heat::None}\n"), HEAT_PATH, "  'ser*'"),
    ("hot/resource-name", add("  hooks: {type: OS::Heat::None}\n"), HEAT_PATH, "  hooks"),
    ("hot/too-many-resources", group("{type: OS::Heat::None}", 10**6), HEAT_PATH, "resources:"),
    (
        "hot/image-update-policy",
        replaced("      image_update_policy: REPLACE\n", ""),
        HEAT_PATH,
        "    properties:\n      flavor",
    ),
    (
        "hot/image-update-policy",
        replaced("image_update_policy: REPLACE", "image_update_policy: {get_param: motd}"),
        HEAT_PATH,
        "      image_update_policy",
    ),
    (
        "hot/image-update-policy",
        group("{type: OS::Nova::Server}"),
        HEAT_PATH,
        "    properties: {count",
    ),
    (
        "hot/user-data-update-policy",
        replaced(
            "user_data_format: RAW", "user_data_format: RAW\n      user_data_update_policy: REBUILD"
        ),
        HEAT_PATH,
        "      user_data_update",
    ),
    (
        "hot/user-data-format",
        replaced("      user_data_format: RAW\n", ""),
        HEAT_PATH,
        "    properties:\n      flavor",
    ),
    (
        "hot/user-data-format",
        replaced("user_data_format: RAW", "user_data_format: SOFTWARE_CONFIG"),
        HEAT_PATH,
        "      user_data_format",
    ),
    (
        "yaml/character",
        {f"{VERSION}/init.sh": "#!/bin/sh\n: \u202e rm\n"},
        f"{VERSION}/init.sh",
        ": ",
    ),
    (
        "secret/literal",
        {f"{VERSION}/init.sh": "#!/bin/sh\nTOKEN=glpat-abcdefghij1234567890\n"},
        f"{VERSION}/init.sh",
        "TOKEN",
    ),
    (
        "hot/user-data-too-large",
        {f"{VERSION}/init.sh": "x" * 49_152},
        HEAT_PATH,
        "      user_data:",
    ),
    (
        "hot/too-large",
        {
            **add("  v: {type: OS::Heat::Value, properties: {value: {get_file: long.txt}}}\n"),
            f"{VERSION}/long.txt": "\n" * 600_000,
        },
        HEAT_PATH,
        "heat_template",
    ),
    (
        "hot/too-large",
        replaced("resources:\n", f"description: '{BACKSLASH * 270_000}'\nresources:\n"),
        HEAT_PATH,
        "heat_template",
    ),
    (
        "hot/image-update-policy",
        nest(NESTED.replace("REPLACE", "REBUILD")),
        NESTED_PATH,
        "      image",
    ),
    ("hot/version", nest("resources:\n  a: {type: OS::Heat::None}\n"), NESTED_PATH, "resources"),
    ("yaml/duplicate-key", nest(NESTED + "resources: {}\n"), NESTED_PATH, "resources: {}"),
    ("hot/template-cycle", nest(NESTED + "  x: {type: parts/node.yaml}\n"), NESTED_PATH, "  x:"),
    ("hot/missing-file", nest(NESTED + "  x: {type: other.yaml}\n"), NESTED_PATH, "  x:"),
]


@pytest.mark.parametrize(("rule", "edits", "path", "text"), CASES)
def test_an_edit_is_found_at_its_line(rule: str, edits: Edits, path: str, text: str) -> None:
    wanted = tree(edits)
    found = [(f.rule, f.path, f.line) for f in wanted.findings]
    assert (rule, path, line_of(path, text, edits)) in found
    (lecturer,) = wanted.lecturers
    assert not isinstance(lecturer, HeldLecturer), "a version is not the lecturer's mistake"
    assert all(isinstance(stack, HeldStack) for stack in lecturer.stacks)
    assert len(lecturer.stacks) == 5


def test_every_finding_has_a_hint() -> None:
    for _, edits, _, _ in CASES:
        assert all(finding.hint for finding in tree(edits).findings)


def test_nested_deeper_than_heat_allows() -> None:
    """Each level is a nested stack of its own, a group too."""

    def chain(length: int) -> dict[str, str]:
        files = {
            f"{VERSION}/n{level}.yaml": "heat_template_version: 2021-04-16\n"
            f"resources: {{x: {{type: n{level + 1}.yaml}}}}\n"
            for level in range(1, length)
        }
        return {**add("  x: {type: n1.yaml}\n"), **files, f"{VERSION}/n{length}.yaml": NESTED}

    assert not tree(chain(5)).findings
    assert [finding.rule for finding in tree(chain(6)).findings] == ["hot/too-deep"]


def test_many_templates_that_use_each_other_take_no_time() -> None:
    """Four levels of 200 references each would be 1.6 billion resources."""

    def level(number: int, inner: str) -> tuple[str, str]:
        used = "".join(f"  r{i}: {{type: {inner}}}\n" for i in range(200))
        return f"{VERSION}/n{number}.yaml", f"heat_template_version: 2021-04-16\nresources:\n{used}"

    levels = dict(level(i, f"n{i + 1}.yaml") for i in range(1, 4))
    last = level(4, "OS::Heat::None")
    edits = {**add("  x: {type: n1.yaml}\n"), **levels, last[0]: last[1]}
    assert [finding.rule for finding in tree(edits).findings] == ["hot/too-many-resources"]


@pytest.mark.parametrize("argument", ["init.sh", "parts/init.sh"])
def test_a_nested_template_names_files_from_the_version_folder(argument: str) -> None:
    server = SERVER + f"      user_data_format: RAW\n      user_data: {{get_file: {argument}}}\n"
    node = f"heat_template_version: 2021-04-16\nresources:\n  inner:{server}"
    edits = {**nest(node), f"{VERSION}/parts/init.sh": "echo\n", f"{VERSION}/init.sh": "x"}
    assert set(stacks(edits)["net"].spec.files) == {"init.sh", "parts/node.yaml", argument}
    wrong = tree({**edits, **nest(node.replace(argument, "./init.sh"))})
    assert [finding.rule for finding in wrong.findings] == ["hot/missing-file"]
    assert 'write "parts/init.sh"' in wrong.findings[0].hint


def test_only_the_closure_is_sent_byte_for_byte() -> None:
    edits = {**nest(NESTED), f"{VERSION}/init.sh": "a\r\nb\n\n"}
    spec = stacks(edits)["net"].spec
    assert dict(spec.files) == {"init.sh": "a\r\nb\n\n", "parts/node.yaml": NESTED}
    assert spec.template == sample(edits).templates["web-lab"].versions["1.0.0"].heat.model


GUARD = {"restricted_actions": "replace"}


@pytest.mark.parametrize(
    ("edits", "more"),
    [
        ({}, {}),
        (add("  plain: {type: OS::Heat::None}\n"), {}),
        (nest(NESTED), {"node": {"inner": GUARD}}),
        (group("{type: OS::Cinder::Volume}"), {"many": {"*": GUARD}}),
        (
            {**group("{type: parts/node.yaml}"), NESTED_PATH: NESTED},
            {"many": {"*": {"inner": GUARD}}},
        ),
        (
            group(
                "{type: OS::Heat::ResourceGroup, properties: "
                "{resource_def: {type: OS::Cinder::Volume}}}"
            ),
            {"many": {"*": {"*": GUARD}}},
        ),
        (
            add(
                "  many: {type: OS::Heat::AutoScalingGroup, properties: "
                "{max_size: 2, min_size: 1, resource: {type: OS::Cinder::Volume}}}\n"
            ),
            {"many": {"*": GUARD}},
        ),
        (group("{type: OS::Heat::None}"), {}),
    ],
)
def test_servers_and_volumes_are_guarded_wherever_they_lie(
    edits: Edits, more: dict[str, object]
) -> None:
    spec = stacks(edits)["db1/lab/s01"].spec
    assert spec.restrictions == {"server": GUARD, "disk": GUARD, **more}


def test_a_listed_type_needs_its_own_name_when_it_hides_resources() -> None:
    site = FILES["deployments/site.yaml"].replace('"OS::Heat::*"', '"OS::Heat::*", OS::Heat::Stack')
    edits = {**add("  odd: {type: OS::Heat::Stack}\n"), "deployments/site.yaml": site}
    assert not tree(edits).findings


def test_conditions_and_pseudo_parameters_are_allowed() -> None:
    edits = add(
        "  v:\n    type: OS::Heat::Value\n    condition: big\n"
        "    properties: {value: {get_param: OS::stack_id}}\n"
    )
    edits[HEAT_PATH] += "conditions: {big: {equals: [{get_param: motd}, big]}}\n"
    assert not tree(edits).findings


def test_what_is_sent_is_json() -> None:
    json.dumps(stacks()["net"].spec.template)
