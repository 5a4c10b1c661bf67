"""Findings as JUnit XML: GitLab shows it on a merge request in every tier."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from appstore.documents.findings import Finding, Severity
from appstore.report.escape import plain


def junit_xml(paths: Iterable[str], findings: Iterable[Finding]) -> str:
    """One test case for each file, failed where it has an error; warnings are its output.

    `plain` leaves no character that XML 1.0 forbids, ElementTree escapes the rest.
    """
    by_path: dict[str, list[Finding]] = {path: [] for path in paths}
    for finding in sorted(findings):
        by_path.setdefault(finding.path, []).append(finding)
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", {"name": "appstore validate", **_counts(by_path)})
    for path, found in sorted(by_path.items()):
        case = SubElement(suite, "testcase", classname="validate", name=plain(path))
        case.set("file", plain(path))
        errors = [each for each in found if each.severity is Severity.ERROR]
        if errors:
            failure = SubElement(case, "failure", type=errors[0].rule)
            failure.set("message", plain(errors[0].message))
            failure.text = "\n".join(map(_text, errors))
        if warnings := [each for each in found if each not in errors]:
            SubElement(case, "system-out").text = "\n".join(map(_text, warnings))
    indent(suites)
    return tostring(suites, encoding="unicode", xml_declaration=False) + "\n"


def _counts(by_path: Mapping[str, list[Finding]]) -> dict[str, str]:
    failed = sum(any(f.severity is Severity.ERROR for f in found) for found in by_path.values())
    return {"tests": str(len(by_path)), "failures": str(failed)}


def _text(finding: Finding) -> str:
    place = f"line {finding.line}: " if finding.line else ""
    hint = f"\n  -> {plain(finding.hint)}" if finding.hint else ""
    return f"{place}{plain(finding.message)} [{finding.rule}]{hint}"
