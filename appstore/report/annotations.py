"""Findings as GitHub workflow commands, which show them on the lines of a pull request.

Sources: docs.github.com "Workflow commands for GitHub Actions"; escapes as in actions/toolkit
`command.ts`. GitHub drops what comes after the tenth of a kind in a step without a word.
"""

from collections.abc import Iterable, Iterator

from appstore.documents.findings import Finding, Severity
from appstore.report.escape import plain
from appstore.report.wording import counted

PER_KIND = 10


def annotations(findings: Iterable[Finding]) -> Iterator[str]:
    """Errors first; where GitHub would drop some, the last one of the kind says how many."""
    ordered = sorted(findings)
    for severity in (Severity.ERROR, Severity.WARNING):
        alike = [finding for finding in ordered if finding.severity is severity]
        shown = alike if len(alike) <= PER_KIND else alike[: PER_KIND - 1]
        yield from map(_command, shown)
        if left := len(alike) - len(shown):
            yield f"::{severity}::{counted(left, f'more {severity}')} in the log of this job"


def quietly(lines: Iterable[str], token: str) -> Iterator[str]:
    """The lines, in which nothing is taken for a command; `token` is one that nobody can guess."""
    yield f"::stop-commands::{token}"
    yield from lines
    yield f"::{token}::"


def _command(finding: Finding) -> str:
    about = {"file": finding.path, "title": finding.rule}
    if finding.line:
        about |= {"line": str(finding.line), "col": str(finding.column)}
    properties = ",".join(f"{name}={_property(value)}" for name, value in about.items())
    hint = f"\n{plain(finding.hint)}" if finding.hint else ""
    return f"::{finding.severity} {properties}::{_data(plain(finding.message) + hint)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
