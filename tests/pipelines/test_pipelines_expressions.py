"""The harness's reading of `${{ }}`: what it understands, and that all else is an error."""

import pytest
from github_expressions import NotUnderstood, filled

CONTEXT = {
    "github": {"ref": "refs/heads/main", "event": {"pull_request": {"number": 7}}},
    "inputs": {},
    "needs": {"look": {"outputs": {"lecturers": '["ada"]'}, "result": "success"}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${{ github.event.pull_request.number }}", 7),
        ("n-${{ github.event.pull_request.number }}-x", "n-7-x"),
        ("${{ inputs.request || 'none' }}", "none"),
        ("${{ github.event.issue.number || inputs.request }}", ""),
        ("${{ github.ref == 'refs/heads/MAIN' && 'yes' || 'no' }}", "yes"),
        ("${{ fromJSON(needs.look.outputs.lecturers) }}", ["ada"]),
        ("${{ !(github.ref != 'x') || needs.look.result == 'skipped' }}", False),
        ("${{ 'it''s' }}", "it's"),
    ],
)
def test_what_is_understood(text: str, value: object) -> None:
    assert filled(text, CONTEXT) == value


@pytest.mark.parametrize(
    "text",
    [
        "${{ secrets.X }}",
        "${{ hashFiles('x') }}",
        "${{ github.ref[0] }}",
        "${{ github.ref == }}",
        "${{ github.ref github.ref }}",
        "${{ 1 + 1 }}",
        "${{ needs.look == 'x' }}",
    ],
)
def test_what_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(NotUnderstood):
        filled(text, CONTEXT)
