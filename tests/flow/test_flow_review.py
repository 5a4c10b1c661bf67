"""review as a person or a pipeline runs it: real branches of a real repository, no cloud."""

import json
import subprocess

import pytest
from click.testing import CliRunner
from review_samples import CODE, COURSE, FILES, SITE, WEB, put

from appstore.cli.owners import owners
from appstore.cli.review import review


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Function: git in a registry whose branch main holds the sample files."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> str:
        who = ["-c", "user.name=flow", "-c", "user.email=flow@example.org"]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    call("init", "-q", "-b", "main")
    call.root = tmp_path
    _commit(call, FILES)
    return call


def _commit(git, files) -> str:
    for path, text in files.items():
        target = git.root / path
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    git("add", "-A")
    git("commit", "-qm", "x")
    return git("rev-parse", "HEAD")


@pytest.fixture
def asked(git):
    """Function: a branch with these edits, reviewed onto main; the exit code and the text."""

    def ask(edits, author: str, *by: str, options: tuple[str, ...] = ()):
        git("switch", "-q", "-C", "proposal", "main")
        _commit(git, edits)
        git("switch", "-q", "main")
        words = ["--repo", str(git.root), "--base", "main", "--head", "proposal"]
        words += ["--author", author, *(word for one in by for word in ("--reviewed-by", one))]
        done = CliRunner().invoke(review, [*words, *options], standalone_mode=False)
        if done.exception:
            raise done.exception
        assert max(map(len, done.output.splitlines())) <= 80 or options
        return done.return_value, done.output

    return ask


def test_a_lecturers_own_small_change_needs_nobody(asked) -> None:
    code, text = asked(put(CODE, "s01: 1", "s01: 2"), "anna")
    assert code == 0
    assert text.splitlines()[1:] == [
        "",
        "What it does:",
        "  - makes s01 anew [change/seat-reset]",
        "    deployments/anna/net/code.yaml",
        "",
        "It may be merged, by a machine too. Tier small: nobody besides the author has to",
        "look.",
    ]


def test_an_assistant_resets_a_seat_and_nothing_else(asked) -> None:
    assert asked(put(CODE, "s01: 1", "s01: 2"), "axel")[0] == 0
    code, text = asked(put(CODE, "s01: 1", "all: 1, s01: 1"), "axel")
    assert code == 3
    assert "axel may not do that alone" in " ".join(text.split())


def test_somebody_elses_folder_is_refused_until_its_owner_agrees(asked) -> None:
    edit = put(CODE, "s01: 1", "s01: 2")
    code, text = asked(edit, "bob")
    assert code == 3
    assert text.splitlines()[6:] == [
        "Reviews:",
        "  [ ] lecturer anna or lead of anna/net or assistant of anna/net or admin of",
        "      informatics: missing; Carl, Cora, Rita, Root, anna, anna-lab, axel or lea",
        "      can give it",
        "      for: makes s01 anew; bob may not do that alone",
        "      deployments/anna/net/code.yaml:3 [change/seat-reset]",
        "",
        "Not yet: 1 review missing. Tier normal: a person has to look.",
        "  -> Ask Carl, Cora, Rita, Root, anna, anna-lab, axel or lea to approve the",
        "     merge request.",
    ]
    assert asked(edit, "bob", "ANNA")[0] == 0


def test_approving_oneself_is_nothing(asked) -> None:
    more = put(COURSE, "seats: 3", "seats: 30")
    assert asked(more, "anna")[0] == 3
    assert asked(more, "anna", "anna", "Anna", "nobody")[0] == 3
    code, text = asked(more, "anna", "carl")
    assert code == 0
    assert "[x] admin of informatics: given by carl" in text
    assert "by a machine too" not in text


def test_the_right_to_decide_comes_from_the_target_and_the_content_from_the_merge(
    asked, git
) -> None:
    grab = {SITE: FILES[SITE].replace("[Root, Rita]", "[bob]")}
    stop = put(CODE, "for: student", "for: student\nstate: absent")
    assert asked({**grab, **stop}, "bob", "bob")[0] == 3
    # What main got meanwhile is no change of the proposal.
    git("switch", "-q", "-C", "proposal", "main")
    _commit(git, put(CODE, "s01: 1", "s01: 2"))
    git("switch", "-q", "main")
    _commit(git, {".gitlab-ci.yml": "x: {}\n", SITE: FILES[SITE] + "# seen by admins\n"})
    words = ["--repo", str(git.root), "--base", "main", "--head", "proposal"]
    done = CliRunner().invoke(review, [*words, "--author", "anna", "--json"], standalone_mode=False)
    assert done.return_value == 0
    assert [one["path"] for one in json.loads(done.output)["changes"]] == [CODE]


def test_a_rename_is_seen_on_both_sides(asked) -> None:
    code, text = asked({CODE: None, "deployments/bob/code.yaml": FILES[CODE]}, "bob")
    assert code in (2, 3)
    assert CODE in text


def test_a_link_and_a_pipeline_are_the_admins(asked, git) -> None:
    (git.root / "deployments/anna/net/link.md").symlink_to("/etc/passwd")
    code, text = asked({}, "anna")
    assert code == 2
    assert "source/link" in text
    assert asked({".github/workflows/x.yml": "on: push\n"}, "anna", "Carl")[0] == 3
    assert asked({".github/workflows/x.yml": "on: push\n"}, "anna", "Rita")[0] == 0


def test_a_conflict_names_the_file(asked, git) -> None:
    git("switch", "-q", "-C", "proposal", "main")
    _commit(git, put(CODE, "s01: 1", "s01: 2"))
    git("switch", "-q", "main")
    _commit(git, put(CODE, "s01: 1", "s01: 3"))
    words = ["--repo", str(git.root), "--base", "main", "--head", "proposal"]
    done = CliRunner().invoke(review, [*words, "--author", "anna"], standalone_mode=False)
    assert done.return_value == 2
    assert f"{CODE}: error [source/conflict]" in done.output


def test_the_file_for_other_jobs_is_the_same_and_has_commits(asked, git, tmp_path) -> None:
    out = tmp_path / "review.json"
    code, text = asked(
        {WEB: None}, "anna", "Carl", options=("--json", "--out", str(out), "--forge", "github")
    )
    assert code == 2
    assert json.loads(text) == json.loads(out.read_text())
    made = json.loads(text)
    assert (made["base"], made["head"]) == (
        git("rev-parse", "main"),
        git("rev-parse", "proposal"),
    )
    assert [one["rule"] for one in made["findings"]] == ["review/protected"]
    assert (made["verdict"], made["merge_alone"]) == ("invalid", False)


def test_the_ci_around_says_whose_accounts_these_are(asked, monkeypatch) -> None:
    edit = put(CODE, "s01: 1", "s01: 2")
    monkeypatch.setenv("GITLAB_CI", "true")
    assert asked(edit, "anna")[0] == 3
    assert asked(edit, "anna-lab")[0] == 0
    assert asked(edit, "anna", options=("--forge", "github"))[0] == 0


def test_codeowners_of_the_repository_are_printed(git) -> None:
    done = CliRunner().invoke(owners, ["--repo", str(git.root), "--forge", "gitlab"])
    assert "/deployments/anna/net/ @Carl @Cora @Rita @Root @anna-lab @lea\n" in done.output
    assert done.exit_code == 0
