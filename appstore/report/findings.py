"""Findings as text and JSON."""

from collections.abc import Iterable, Iterator

from appstore.documents.findings import Finding, Severity
from appstore.report.escape import plain
from appstore.report.wording import counted
from appstore.report.wrapping import wrapped


def findings_text(findings: Iterable[Finding]) -> Iterator[str]:
    """Of each finding place and rule, what is wrong, and the way out; sorted by place."""
    for finding in sorted(findings):
        place = plain(finding.path)
        if finding.line:
            place += f":{finding.line}:{finding.column}"
        yield f"{place}: {finding.severity} [{finding.rule}]"
        yield from wrapped(plain(finding.message), "  ", "  ")
        if finding.hint:
            yield from wrapped(plain(finding.hint), "  -> ", "     ")


def findings_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """The same as plain values."""
    return [
        {
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "severity": str(finding.severity),
            "message": finding.message,
            "hint": finding.hint,
        }
        for finding in sorted(findings)
    ]


def summary(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or `nothing wrong`."""
    severities = [finding.severity for finding in findings]
    errors = severities.count(Severity.ERROR)
    warnings = severities.count(Severity.WARNING)
    parts = [counted(errors, "error")] if errors else []
    parts += [counted(warnings, "warning")] if warnings else []
    return ", ".join(parts) or "nothing wrong"
