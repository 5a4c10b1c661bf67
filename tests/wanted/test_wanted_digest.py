"""The spec digest: what changes it, what must not, and that a release changes none."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from wanted_samples import CONTRACT, FILES, HEAT_PATH, LAB, VERSION, Edits, edited, stacks

from appstore.documents.marks import JsonValue
from appstore.wanted.digest import canonical, content_digest, spec_digest
from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import Logical, Parameter, Plain, SecretRef

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())
S01 = str(InstanceId("db1", "lab", "s01"))


def digest(edits: Edits | None = None) -> str:
    return stacks(edits)[S01].spec.digest


def test_no_release_changes_a_digest() -> None:
    """See golden.py for what to do when this fails."""
    found = {id_: stack.spec.digest for id_, stack in stacks(GOLDEN["files"]).items()}
    assert found == GOLDEN["digests"]


def test_the_form_fits_a_tag() -> None:
    assert re.fullmatch(r"1\.[a-z2-7]{26}", digest())


def site(old: str, new: str) -> Edits:
    return edited("deployments/site.yaml", old, new)


@pytest.mark.parametrize(
    "edits",
    [
        {f"{VERSION}/README.md": "Other words.\n"},
        {f"{VERSION}/unused.bin": b"\xff\x00"},
        edited(LAB, "template:", "title: Lab\nretry: 3\nreset: {all: 2}\nprotect: true\ntemplate:"),
        edited(LAB, "  size: small\n  motd: hello\n", "  motd: hello\n  size: small\n"),
        site("m1.small", "m2.small"),
        site("debian-12", "debian-13"),
        edited(CONTRACT, "title: Greeting", "title: Hello"),
        edited("deployments/ada/db1/course.yaml", "2027-02-12", "2027-02-13"),
        edited(HEAT_PATH, "parameters:\n", "parameters:  # a comment\n"),
        edited(
            CONTRACT, "  workers:\n    hidden: true\n    default: 2\n", "  workers: {fixed: 2}\n"
        ),
    ],
)
def test_what_does_not_change_it(edits: Edits) -> None:
    assert digest(edits) == digest()


@pytest.mark.parametrize(
    "edits",
    [
        edited(HEAT_PATH, "network: lab", "network: lob"),
        {f"{VERSION}/init.sh": "#!/bin/sh\necho MOTD \n"},
        edited(LAB, "motd: hello", "motd: hallo"),
        edited(LAB, "size: small", "size: large"),
        edited(LAB, "version: 2", "version: 3"),
        edited(LAB, "key: root", "key: other"),
        edited(LAB, "from: env", "from: file"),
        edited(LAB, "template: web-lab@1.0.0\n",
               "template: web-lab@1.0.0\naccept_replace: web-lab@1.0.0\n"),
        edited(CONTRACT, "default: 2", "default: 3"),
        edited(CONTRACT, "timeout: 30", "timeout: 31"),
    ],
)  # fmt: skip
def test_what_changes_it(edits: Edits) -> None:
    assert digest(edits) != digest()


def test_a_name_that_means_the_same_is_another_name() -> None:
    both = site("large: m1.large", "large: m1.small")
    assert digest({**both, **edited(LAB, "size: small", "size: large")}) != digest(both)


def test_a_secret_reference_is_not_a_text_of_the_same_words() -> None:
    secret = spec_digest("", {"a": SecretRef("env", "k", 1)}, 5, False)
    written: JsonValue = {"secret": {"from": "env", "key": "k", "version": 1}}
    assert secret != spec_digest("", {"a": Plain(written)}, 5, False)


def test_the_order_of_a_template_does_not_matter() -> None:
    template = yaml.load(FILES[HEAT_PATH], yaml.BaseLoader)
    reordered = {key: template[key] for key in reversed(template)}
    assert content_digest(template, {}) == content_digest(reordered, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = st.text("abc", min_size=1, max_size=3)
PARAMETERS: st.SearchStrategy[dict[str, Parameter]] = st.dictionaries(
    NAMES,
    st.builds(Plain, JSON)
    | st.builds(Logical, st.sampled_from(["size", "image", "network"]), NAMES, st.text())
    | st.builds(SecretRef, st.sampled_from(["env", "file"]), NAMES, st.integers(1, 9)),
)


@settings(deadline=None)
@given(PARAMETERS, st.randoms(use_true_random=False))
def test_order_and_meaning_do_not_matter(parameters: dict[str, Parameter], random: object) -> None:
    names = list(parameters)
    random.shuffle(names)  # type: ignore[attr-defined]
    other = {
        name: Logical(parameter.kind, parameter.name, "elsewhere")
        if isinstance(parameter := parameters[name], Logical)
        else parameter
        for name in names
    }
    assert spec_digest("c", parameters, 5, False) == spec_digest("c", other, 5, False)


def identity(parameters: dict[str, Parameter]) -> str:
    """What must differ for the digest to differ, spelled out another way."""
    return repr(
        sorted(
            (name, type(p).__name__, p.kind + p.name if isinstance(p, Logical) else _repr(p))
            for name, p in parameters.items()
        )
    )


def _repr(parameter: Plain | SecretRef) -> str:
    return canonical(parameter.value) if isinstance(parameter, Plain) else repr(parameter)


@settings(max_examples=300, deadline=None)
@given(PARAMETERS, PARAMETERS)
def test_other_parameters_have_another_digest(
    one: dict[str, Parameter], two: dict[str, Parameter]
) -> None:
    same = spec_digest("c", one, 5, False) == spec_digest("c", two, 5, False)
    assert same == (identity(one) == identity(two))
