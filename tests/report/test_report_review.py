"""A review on a terminal: 80 columns, nothing that somebody wrote does anything, the next step."""

from appstore.documents.plan_file import FileFinding
from appstore.documents.review_file import NeededReview, ReviewedChange, ReviewFile
from appstore.report.review import review_text
from appstore.runs.ci.review import in_short

EMPTY = ReviewFile(
    format="1",
    base="b" * 40,
    head="a" * 40,
    author="anna",
    verdict="enough",
    tier="small",
    merge_alone=True,
    needs=(),
    changes=(),
    findings=(),
)


def shown(**fields: object) -> str:
    return "\n".join(review_text(EMPTY.model_copy(update=fields)))


def need(role: str, *who: str, given_by: tuple[str, ...] = (), rule: str = "risk/x"):
    return NeededReview(
        role=role, who=who, why="why", rule=rule, path="a.yaml", line=2, given_by=given_by
    )


def test_two_reviews_of_one_role_are_asked_for_once() -> None:
    text = shown(
        verdict="missing",
        tier="high",
        merge_alone=False,
        needs=(
            need("admin of physics", "petra", "rita"),
            need("admin of physics", "petra", "rita", rule="risk/y"),
            need("site admin", "rita", given_by=("rita",)),
        ),
    )
    assert (
        text
        == """\
review of aaaaaaa onto bbbbbbb, proposed by anna

Reviews:
  [ ] admin of physics: missing; petra or rita can give it
      for: why
      a.yaml:2 [risk/x]
      for: why
      a.yaml:2 [risk/y]
  [x] site admin: given by rita
      for: why
      a.yaml:2 [risk/x]

Not yet: 1 review missing. Tier high: several people have to look.
  -> Ask petra or rita to approve the merge request."""
    )


def test_whom_the_target_does_not_name_an_admin_has_to_add() -> None:
    needs = (need("site admin"), need("lead of a/b", "lea"))
    text = shown(verdict="missing", tier="normal", merge_alone=False, needs=needs)
    assert "missing, and nobody else has this role on the target branch" in text
    assert "a site admin adds" in text


def test_two_people_of_one_role_are_two() -> None:
    needs = (need("site admin", "rita", "root"), need("site admin", "rita", "root"))
    text = shown(verdict="missing", tier="high", merge_alone=False, needs=needs)
    assert text.count("[ ] site admin: missing; rita or root can give it") == 2
    assert text.endswith("-> Ask one person for each [ ] above to approve the merge request.")


def test_a_finding_says_what_to_do() -> None:
    finding = FileFinding(
        path="a.yaml", line=1, column=2, rule="x/y", severity="error", message="Bad.", hint="Mend."
    )
    text = shown(verdict="invalid", merge_alone=False, findings=(finding,))
    assert "a.yaml:1:2: error [x/y]\n  Bad.\n  -> Mend.\n" in text
    assert text.endswith("It cannot be merged as it is: 1 error.\n  -> Mend what is found above, "
                         "commit, and push.")  # fmt: skip


def test_what_people_wrote_does_nothing_and_wraps() -> None:
    evil = "x\x1b[31m\u202e\r\n::error::y"
    change = ReviewedChange(path=f"{evil}.yaml", rule="change/text", what=f"{evil} " * 20)
    text = shown(author=evil, changes=(change,), needs=(need(evil, evil, given_by=(evil,)),))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n::error" not in text
    assert "\r" not in text
    assert max(map(len, text.splitlines())) <= 90  # no word is broken


def test_many_changes_are_cut_and_equal_ones_share_a_line() -> None:
    same = [ReviewedChange(path=f"{n}.yaml", rule="change/text", what="same") for n in range(3)]
    many = [ReviewedChange(path="a", rule="change/text", what=f"w{n}") for n in range(20)]
    text = shown(changes=(*same, *many))
    assert "  - same [change/text]\n    0.yaml and 2 more files\n" in text
    assert "and 9 more" in text


def test_the_status_counts_people_as_the_text_does() -> None:
    one = (need("site admin", "rita"), need("site admin", "rita", rule="risk/y"))
    two = (need("site admin", "rita", "root"), need("site admin", "rita", "root"))
    given = (need("admin of x", "petra", given_by=("petra",)),)
    for needs, people in ((one, "1 review"), (two, "2 reviews"), ((*one, *given), "1 review")):
        review = EMPTY.model_copy(update={"verdict": "missing", "needs": needs})
        assert in_short(review) == f"Waits for {people}."
        assert f"Not yet: {people} missing." in "\n".join(review_text(review))
