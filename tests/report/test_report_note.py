"""The note of a merge request: what a lecturer reads, in both languages."""

import pytest
from report_note_samples import DELETE, EVERYTHING, OUTCOME, REVIEW, UPDATE, create, entry, plan
from report_rendered import acts, tokens, words

from appstore.documents.plan_file import PlanFile
from appstore.documents.review_file import VersionSheet
from appstore.errors import InvalidInput
from appstore.report.note import GITHUB_NOTE, MARKER, note_text, summary_text

URL = "https://forge.example.org/jobs/1"

ENGLISH = """\
<!-- appstore:note -->

**Plan: 30 to create, 1 to update, 1 to delete, 1 refused.** **2 lose their data.** \
12 other changes are waiting on the target branch already. (`bbbbbbbbbbbb` merged into \
`aaaaaaaaaaaa`)

**Reviews:** not all are given yet.

- admin of informatics: **missing** (any of `anna`, `bob`)
  - A machine is deleted. `deployments/ada/net101/old.yaml:4` `[review/delete]`
- admin of informatics: given by `cleo`
  - It uses a new template. `deployments/ada/net101/lab.yaml` `[review/template]`

#### `ada/net101/signup` `web-lab@1.1.0`

- 1 to update: `course`
  - **the server "lab" is replaced: what is on its disk is lost**
  - `parameters.size`: `small` \u2192 `large`
  - `parameters.note`: nothing \u2192 `hi`
  - ordered at `deployments/ada/net101/signup.yaml:1`

#### `ada/net101/old`

- 1 to delete: `course`
  - **All data on these machines is lost.**
  - state is absent
  - ordered at `deployments/ada/net101/old.yaml:4`

#### `ada/net101/lab` `web-lab@1.1.0`

- 30 to create: `s01..s30`

#### `ada/net101/big` `web-lab@1.1.0`

- 1 refused `[quota]`: `course`
  - 0 of 1 fit
  - Next step: Write `size: small` in `deployments/ada/net101/big.yaml:` then it fits.
    ```
     openstack quota set --cores 40 ada
    ```

<details><summary>All details</summary>

#### `ada/net101/signup` `web-lab@1.1.0`

- 1 to update: `course`
  - `parameters.size`: `small` \u2192 `large`
  - `parameters.note`: nothing \u2192 `hi`
  - `lab` (`OS::Nova::Server`): replaced; image changes

**What it changes in files**

- `deployments/ada/net101/old.yaml` orders 1 machine to be deleted

</details>

Digest `1.digest`. [Full plan](<https://forge.example.org/jobs/1>)
"""

GERMAN_LINES = (
    "**Plan: 30 anzulegen, 1 zu ändern, 1 zu löschen, 1 abgelehnt.** **2 verlieren die Daten.**",
    "**Freigaben:** es fehlen noch welche.",
    "  - **der Server `lab` wird ersetzt: was auf seiner Platte liegt, geht verloren**",
    "  - so steht es in der Datei",
    "- 1 abgelehnt `[quota]` (passt nicht in die Quota): `course`",
    "  - `parameters.note`: nichts \u2192 `hi`",
    "<details><summary>Alle Einzelheiten</summary>",
)

ENTRIES = (*(create(number) for number in range(1, 31)), UPDATE, DELETE, entry("big", "refuse"))


def test_the_whole_note_in_english() -> None:
    assert note_text(plan(*ENTRIES), REVIEW, None, "en", URL) == ENGLISH


@pytest.mark.parametrize("line", GERMAN_LINES)
def test_the_same_in_german(line: str) -> None:
    assert line in note_text(plan(*ENTRIES), REVIEW, None, "de", URL)


def test_a_language_without_a_table_is_english() -> None:
    assert note_text(plan(), None, None, "fr") == note_text(plan(), None, None, "en")


def test_the_outcome_comes_first_and_the_plan_is_folded() -> None:
    note = note_text(plan(*ENTRIES), REVIEW, OUTCOME, "en", URL)
    before, _, folded = note.partition("<details>")
    assert before == (
        "<!-- appstore:note -->\n\n"
        "**Apply: 28 done, 2 failed.** 1 reviewed change was done before.\n\n"
        + ENGLISH.split("\n\n")[1]
        + "\n\n#### `ada/net101/lab`\n\n"
        "- 2 failed: `s01, s02`\n"
        "  - The quota of `20` cores is used up.\n"
        "  - **the OpenStack admin acts next.** Raise the quota.\n"
        "- 28 done: `s03..s30`\n\n"
    )
    assert "1 to update: `course`" in folded
    assert "Reviews" not in note
    assert note.endswith("Digest `1.digest`. Run `req-1`. [Full plan](<" + URL + ">)\n")


def test_what_else_a_plan_holds_is_said() -> None:
    whole = PlanFile.model_validate_json(EVERYTHING)
    note = note_text(whole, None, None, "en")
    for line in (
        "- error `deployments/x.yaml:3` Wrong. `[a/b]`\n  - Next step: Mend it.",
        "1 other finding is there without this change.",
        "2 machines are not made any more:\n\n- `ada/net101/lab {s01, s02}`",
        "1 machine is made on `2027-03-01 09:00 Europe/Berlin`:\n\n- `ada/net101/new/s01`",
        "- `ada/net101/lab`: 2 machines have their last day on `2027-02-01`",
        "- project `ada` on `main`, `cores`: 18 in use, limit 20, needed 40",
        "- project `ada` on `main`: 22 `cores`, of 2 that are left (limit 20)",
        "**Not planned:** `bob` `[cloud]` No answer.\n- Next step: Check it.",
        "**Nothing is done for `cleo` until the findings in its files are gone.**",
        "1 stack would belong to no lecturer any more:\n\n- `x--y (old, main)`",
    ):
        assert line in note
    assert acts(note, frozenset([MARKER])) == []


def test_a_marker_cannot_carry_text_of_others() -> None:
    with pytest.raises(InvalidInput):
        note_text(plan(), None, None, marker="<!-- appstore:note:x --> @all -->")


@pytest.mark.parametrize("limit", [2_000, 5_000, GITHUB_NOTE])
def test_what_does_not_fit_is_counted_and_nothing_is_cut(limit: int) -> None:
    many = [entry("big", "refuse", deployment=f"lab{number}") for number in range(500)]
    note = note_text(plan(UPDATE, *many), REVIEW, None, "en", URL, limit=limit)
    assert limit * 0.8 < len(note.encode()) <= limit
    assert "parts did not fit here. [Full plan]" in note.splitlines()[-1]
    assert "the server" in note, "what loses data is never left out for something else"
    assert note.count("    ```") == 2 * note.count("refused `[quota]`:")
    assert note.count("<details>") == note.count("</details>")


def test_a_deployment_of_many_kinds_of_changes_stays_short() -> None:
    kinds = [create(number, f"reason {number} of many") for number in range(1, 301)]
    assert "292 more kinds of change here" in note_text(plan(*kinds), None, None)


def test_three_hundred_machines_are_one_line() -> None:
    note = note_text(plan(*(create(number) for number in range(1, 301))), None, None)
    assert "- 300 to create: `s01..s99, s100..s300`" in note or "`s01..s300`" in note
    assert len(note) < 400


def test_the_step_summary_is_the_note_without_its_marker() -> None:
    page = summary_text(plan(*ENTRIES))
    assert page == note_text(plan(*ENTRIES), None, None, "en").removeprefix(f"{MARKER}\n\n")
    assert [t.type for t in tokens(page)].count("html_block") == 2
    assert "30 to create" in words(page)


def test_a_new_version_can_be_reviewed_in_the_note() -> None:
    changed = ("--- a/heat.yaml", "+++ b/heat.yaml", "-  size: small", "+  size: `big` ``` @all")
    sheet = VersionSheet(
        version="web-lab@1.1.0",
        before="web-lab@1.0.0",
        resource_types=("OS::Nova::Server",),
        difference=changed,
    )
    note = note_text(None, REVIEW.model_copy(update={"sheets": (sheet,)}), None, "en", URL)
    assert "`OS::Nova::Server`" in note
    assert "**New version `web-lab@1.1.0`, differs from `web-lab@1.0.0`**" in note
    assert "\n````\n" + "".join(f" {line}\n" for line in changed) + "````\n" in note
    assert note.index("<details>") < note.index("size: small") < note.index("</details>")


@pytest.mark.parametrize(
    ("difference", "left"),
    [
        (("+ a",) * 250, "50 more lines"),
        (("+ " + "\N{SNOWMAN}" * 290,) * 200, "182 more lines"),
    ],
)
def test_a_long_difference_is_cut_and_takes_no_room_from_the_facts(
    difference: tuple[str, ...], left: str
) -> None:
    sheets = tuple(
        VersionSheet(
            version=f"web-lab@1.{number}.0", open_ports=(f"port {number}",), difference=difference
        )
        for number in range(9)
    )
    note = note_text(None, REVIEW.model_copy(update={"sheets": sheets}), None, "en", URL)
    assert [note.count(f"port {number}\n") for number in range(9)] == [1] * 9
    assert left in note
    assert len(note.encode()) <= GITHUB_NOTE
