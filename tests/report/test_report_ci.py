"""Findings for CI: GitHub's commands, JUnit XML, and the counts of GitLab's widget."""

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_hostile import HOSTILE, hostile_text

from appstore.documents.findings import Finding, Severity
from appstore.report.annotations import annotations, quietly
from appstore.report.junit import junit_xml

SITE = Finding("deployments/site.yaml", 3, 5, "yaml/x", "Wrong: 100 %, really.", "Mend\nit.")
WARNING = Finding("catalog/a.yaml", 0, 0, "b/c", "Hm.", severity=Severity.WARNING)


def test_a_finding_is_a_command_with_everything_escaped() -> None:
    assert list(annotations([WARNING, SITE])) == [
        "::error file=deployments/site.yaml,title=yaml/x,line=3,col=5::"
        "Wrong: 100 %25, really.%0AMend it.",
        "::warning file=catalog/a.yaml,title=b/c::Hm.",
    ]


def test_a_path_cannot_become_another_property() -> None:
    sly = Finding("catalog/a,line=9::b\n.yaml", 1, 1, "x/y", "m")
    (line,) = annotations([sly])
    assert line == "::error file=catalog/a%2Cline=9%3A%3Ab .yaml,title=x/y,line=1,col=1::m"


@pytest.mark.parametrize(("number", "lines", "left"), [(10, 10, None), (11, 10, 2), (40, 10, 31)])
def test_what_github_would_drop_is_counted(number: int, lines: int, left: int | None) -> None:
    many = [Finding("a.yaml", n, 1, "x/y", f"m{n}") for n in range(1, number + 1)]
    said = list(annotations([*many, WARNING]))
    assert [line.split(" ")[0].split("::")[1] for line in said] == ["error"] * lines + ["warning"]
    if left:
        assert said[9] == f"::error::{left} more errors in the log of this job"


@given(hostile_text(), hostile_text(), hostile_text())
def test_any_finding_is_one_line_and_one_command(path: str, message: str, hint: str) -> None:
    (line,) = annotations([Finding(path, 1, 1, "x/y", message, hint)])
    assert line.startswith("::error file=")
    assert len(line.splitlines()) == 1
    properties, _, said = line.removeprefix("::error ").partition("::")
    assert properties.count(",") == 3
    assert "\n" not in said


def test_text_between_the_stop_is_not_read_as_commands() -> None:
    assert list(quietly(["::error::x"], "t0k3n")) == [
        "::stop-commands::t0k3n",
        "::error::x",
        "::t0k3n::",
    ]


def test_one_test_case_for_each_file() -> None:
    assert junit_xml(["deployments/site.yaml", "catalog/a.yaml", "b.yaml"], [SITE, WARNING]) == (
        "<testsuites>\n"
        '  <testsuite name="appstore validate" tests="3" failures="1">\n'
        '    <testcase classname="validate" name="b.yaml" file="b.yaml" />\n'
        '    <testcase classname="validate" name="catalog/a.yaml" file="catalog/a.yaml">\n'
        "      <system-out>Hm. [b/c]</system-out>\n"
        "    </testcase>\n"
        '    <testcase classname="validate" name="deployments/site.yaml" '
        'file="deployments/site.yaml">\n'
        '      <failure type="yaml/x" message="Wrong: 100 %, really.">'
        "line 3: Wrong: 100 %, really. [yaml/x]\n  -&gt; Mend it.</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


@given(
    st.one_of(hostile_text(), st.sampled_from(HOSTILE)),
    st.text(st.characters(codec=None, categories=("Cc", "Cs", "Cn", "Co")), max_size=20),
)
def test_any_text_is_well_formed_xml(path: str, message: str) -> None:
    suite = fromstring(junit_xml([path], [Finding(path, 1, 1, "x/y", message, "]]> <a>")]))
    assert suite.find("testsuite/testcase/failure").get("type") == "x/y"
