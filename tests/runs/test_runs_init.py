"""init: a registry that is valid as it stands, and nothing that a person wrote is touched."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from appstore.cli.ending import end
from appstore.cli.main import appstore
from appstore.govern.people import ForgeName
from appstore.runs import init as init_module
from appstore.runs.init import editor_settings, registry_files
from appstore.runs.pipelines import Tool
from appstore.runs.validate import validate
from appstore.source.tree import Tree

ROOT = Path(__file__).parents[2]
TOOL = "https://git.example.org/teaching/appstore.git@" + "a" * 40
NOW = datetime(2026, 11, 2, tzinfo=UTC)
FORGES: list[ForgeName | None] = [None, "github", "gitlab"]
Init = Callable[..., tuple[int, str]]


@pytest.fixture
def init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Init:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def one(folder: Path, *words: str) -> tuple[int, str]:
        code = end(lambda: appstore.main(["init", str(folder), *words], standalone_mode=False))
        return code, "".join(capsys.readouterr())

    return one


def content(root: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("forge", FORGES)
def test_it_is_valid_as_it_stands(tmp_path: Path, init: Init, forge: ForgeName | None) -> None:
    words = [] if forge is None else ["--forge", forge, "--tool", TOOL]
    code, shown = init(tmp_path / "our-registry", *words)
    assert code == 0
    found = content(tmp_path / "our-registry")
    ours = {path: data for path, data in found.items() if path.startswith(("catalog/", "deploy"))}
    assert validate(Tree(ours, None, True), NOW).findings == ()
    assert b"\nowner: our-registry\n" in found["deployments/site.yaml"]
    assert ("No pipelines" in shown) == (forge is None)
    pipelines = {"github": ".github/workflows/apply.yml", "gitlab": ".gitlab-ci.yml"}
    assert {name for name, path in pipelines.items() if path in found} == ({forge} - {None})
    for path, data in found.items():
        assert b"OWNER" not in data or path.endswith(".json"), path


def test_a_second_time_changes_nothing_and_adds_what_is_missing(tmp_path: Path, init: Init) -> None:
    root = tmp_path / "registry"
    init(root, "--forge", "gitlab", "--tool", TOOL)
    (root / "PRIVACY.md").write_text("Ours.\n")
    (root / "deployments/site.yaml").unlink()
    (root / "catalog/README.md").unlink()
    (root / "catalog/README.md").mkdir()
    before = content(root)
    code, shown = init(root, "--forge", "gitlab", "--tool", TOOL)
    assert code == 0
    assert content(root).keys() - before.keys() == {"deployments/site.yaml"}
    assert before.items() <= content(root).items()
    assert re.findall(r"yours, left alone: (.*)", shown) == ["PRIVACY.md", "catalog/README.md"]
    assert re.findall(r"wrote (.*)", shown) == ["deployments/site.yaml"]
    assert f"appstore init SOME-EMPTY-FOLDER --forge gitlab --tool {TOOL}" in shown
    told = json.loads(init(root, "--json", "--forge", "gitlab", "--tool", TOOL)[1])
    assert (told["written"], told["yours"]) == ([], ["PRIVACY.md", "catalog/README.md"])


def test_code_owners_follow_the_registry_and_stay_the_ones_of_a_person(
    tmp_path: Path, init: Init
) -> None:
    root, words = tmp_path / "registry", ("--forge", "github", "--tool", TOOL)
    init(root, *words)
    owners, site = root / ".github/CODEOWNERS", root / "deployments/site.yaml"
    assert "@" not in owners.read_text()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    site.write_text(site.read_text().replace("\n# admins: [account]", "\nadmins: [root]"))
    assert "wrote .github/CODEOWNERS" in init(root, *words)[1]
    assert "* @root" in owners.read_text()
    owners.write_text("* @mallory\n")
    assert "yours, left alone: .github/CODEOWNERS" in init(root, *words)[1]
    assert owners.read_text() == "* @mallory\n"


def test_pipelines_run_as_often_as_the_site_says(tmp_path: Path, init: Init) -> None:
    root, words = tmp_path / "registry", ("--forge", "github", "--tool", TOOL)
    init(root)
    site = root / "deployments/site.yaml"
    site.write_text(site.read_text().replace("schedule_minutes: 60", "schedule_minutes: 15"))
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    init(root, *words)
    assert "*/15 * * * *" in (root / ".github/workflows/apply.yml").read_text()


def test_links_are_never_followed(tmp_path: Path, init: Init) -> None:
    outside, root = tmp_path / "outside", tmp_path / "registry"
    outside.mkdir()
    root.mkdir()
    (root / "deployments").symlink_to(outside)
    (root / "README.md").symlink_to(outside / "made-by-nobody")
    code, shown = init(root)
    assert list(outside.iterdir()) == []
    assert code == 0
    assert "yours, left alone: deployments/site.yaml" in shown
    assert "yours, left alone: README.md" in shown


REFUSED = [
    (["--forge", "github"], "Add --tool URL@COMMIT"),
    (["--forge", "github", "--tool", "https://git.example.org/x@main"], "a branch or a tag may"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_a_pipeline_without_a_pinned_tool_is_refused(
    tmp_path: Path, init: Init, words: list[str], said: str
) -> None:
    code, shown = init(tmp_path / "registry", *words)
    assert (code, said in shown) == (2, True)
    assert not (tmp_path / "registry").exists()


def test_a_file_in_the_way_is_said(tmp_path: Path, init: Init) -> None:
    (tmp_path / "file").write_text("")
    code, shown = init(tmp_path / "file")
    assert (code, "Name another folder." in shown) == (2, True)


def test_a_folder_inside_of_a_repository_is_said(tmp_path: Path, init: Init) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert f"inside of the repository {tmp_path}" in init(tmp_path / "registry")[1]
    assert "git init" not in init(tmp_path)[1]


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a Markdown text, as GitHub and GitLab make them."""
    titles = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?ms)^```.*?^```", "", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("tool", [None, Tool.parse(TOOL)])
def test_every_link_of_its_pages_leads_somewhere(tool: Tool | None) -> None:
    found = registry_files("registry", "github" if tool else None, tool)
    followed = 0
    for path, text in found.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text) if path.endswith(".md") else ():
            if target.startswith("https://"):
                assert tool is not None
                assert target.startswith(
                    f"https://git.example.org/teaching/appstore/blob/{'a' * 40}/"
                )
                assert (ROOT / target.partition("a" * 40 + "/")[2].partition("#")[0]).exists()
                continue
            file, _, anchor = target.partition("#")
            there = str(Path(path).parent / file if file else Path(path))
            there = str(Path("/", there).resolve()).removeprefix("/")
            assert there in found, (path, target)
            assert not anchor or anchor in anchors(found[there]), (path, target)
            followed += 1
    assert followed > 10


@pytest.mark.parametrize("name", ["catalog", "deployments", "schemas", "tool"])
def test_there_is_one_text_of_each_page(name: str) -> None:
    page = Path(init_module.__file__).with_name("registry_files") / f"{name}.md"
    one = ROOT / "README.md" if name == "tool" else ROOT / name / "README.md"
    assert page.is_symlink()
    assert page.resolve() == one


def test_editors_know_every_kind_of_document_by_its_place() -> None:
    schemas = json.loads(editor_settings())["yaml.schemas"]
    seen: set[str] = set()
    for path in [*(ROOT / "deployments").rglob("*.yaml"), *(ROOT / "catalog").rglob("*.yaml")]:
        first = path.read_text().split("\n")[0]
        named = re.search(r"schema=(?:\.\./)+(schemas/.*)$", first)
        expected = {f"./{named[1]}"} if named else set()
        assert kinds(schemas, str(path.relative_to(ROOT))) == expected, path
        seen |= expected
    assert schemas.keys() - seen <= {"./schemas/approval.schema.json"}


def kinds(schemas: Mapping[str, str | list[str]], path: str) -> set[str]:
    """The schemas that an editor uses for this file; a later `!` takes a file out again."""

    def fits(glob: str) -> bool:
        return glob.count("/") == path.count("/") and fnmatchcase(path, glob)

    found = set()
    for schema, globs in schemas.items():
        every = [globs] if isinstance(globs, str) else globs
        inside = any(fits(glob) for glob in every if glob[0] != "!")
        if inside and not any(fits(glob[1:]) for glob in every if glob[0] == "!"):
            found.add(schema)
    return found


def test_every_commented_example_of_the_site_is_valid() -> None:
    text = registry_files("registry", None, None)["deployments/site.yaml"]
    shown = re.sub(r"(?m)^( *)# ([a-z_]+: [^ ])", r"\1\2", text)
    shown = re.sub(r"(?m)^(# .*:.*[a-z]\.)$", "", shown)
    assert all(f"{key}:" in shown for key in ("max_stacks", "admins", "risk", "read_only"))
    assert shown.count("admins: [account]") == 2
    findings = validate(Tree({"deployments/site.yaml": shown.encode()}, None, True), NOW).findings
    assert findings == ()


@pytest.mark.parametrize(
    ("folder", "owner"),
    [("Our Registry", "our-registry"), ("2026", "our-registry"), ("x" * 60, "x" * 40), ("é", None)],
)
def test_the_owner_id_comes_from_the_folder(folder: str, owner: str | None) -> None:
    text = registry_files(folder, None, None)["deployments/site.yaml"]
    assert f"\nowner: {owner or 'our-registry'}\n" in text
