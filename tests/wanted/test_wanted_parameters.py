"""HOT parameters as JSON Schema, the contract on top of them, and a deployment's values."""

import json

import pytest
from wanted_samples import (
    CONTRACT,
    FILES,
    HEAT_PATH,
    LAB,
    Edits,
    edited,
    line_of,
    sample,
    stacks,
    tree,
)

from appstore.documents.findings import Finding
from appstore.wanted.compiled import CompiledVersion, compile_version
from appstore.wanted.contract import Rule
from appstore.wanted.spec import Logical, Plain, SecretRef
from appstore.wanted.stacks import HeldLecturer, HeldStack


def hot(parameter: str) -> dict[str, str]:
    """The sample with `p: {...}` among the template's parameters."""
    return edited(HEAT_PATH, "parameters:\n", f"parameters:\n  p: {parameter}\n")


def contract(parameter: str, edits: dict[str, str] | None = None) -> dict[str, str]:
    """Edits, and `p: {...}` among the contract's parameters."""
    return {
        **(edits or {}),
        **edited(CONTRACT, "parameters:\n", f"parameters:\n  p: {parameter}\n"),
    }


def value(written: str, edits: dict[str, str]) -> dict[str, str]:
    """Edits, and a deployment that sets `p`."""
    return {**edits, **edited(LAB, "parameters:\n", f"parameters:\n  p: {written}\n")}


def rule(edits: Edits) -> Rule:
    version = sample(edits).templates["web-lab"].versions["1.0.0"]
    compiled = compile_version(version, ("OS::*",))
    assert isinstance(compiled, CompiledVersion), compiled
    return compiled.rules["p"]


@pytest.mark.parametrize(
    ("parameter", "schema"),
    [
        ("{type: string}", {"type": "string"}),
        ("{type: number}", {"type": "number"}),
        ("{type: boolean}", {"type": "boolean"}),
        ("{type: comma_delimited_list}", {"type": "array", "items": {"type": "string"}}),
        ("{type: json}", {"type": ["object", "array"]}),
        (
            "{type: string, label: L, description: D, hidden: true, immutable: true}",
            {
                "type": "string",
                "title": "L",
                "description": "D",
                "writeOnly": True,
                "x-immutable": True,
            },
        ),
        (
            "{type: string, constraints: [{length: {min: 2, max: 3}, description: x}]}",
            {"type": "string", "minLength": 2, "maxLength": 3},
        ),
        (
            "{type: comma_delimited_list, constraints: [{length: {max: 3}}]}",
            {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        ),
        (
            "{type: json, constraints: [{length: {min: 1}}]}",
            {"type": ["object", "array"], "minProperties": 1, "minItems": 1},
        ),
        (
            "{type: number, constraints: [{range: {min: 1, max: 9}}, {range: {max: 5}}]}",
            {"type": "number", "minimum": 1, "maximum": 5},
        ),
        (
            "{type: number, constraints: [{modulo: {step: 5, offset: 2}}]}",
            {"type": "number", "x-modulo": {"step": 5, "offset": 2}},
        ),
        (
            "{type: string, constraints: [{allowed_values: [a, 1]}]}",
            {"type": "string", "enum": ["a", "1"]},
        ),
        (
            "{type: number, constraints: [{allowed_values: [1, '2']}]}",
            {"type": "number", "enum": [1, 2]},
        ),
        (
            "{type: comma_delimited_list, constraints: [{allowed_values: [a, b]}]}",
            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        ),
        (
            "{type: string, constraints: [{allowed_pattern: '[a-z]+'}, {allowed_pattern: 'a.*'}]}",
            {"type": "string", "pattern": "[a-z]+", "allOf": [{"pattern": "a.*"}]},
        ),
        (
            "{type: string, constraints: [{custom_constraint: nova.flavor}]}",
            {"type": "string", "x-openstack-constraint": "nova.flavor"},
        ),
    ],
)
def test_schema(parameter: str, schema: dict[str, object]) -> None:
    assert rule(hot(parameter)).hot.schema == schema


TEXT = hot("{type: string, constraints: [{allowed_pattern: '[a-z]+'}, {length: {max: 5}}]}")
NUMBER = hot("{type: number, constraints: [{range: {min: 1, max: 9}}]}")
STEPS = hot("{type: number, constraints: [{modulo: {step: 5, offset: 2}}]}")
BOOLEAN = hot("{type: boolean}")
NAMES = hot("{type: comma_delimited_list, constraints: [{allowed_values: [a, b]}]}")
JSON = hot("{type: json, constraints: [{length: {max: 1}}]}")


@pytest.mark.parametrize(
    ("edits", "written"),
    [
        (TEXT, "abc"),
        (NUMBER, "3"),
        (NUMBER, "2.5"),
        (NUMBER, "'3'"),
        (NUMBER, "'+3'"),
        (STEPS, "7"),
        (STEPS, "'12'"),
        (BOOLEAN, "true"),
        (BOOLEAN, "'off'"),
        (BOOLEAN, "'Yes'"),
        (NAMES, "[a, b]"),
        (NAMES, "'a,b'"),
        (NAMES, "''"),
        (JSON, "{a: [1]}"),
        (JSON, "[1]"),
        (JSON, "'[1]'"),
    ],
)
def test_a_value_that_fits_is_sent_as_written(edits: dict[str, str], written: str) -> None:
    all_edits = value(written, edits)
    parameter = stacks(all_edits_with_base(all_edits))["db1/lab/s01"].spec.parameters["p"]
    assert isinstance(parameter, Plain)
    assert json.dumps(parameter.value) == json.dumps(_plain(written))


def _plain(written: str) -> object:
    import yaml

    return yaml.safe_load(written)


def all_edits_with_base(edits: dict[str, str]) -> dict[str, str | None]:
    """Without the base, which would need the new parameter too."""
    return {**edits, "deployments/ada/net.yaml": None}


@pytest.mark.parametrize(
    ("edits", "written", "said"),
    [
        (TEXT, "ABC", "must match [a-z]+ from beginning to end"),
        (TEXT, '"abc\\n"', "must match"),
        (TEXT, "''", "must match"),
        (TEXT, "abcdef", "is too long; the most is 5"),
        (TEXT, "7", "must be a text; put it into quotes"),
        (TEXT, "true", "must be a text"),
        (NUMBER, "0", "must be at least 1"),
        (NUMBER, "'10'", "must be at most 9"),
        (NUMBER, "abc", "must be a number"),
        (NUMBER, "true", "must be a number"),
        (NUMBER, "'nan'", "must be a number"),
        (NUMBER, "'1e999'", "must be a number"),
        (NUMBER, f"'{'9' * 5000}'", "must be a number"),
        (NUMBER, "'\u0663'", "must be a number"),
        (STEPS, "8", "must be a multiple of 5 plus 2"),
        (BOOLEAN, "1", "must be true or false"),
        (BOOLEAN, "maybe", "must be true or false"),
        (NAMES, "[a, c]", "must be one of: a, b"),
        (NAMES, "'a, b'", "must be one of: a, b"),
        (NAMES, "'a,c'", "must be one of: a, b"),
        (NAMES, "[1]", "must be a text"),
        (NAMES, "{a: b}", "must be a list of texts"),
        (JSON, "[1, 2]", "is too long; the most is 1"),
        (JSON, "{a: 1, b: 2}", "is too long; the most is 1"),
        (JSON, "'{'", "must be a mapping or a list"),
        (JSON, "'[NaN]'", "must be a mapping or a list"),
        (JSON, f"'{'[' * 60_000}'", "must be a mapping or a list"),
        (JSON, "3", "must be a mapping or a list"),
    ],
)
def test_a_value_that_does_not_fit_is_found_at_its_line(
    edits: dict[str, str], written: str, said: str
) -> None:
    changed = value(written, edits)
    found = deployment_findings(all_edits_with_base(changed))
    assert [f.rule for f in found] == ["parameter/value"] * len(found) != []
    assert (found[0].path, found[0].line) == (LAB, line_of(LAB, "  p:", changed))
    assert said in found[0].message


def deployment_findings(edits: Edits) -> tuple[Finding, ...]:
    """The findings of parameters; if there are any, they hold the lecturer."""
    wanted = tree(edits)
    (lecturer,) = wanted.lecturers
    assert isinstance(lecturer, HeldLecturer) == bool(wanted.findings), wanted.findings
    return wanted.findings


def lab(old: str, new: str) -> Edits:
    return edited(LAB, old, new)


@pytest.mark.parametrize(
    ("rule_id", "edits", "text", "said"),
    [
        ("parameter/unknown", lab("  motd", "  modt"), "  modt", 'Did you mean "motd"?'),
        ("parameter/not-offered", lab("  motd: hello", "  workers: 3"), "  workers", "Remove"),
        ("parameter/missing", lab("  size: small\n", ""), "parameters", "Add size"),
        ("parameter/size", lab("small", "smal"), "  size", 'Did you mean "small"?'),
        ("parameter/size", lab("small", "m1.small"), "  size", "Possible: large, small"),
        ("parameter/size", lab("small", "3"), "  size", "Possible: large, small"),
        ("parameter/secret-in-git", lab("{secret: {from: env, key: root, version: 2}}", "hunter2"),
         "  password", "change the value"),
        ("parameter/not-secret", lab("motd: hello", "motd: {secret: {from: env, key: a}}"),
         "  motd", "hidden: true"),
        ("parameter/too-large", {
            **lab("motd: hello", "motd: hello\n  big: '" + "x" * 60_000 + "'"),
            HEAT_PATH: FILES[HEAT_PATH].replace("parameters:\n",
                "parameters:\n  big: {type: string, default: x}\n")
                + "  l: {value: {get_file: long.txt}}\n",
            "catalog/web-lab/1.0.0/long.txt": "x" * 950_000,
        }, "parameters", "download"),
    ],
)  # fmt: skip
def test_findings_of_a_deployment(rule_id: str, edits: Edits, text: str, said: str) -> None:
    (found,) = deployment_findings(edits)
    assert (found.rule, found.path, found.line) == (rule_id, LAB, line_of(LAB, text, edits))
    assert said in found.hint
    assert "hunter2" not in found.message + found.hint


def test_a_logical_name_is_resolved_on_the_lecturers_cloud() -> None:
    parameters = stacks()["db1/lab/s01"].spec.parameters
    assert parameters == {
        "motd": Plain("hello"),
        "password": SecretRef("env", "root", 2),
        "size": Logical("size", "small", "m1.small"),
        "workers": Plain(2),
    }
    assert stacks()["db1/lab/s01"].spec.hidden == {"password"}


def test_what_a_name_means_must_fit_the_template() -> None:
    edits = edited(HEAT_PATH, "size: {type: string}",
                   "size: {type: string, constraints: [{allowed_values: [m1.large]}]}")  # fmt: skip
    assert {f.rule for f in deployment_findings(edits)} == {"parameter/value"}


def test_a_parameter_that_nobody_sets_is_left_to_the_template() -> None:
    spec = stacks(lab("  motd: hello\n", ""))["db1/lab/s01"].spec
    assert "motd" not in spec.parameters


STRING = hot("{type: string, default: x, constraints: [{allowed_values: [x, y]}]}")


@pytest.mark.parametrize(
    ("presented", "written", "expected"),
    [
        ("{fixed: y}", None, Plain("y")),
        ("{default: y}", None, Plain("y")),
        ("{default: y}", "x", Plain("x")),
        ("{hidden: true}", None, None),
        ("{narrow: {enum: [x]}}", "x", Plain("x")),
    ],
)
def test_the_contract_sets(presented: str, written: str | None, expected: object) -> None:
    edits = contract(presented, STRING)
    if written is not None:
        edits = value(written, edits)
    assert stacks(edits)["db1/lab/s01"].spec.parameters.get("p") == expected


CONTRACT_CASES: list[tuple[str, Edits, str, str]] = [
    ("contract/parameter", contract("{}"), CONTRACT, "  p:"),
    ("contract/hidden", contract("{hidden: true}", TEXT), CONTRACT, "  p:"),
    ("contract/default", contract("{default: z}", STRING), CONTRACT, "  p:"),
    ("contract/default", contract("{fixed: z}", STRING), CONTRACT, "  p:"),
    ("contract/default", contract("{narrow: {enum: [y]}}", STRING), CONTRACT, "  p:"),
    ("contract/default", contract("{bind: size, default: 3}", TEXT), CONTRACT, "  p:"),
    (
        "contract/default",
        contract("{bind: size, default: small, narrow: {enum: [large]}}", TEXT),
        CONTRACT,
        "  p:",
    ),
    ("contract/empty-enum", contract("{narrow: {enum: [z]}}", STRING), CONTRACT, "  p:"),
    ("contract/bind", contract("{bind: size}", NUMBER), CONTRACT, "  p:"),
    ("contract/narrow", contract("{narrow: {minimum: 2}}", TEXT), CONTRACT, "  p:"),
    ("contract/narrow", contract("{bind: size, narrow: {maxLength: 3}}", TEXT), CONTRACT, "  p:"),
    (
        "contract/secret",
        contract("{default: hunter2}", hot("{type: string, hidden: true}")),
        CONTRACT,
        "  p:",
    ),
    ("contract/output", edited(CONTRACT, "output: address", "output: adress"), CONTRACT, "  web:"),
    ("hot/secret", hot("{type: string, hidden: true, default: hunter2}"), HEAT_PATH, "  p:"),
    ("hot/default", hot("{type: number, default: abc}"), HEAT_PATH, "  p:"),
    (
        "hot/default",
        hot("{type: number, default: 0, constraints: [{range: {min: 1}}]}"),
        HEAT_PATH,
        "  p:",
    ),
    ("hot/parameter", hot("{type: text}"), HEAT_PATH, "  p:"),
    ("hot/parameter", hot("x"), HEAT_PATH, "  p:"),
    (
        "hot/parameter",
        edited(HEAT_PATH, "parameters:\n", "parameters:\n  appstore_written: {type: json}\n"),
        HEAT_PATH,
        "  appstore_written",
    ),
    *(
        ("hot/constraint", hot(f"{{type: {type_}, constraints: [{one}]}}"), HEAT_PATH, "  p:")
        for type_, one in [
            ("string", "{range: {min: 1}}"),
            ("string", "{range: {min: 1}, length: {min: 1}}"),
            ("string", "{description: nothing}"),
            ("string", "{allowed_values: []}"),
            ("string", "{allowed_values: a}"),
            ("string", "{allowed_pattern: '(a+)+'}"),
            ("string", "{allowed_pattern: '['}"),
            ("string", "{length: {mini: 1}}"),
            ("string", "{length: {min: x}}"),
            ("string", "{made_up: 1}"),
            ("number", "{modulo: {step: 2, offset: 2}}"),
            ("number", "{modulo: {step: 0, offset: 0}}"),
            ("json", "{allowed_values: [1]}"),
            ("number", "{allowed_pattern: a}"),
            ("string", "a"),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "edits", "path", "text"), CONTRACT_CASES)
def test_findings_of_a_version_hold_its_instances(
    rule_id: str, edits: Edits, path: str, text: str
) -> None:
    wanted = tree(edits)
    found = {(f.rule, f.path, f.line) for f in wanted.findings}
    assert (rule_id, path, line_of(path, text, edits)) in found
    assert all(f.hint and "hunter2" not in f.message + f.hint for f in wanted.findings)
    (lecturer,) = wanted.lecturers
    assert not isinstance(lecturer, HeldLecturer)
    assert all(isinstance(stack, HeldStack) for stack in lecturer.stacks)


@pytest.mark.parametrize(
    ("edits", "narrow", "schema"),
    [
        (NUMBER, "{minimum: 3, maximum: 20}", {"type": "number", "minimum": 3, "maximum": 9}),
        (hot("{type: string}"), "{minLength: 2}", {"type": "string", "minLength": 2}),
        (
            NAMES,
            "{enum: [b, c], maxItems: 2}",
            {"type": "array", "items": {"type": "string", "enum": ["b"]}, "maxItems": 2},
        ),
    ],
)
def test_the_contract_only_narrows(
    edits: dict[str, str], narrow: str, schema: dict[str, object]
) -> None:
    assert rule(contract(f"{{narrow: {narrow}}}", edits)).schema == schema
