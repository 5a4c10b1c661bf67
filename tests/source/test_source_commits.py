"""What one commit gives, and what is refused before it is read."""

from pathlib import Path

import pytest

from appstore.errors import InvalidInput
from appstore.source import entries
from appstore.source.commits import commit_tree

SITE = "deployments/site.yaml"
CARD = "catalog/web/template.yaml"


def rules(tree):
    return [(finding.path, finding.rule) for finding in tree.findings]


def test_a_commit_gives_the_bytes_below_our_folders_and_nothing_else(repository):
    commit = repository.commit({SITE: "owner: x\n", CARD: "title: ü\n", "README.md": "no"})
    tree = commit_tree(repository.path, "main")
    assert tree.files == {SITE: b"owner: x\n", CARD: "title: ü\n".encode()}
    assert (tree.commit, tree.edited, tree.findings) == (commit, False, ())


def test_a_commit_without_our_folders_is_an_empty_tree(repository):
    repository.commit({"README.md": "no"})
    assert commit_tree(repository.path, "HEAD").files == {}


def test_edits_are_left_out_and_said(repository):
    first = repository.commit({SITE: "a"})
    repository.commit({SITE: "b"})
    repository.write({SITE: "c"})
    head, older = (commit_tree(repository.path, rev) for rev in ("HEAD", first))
    assert (head.files[SITE], head.edited) == (b"b", True)
    assert (older.files[SITE], older.edited) == (b"a", False)


def test_a_bare_repository_can_be_read(repository, tmp_path):
    repository.commit({SITE: "a"})
    repository.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    tree = commit_tree(tmp_path / "bare.git", "main")
    assert (tree.files, tree.edited) == ({SITE: b"a"}, False)


def test_five_hundred_files_cost_as_many_processes_as_one(repository, git_calls):
    repository.commit({f"deployments/anna/c{n // 100}/d{n}.yaml": f"n: {n}" for n in range(500)})
    before = len(git_calls)
    tree = commit_tree(repository.path, "HEAD~0")
    assert len(tree.files) == 500
    assert tree.files["deployments/anna/c4/d499.yaml"] == b"n: 499"
    # Resolve, list, read, and a look for edits as HEAD is what was asked for.
    assert len(git_calls) - before == 4


@pytest.mark.parametrize(
    ("mode", "path", "rule"),
    [
        ("120000", "deployments/x.yaml", "source/link"),
        ("120000", "deployments", "source/link"),
        ("160000", "catalog/web", "source/submodule"),
        ("100644", "deployments/anna/a\nb.yaml", "source/name"),
        ("100644", "deployments/anna/a\x1b[31m.yaml", "source/name"),
        ("100644", "deployments/anna/a\u202eb.yaml", "source/name"),
        ("100644", "deployments/anna/aux.yaml", "source/name"),
        ("100644", "deployments/CON/x.yaml", "source/name"),
        ("100644", "deployments/anna/-rf.yaml", "source/name"),
        ("100644", "deployments/anna/a\\b.yaml", "source/name"),
        ("100644", "deployments/anna/.gitattributes", "source/name"),
        ("100644", "catalog/.gitmodules", "source/name"),
        ("100644", "deployments/anna/" + "n" * 300 + ".yaml", "source/name"),
        ("100644", "deployments/anna/u\u0308.yaml", "source/name"),
    ],
)
def test_what_is_no_plain_file_with_a_plain_name_is_a_finding(repository, mode, path, rule):
    oid = repository.git("rev-parse", repository.record()) if mode == "160000" else None
    oid = oid or repository.blob("/etc/passwd")
    quoted = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\x1b", "\\033")
    repository.stage(mode, oid, f'"{quoted}"')
    repository.record()
    tree = commit_tree(repository.path, "HEAD")
    assert tree.files == {}
    (finding,) = tree.findings
    assert finding.rule == rule
    assert finding.path.isprintable()
    assert finding.hint


def crafted(repository, *steps: tuple[str, bytes]) -> str:
    """A commit of nested folders whose names no index would take."""
    oid, mode, kind = repository.blob("x"), "100644", "blob"
    for name in reversed([name for _, name in steps]):
        entry = f"{mode} {kind} {oid}\t".encode() + name + b"\0"
        oid = repository.git("mktree", "-z", given=entry)
        mode, kind = "040000", "tree"
    return repository.git("commit-tree", "-m", "x", oid)


@pytest.mark.parametrize("name", [b"..", b".", b".git", b"caf\xe9.yaml"])
def test_names_that_git_itself_would_not_add(repository, name):
    commit = crafted(repository, ("", b"deployments"), ("", b"anna"), ("", name))
    tree = commit_tree(repository.path, commit)
    assert tree.files == {}
    assert [finding.rule for finding in tree.findings] == ["source/name"]


def test_two_names_that_differ_by_case_are_one_finding_and_the_later_is_not_read(repository):
    oid = repository.blob("x")
    for path in ("deployments/anna/A.yaml", "deployments/anna/a.yaml"):
        repository.stage("100644", oid, path)
    for path in ("catalog/Web/template.yaml", "catalog/web/template.yaml", "catalog/web/x"):
        repository.stage("100644", oid, path)
    repository.record()
    tree = commit_tree(repository.path, "HEAD")
    assert rules(tree) == [
        ("catalog/web", "source/case-clash"),
        ("catalog/web/template.yaml", "source/case-clash"),
        ("deployments/anna/a.yaml", "source/case-clash"),
    ]
    assert set(tree.files) == {"catalog/Web/template.yaml", "deployments/anna/A.yaml"}


def test_an_executable_file_is_a_file(repository):
    repository.stage("100755", repository.blob("#!"), "catalog/web/1.0.0/setup.sh")
    repository.record()
    assert commit_tree(repository.path, "HEAD").files == {"catalog/web/1.0.0/setup.sh": b"#!"}


def test_a_large_file_is_not_read(repository):
    repository.commit({SITE: "x" * 2**18, "deployments/big.yaml": "x" * (2**18 + 1)})
    tree = commit_tree(repository.path, "HEAD")
    assert set(tree.files) == {SITE}
    assert rules(tree) == [("deployments/big.yaml", "source/too-large")]
    assert "262,145 bytes" in tree.findings[0].message


@pytest.mark.parametrize(
    ("cap", "rule"), [("MAX_FILES", "source/too-many-files"), ("MAX_TOTAL", "source/too-much")]
)
def test_too_much_of_everything_reads_nothing(repository, monkeypatch, cap, rule):
    repository.commit({SITE: "x", CARD: "x", "catalog/web/1.0.0/heat.yaml": "x"})
    monkeypatch.setattr(entries, cap, 2)
    tree = commit_tree(repository.path, "HEAD")
    assert (tree.files, rules(tree)) == ({}, [(".", rule)])


@pytest.mark.parametrize(
    "rev",
    [
        *("nope", "", "--upload-pack=touch hacked", "-h", "--batch", "refs/heads/$(id)", "a\nb"),
        *("a\0b", "\udcff", "HEAD:README.md", "f" * 40, "x" * 100_000, "HEAD^{tree}"),
    ],
)
def test_a_rev_that_names_no_commit_is_one_sentence(repository, rev):
    repository.commit({SITE: "x", "README.md": "x"})
    with pytest.raises(InvalidInput, match="There is no commit") as caught:
        commit_tree(repository.path, rev)
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert not list(repository.path.glob("hacked*"))


@pytest.mark.parametrize("branch", ["--upload-pack=x", "$(id)", "a;b", "-"])
def test_a_branch_with_a_hostile_name_is_just_a_branch(repository, branch):
    commit = repository.commit({SITE: "x"})
    repository.git("update-ref", f"refs/heads/{branch}", commit)
    assert commit_tree(repository.path, f"refs/heads/{branch}").commit == commit
    if branch.startswith("--"):
        assert commit_tree(repository.path, branch).commit == commit


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_folder_that_is_no_repository(tmp_path, make):
    make(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match="is not a git repository"):
        commit_tree(tmp_path / "nothing", "HEAD")


def test_a_folder_inside_a_repository_is_not_that_repository(repository):
    repository.commit({SITE: "x"})
    with pytest.raises(InvalidInput, match="is not a git repository"):
        commit_tree(repository.path / "deployments", "HEAD")


def test_a_shallow_clone_that_lacks_the_commit_says_how_to_get_it(repository, tmp_path):
    old = repository.commit({SITE: "a"})
    repository.commit({SITE: "b"})
    repository.git("clone", "-q", "--depth=1", f"file://{repository.path}", str(tmp_path / "c"))
    with pytest.raises(InvalidInput) as caught:
        commit_tree(tmp_path / "c", old)
    assert "--unshallow" in caught.value.hint


def test_another_owners_folder_names_safe_directory(repository, monkeypatch):
    repository.commit({SITE: "x"})
    # Git has this switch for its own tests; our environment is cleaned, so it goes by the program.
    shim = repository.path.parent / "git"
    shim.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {_git()} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent), prepend=":")
    with pytest.raises(InvalidInput, match="belongs to another user") as caught:
        commit_tree(repository.path, "HEAD")
    assert "safe.directory" in caught.value.hint


def _git() -> str:
    import shutil

    return str(shutil.which("git"))


def test_the_callers_git_variables_and_replaced_objects_change_nothing(
    repository, monkeypatch, tmp_path: Path
):
    good = repository.commit({SITE: "good"})
    evil = repository.commit({SITE: "evil"})
    repository.git("replace", good, evil)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert commit_tree(repository.path, good).files == {SITE: b"good"}


def test_a_configured_program_is_not_started(repository):
    repository.commit({SITE: "x"})
    program = repository.path.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {program}.ran\n")
    program.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(program))
    hooks = repository.path.parent / "hooks"
    hooks.mkdir()
    (hooks / "post-index-change").symlink_to(program)
    repository.git("config", "core.hooksPath", str(hooks))
    repository.write({SITE: "y"})
    assert commit_tree(repository.path, "HEAD").edited
    assert not Path(f"{program}.ran").exists()
