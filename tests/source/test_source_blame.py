"""Who wrote a line, and the last step of the default branch for each file."""

from appstore.source.blame import merges, writer_of

PATH = "deployments/lea/course/web.yaml"


def test_the_writer_of_a_line(repository):
    first = repository.commit({PATH: "template: a@1.0.0\nfor: student\n"})
    second = repository.commit({PATH: "template: a@1.0.0\nfor: student\nstate: absent\n"})
    assert writer_of(repository.path, second, PATH, 1) == first
    assert writer_of(repository.path, second, PATH, 3) == second
    assert writer_of(repository.path, first, PATH, 3) is None
    assert writer_of(repository.path, second, "deployments/none.yaml", 1) is None


def test_what_a_file_says_cannot_pass_for_its_writer(repository):
    fake = "0" * 40
    first = repository.commit({PATH: f"{fake} 1 1 1\nauthor fake\n\t{fake} 2 2 1\n"})
    assert [writer_of(repository.path, first, PATH, line) for line in (1, 2, 3)] == [first] * 3


def test_what_git_is_told_by_attributes_and_ignore_lists_does_not_count(repository):
    repository.commit({PATH: "a: 1\n"})
    second = repository.commit({PATH: "a: 2\n", ".gitattributes": "*.yaml diff=evil\n"})
    repository.git("config", "diff.evil.textconv", "echo evil; false")
    (repository.path / "ignored").write_text(f"{second}\n")
    repository.git("config", "blame.ignoreRevsFile", "ignored")
    assert writer_of(repository.path, second, PATH, 1) == second


def test_the_last_step_of_every_file(repository):
    first = repository.commit({PATH: "1", "deployments/site.yaml": "1", "README.md": "1"})
    repository.git("switch", "-qc", "topic")
    inside = repository.commit({PATH: "2"})
    repository.git("switch", "-q", "main")
    second = repository.commit({"catalog/web/template.yaml": "1"})
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    merge = repository.git("rev-parse", "HEAD")
    repository.git("rm", "-q", "catalog/web/template.yaml")
    third = repository.record()

    last = {path: steps[0] for path, steps in merges(repository.path, third).items()}
    assert last.keys() == {PATH, "deployments/site.yaml", "catalog/web/template.yaml"}
    assert (last[PATH].commit, last[PATH].parents) == (merge, (second, inside))
    assert (last["deployments/site.yaml"].commit, last["deployments/site.yaml"].parents) == (
        first,
        (),
    )
    assert last["catalog/web/template.yaml"].commit == third
    steps = merges(repository.path, third)[PATH]
    assert [(one.commit, one.age) for one in steps] == [(merge, 1), (first, 3)]


def test_a_name_that_looks_like_a_step_is_only_a_name(repository):
    good = repository.commit({PATH: "1"})
    oid = repository.blob("x")
    repository.stage("100644", oid, f"deployments/\x01{good} {good}")
    bad = repository.record()
    last = {path: steps[0] for path, steps in merges(repository.path, bad).items()}
    assert last[PATH].commit == good
    assert {merge.commit for merge in last.values()} == {good, bad}
