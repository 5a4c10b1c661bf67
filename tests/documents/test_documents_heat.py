"""The second reading: what we send is what Heat would have read, or there is a finding."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appstore.documents.parse import parse_heat
from appstore.documents.strict import HEAT, load


class HeatsLoader(yaml.CSafeLoader):
    """heatclient/common/template_format.py and Heat's own: timestamps stay text."""


HeatsLoader.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node)
)

DIFFERENT = [
    "no", "yes", "On", "off", "0777", "1_000", "0x1F", "0b1", "22:22", "1:30.5", "1e3", "1.5e3",
    "-.5", "=", "<<", ".nan", ".inf", "-.INF", "1_0.5", "9" * 19, "1" * 1000, "0_", "0x_",
    "1.0e+400", "-1_2:3",
]  # fmt: skip
SAME = [
    "m1.small", "1", "-3", "1.10", ".5", "1.5e+3", "true", "False", "~", "null", "2013-05-23",
    "2026-10-01 10:00:00", "08", "0o14", "y", "n", "10.0.0.0/24", "a=b", "OS::Nova::Server",
    "'no'", '"0777"', "-0.0", "+5", "1e400",
]  # fmt: skip


@pytest.mark.parametrize("text", DIFFERENT)
@pytest.mark.parametrize("place", ["a: {}\n", "a: [x, {}]\n", "{}: a\n"])
def test_a_scalar_that_heat_reads_differently_is_a_finding(text: str, place: str) -> None:
    loaded = load("heat.yaml", place.format(text).encode(), HEAT)
    assert loaded.value is None
    expected = "yaml/merge-key" if (text, place) == ("<<", "{}: a\n") else "yaml/ambiguous"
    assert [finding.rule for finding in loaded.findings] == [expected]


@pytest.mark.parametrize("text", SAME)
def test_other_scalars_are_read_as_heat_reads_them(text: str) -> None:
    source = f"a: {text}\n"
    loaded = load("heat.yaml", source.encode(), HEAT)
    assert loaded.findings == ()
    assert repr(loaded.value) == repr(yaml.load(source, HeatsLoader))


PLAIN = st.text(alphabet="0123456789+-._:eExXbBoO~=<ynfNYtrualsTFi", max_size=9)


@given(PLAIN, st.sampled_from(["a: {}\n", "a: [{}]\n", "a: {{b: {}}}\n", "a:\n  {}: 1\n"]))
def test_the_readings_agree_or_there_is_a_finding(text: str, place: str) -> None:
    source = place.format(text)
    loaded = load("heat.yaml", source.encode(), HEAT)
    assert loaded.findings or repr(loaded.value) == repr(yaml.load(source, HeatsLoader))


@given(st.text(alphabet="ab01:- \n[]{},'\"|>#\\nt.?", max_size=60))
def test_structure_is_read_alike(source: str) -> None:
    loaded = load("heat.yaml", source.encode(), HEAT)
    assert loaded.findings or repr(loaded.value) == repr(yaml.load(source, HeatsLoader))


def test_a_template_may_be_larger_and_deeper_than_our_documents() -> None:
    nested = "[" * 30 + "x" + "]" * 30
    many = "".join(f"k{n}: 'x{'y' * 30}'\n" for n in range(9_000))
    document = parse_heat("heat.yaml", f"a: {nested}\n{many}".encode())
    assert not isinstance(document, tuple)
    assert len(document.model) == 9_001


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"a: " + b"x" * 524_288, "yaml/too-large"),
        (b"a: " + b"[" * 41 + b"]" * 41, "yaml/too-deep"),
        (b"a: [" + b"1," * 20_000 + b"]", "yaml/too-many-values"),
        (b"a: &x 1\n", "yaml/anchor"),
    ],
)
def test_its_limits_still_hold(data: bytes, rule: str) -> None:
    findings = parse_heat("heat.yaml", data)
    assert isinstance(findings, tuple)
    assert [finding.rule for finding in findings] == [rule]
