"""What GitHub and GitLab both promise: the same stories, told by two servers."""

import pytest
from forge_servers import BOT, Note, Proposal, Review, Run
from forge_stage import Stage

from appstore.forge.errors import ForgeError, ForgeRefused
from appstore.forge.protocol import Standing, State

HEAD, OLDER, MERGED = "a1" * 20, "0b" * 20, "f3" * 20
EARLY, PUSHED, LATE = "2026-10-02T08:00:00Z", "2026-10-02T09:00:00Z", "2026-10-02T10:00:00Z"
MARKER = "<!-- appstore -->"


def opened(stage: Stage, *reviews: Review, number: int = 4) -> Proposal:
    made = Proposal(number, "lea", HEAD, pushed_at=PUSHED, reviews=list(reviews))
    stage.world.proposals[number] = made
    return made


def merged(stage: Stage, number: int, at: str, **about: str) -> Proposal:
    made = opened(stage, number=number)
    made.state, made.merged_as, made.merged_at = "merged", MERGED, at
    for name, value in about.items():
        setattr(made, name, value)
    return made


def test_an_open_request(stage: Stage) -> None:
    opened(stage)
    seen = stage.forge().request(4)
    assert (seen.number, seen.author, seen.base, seen.head) == (4, "lea", "main", HEAD)
    assert (seen.state, seen.merged_as, seen.title) == (State.OPEN, None, "A change")
    assert seen.url.startswith("https://forge.example/uni/registry/")


def test_a_merged_request_says_as_what(stage: Stage) -> None:
    merged(stage, 4, LATE)
    seen = stage.forge().request(4)
    assert (seen.state, seen.merged_as) == (State.MERGED, MERGED)


@pytest.mark.parametrize(
    ("reviews", "counted"),
    [
        ([], ()),
        ([Review("ada", HEAD, LATE)], ("ada",)),
        ([Review("ada", OLDER, EARLY)], ()),
        ([Review("ada", OLDER, EARLY), Review("ada", HEAD, LATE)], ("ada",)),
        ([Review("lea", HEAD, LATE)], ()),
        ([Review("ada", HEAD, LATE), Review("ada", HEAD, LATE, "DISMISSED")], ()),
        ([Review("ada", HEAD, LATE), Review("ada", HEAD, LATE, "CHANGES_REQUESTED")], ()),
        ([Review("ada", HEAD, LATE), Review("bo", OLDER, EARLY), Review("cy", HEAD, LATE)],
         ("ada", "cy")),
        ([Review(name, HEAD, LATE) for name in ("e", "d", "c", "b", "a")],
         ("a", "b", "c", "d", "e")),
        ([Review("", HEAD, LATE), Review("ada", HEAD, LATE)], ("ada",)),
    ],
    ids=["none", "after", "before", "again", "author", "dismissed", "changes", "some", "pages",
         "deleted account"],
)  # fmt: skip
def test_only_approvals_after_the_last_push_count(
    stage: Stage, reviews: list[Review], counted: tuple[str, ...]
) -> None:
    opened(stage, *reviews)
    assert stage.forge().request(4).reviewers == counted


def test_the_request_of_a_commit_is_the_one_that_was_merged_first(stage: Stage) -> None:
    merged(stage, 4, "2026-10-03T08:00:00Z")
    merged(stage, 5, "2026-10-02T08:00:00Z")
    merged(stage, 6, "2026-10-01T08:00:00Z", base="another-topic")
    opened(stage, number=7)
    stage.world.commits[MERGED] = [7, 6, 4, 5]
    found = stage.forge().request_of(MERGED)
    assert found is not None
    assert found.number == 5


def test_a_commit_that_was_pushed_past_every_request(stage: Stage) -> None:
    opened(stage)
    stage.world.commits[OLDER] = [4]
    assert stage.forge().request_of(OLDER) is None
    assert stage.forge().request_of(MERGED) is None


def test_the_note_is_found_by_marker_and_account_and_edited_in_place(stage: Stage) -> None:
    one = opened(stage)
    fake, quote = f"{MARKER}\nfake", f"see {MARKER}"
    one.notes = [Note(1, "lea", fake), Note(2, BOT, quote), Note(3, "lea", "thanks")]
    stage.forge().note(4, MARKER, f"{MARKER}\nfirst")
    stage.forge().note(4, MARKER, f"{MARKER}\nsecond")
    bodies = [note.body for note in one.notes]
    assert bodies == [fake, quote, "thanks", f"{MARKER}\nsecond"]


def test_a_note_that_says_the_same_is_left_alone(stage: Stage) -> None:
    opened(stage)
    forge = stage.forge()
    forge.note(4, MARKER, f"{MARKER}\nsame")
    stage.world.asked.clear()
    forge.note(4, MARKER, f"{MARKER}\nsame")
    assert [line for line in stage.world.asked if not line.startswith("GET")] == []


def test_a_status_is_set_as_often_as_it_is_told(stage: Stage) -> None:
    forge = stage.forge()
    for state in (Standing.PENDING, Standing.PENDING, Standing.SUCCESS):
        forge.status(HEAD, "appstore/review", state, "words " * 50, "https://ci.example/1")
    last = stage.world.statuses[-1]
    assert (last["commit"], last["context"], last["state"]) == (HEAD, "appstore/review", "success")
    assert len(last["description"]) == 140
    assert last["target_url"] == "https://ci.example/1"


def test_a_merge_is_of_exactly_the_head_that_was_looked_at(stage: Stage) -> None:
    one = opened(stage)
    with pytest.raises(ForgeRefused, match="pushed"):
        stage.forge().merge(4, OLDER)
    assert one.state == "open"
    assert stage.forge().merge(4, HEAD) == "d" * 40
    assert one.state == "merged"


def test_a_request_with_a_conflict_is_not_merged(stage: Stage) -> None:
    opened(stage)
    stage.world.settings["conflict"] = True
    with pytest.raises(ForgeRefused, match="cannot merge") as told:
        stage.forge().merge(4, HEAD)
    assert "conflict" in told.value.hint


def test_a_request_is_opened_once_for_a_branch(stage: Stage) -> None:
    first = stage.forge().open_request("reset-s03", "main", "Reset s03", "why")
    again = stage.forge().open_request("reset-s03", "main", "Reset s03", "why")
    assert first.number == again.number
    assert stage.world.proposals[first.number].body == "why"
    assert first.state is State.OPEN


def test_the_reviewed_plan_is_that_of_the_head(stage: Stage) -> None:
    opened(stage)
    stage.world.runs = [
        Run(31, 4, OLDER, b'{"old": 1}'),
        Run(32, 4, HEAD, b'{"format": "1"}'),
    ]
    forge = stage.forge()
    assert forge.reviewed_plan(forge.request(4)) == b'{"format": "1"}'
    assert stage.world.strangers == []


def test_there_may_be_no_reviewed_plan(stage: Stage) -> None:
    opened(stage)
    forge = stage.forge()
    assert forge.reviewed_plan(forge.request(4)) is None
    stage.world.runs = [Run(31, 4, OLDER, b"{}")]
    assert forge.reviewed_plan(forge.request(4)) is None


def test_a_plan_of_the_authors_own_pipeline_is_not_accepted(stage: Stage) -> None:
    opened(stage)
    stage.world.runs = [Run(32, 4, HEAD, b"{}", trusted=False)]
    forge = stage.forge()
    assert forge.reviewed_plan(forge.request(4)) is None


def test_an_archive_without_end_is_not_read(stage: Stage) -> None:
    from appstore.reconcile.reviewed import LARGEST

    opened(stage)
    stage.world.runs = [Run(32, 4, HEAD, bytes(LARGEST + 1000))]
    forge = stage.forge()
    plan = forge.reviewed_plan(forge.request(4))
    assert plan is None or len(plan) == LARGEST + 1  # which the reader of plans refuses


def test_a_setting_is_told_with_its_remedy(stage: Stage) -> None:
    seen = stage.forge().protections()
    assert seen
    assert all(each.remedy for each in seen)
    assert any(each.holds is False for each in seen)


def test_the_branch_that_is_applied_and_where_a_head_is_fetched(stage: Stage) -> None:
    stage.world.default = "trunk"
    forge = stage.forge()
    assert forge.default_branch() == "trunk"
    refs = {"github": "refs/pull/4/head", "gitlab": "refs/merge-requests/4/head"}
    assert forge.head_ref(4) == refs[stage.kind]


def test_an_unknown_request(stage: Stage) -> None:
    with pytest.raises(ForgeError, match="no such thing") as told:
        stage.forge().request(99)
    assert told.value.exit_code == 1
