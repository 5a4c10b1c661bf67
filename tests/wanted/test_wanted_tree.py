"""What holds an instance and what holds a lecturer; and that a version is worked out once."""

from dataclasses import replace

import pytest
from wanted_samples import CONTRACT, FILES, HEAT_PATH, LAB, NOW, Edits, edited, sample, stacks, tree

from appstore.wanted import tree as tree_module
from appstore.wanted.compiled import compile_version
from appstore.wanted.stacks import HeldLecturer, HeldStack, LecturerStacks, WantedStack
from appstore.wanted.tree import wanted_tree

BOB: Edits = {
    "deployments/bob/lecturer.yaml": "tenant: inf\ncloud: main\nproject: bob-project\n",
    "deployments/bob/solo.yaml": FILES["deployments/ada/net.yaml"].replace("base: true\n", ""),
}


def test_the_owner_and_the_lecturers_in_order() -> None:
    wanted = tree(BOB)
    assert wanted.owner == "demo"
    assert [(one.lecturer, one.cloud, one.project) for one in wanted.lecturers] == [
        ("ada", "main", "ada-project"),
        ("bob", "main", "bob-project"),
    ]


def test_a_wrong_parameter_holds_its_lecturer_and_nobody_else() -> None:
    ada, bob = tree({**BOB, **edited(LAB, "size: small", "size: huge")}).lecturers
    assert isinstance(ada, HeldLecturer)
    assert (ada.cloud, ada.project, ada.finding.path) == ("main", "ada-project", LAB)
    assert isinstance(bob, LecturerStacks)


def test_a_lecturer_held_by_the_registry_stays_held() -> None:
    ada, bob = tree({**BOB, LAB: FILES[LAB] + "fro: x\n"}).lecturers
    assert isinstance(ada, HeldLecturer)
    assert (ada.project, ada.finding.path) == ("ada-project", LAB)
    assert isinstance(bob, LecturerStacks)


def test_a_lecturer_without_a_readable_file_is_held_without_a_project() -> None:
    ada, _ = tree({**BOB, "deployments/ada/lecturer.yaml": "tenant: 3\n"}).lecturers
    assert ada == HeldLecturer("ada", None, None, ada.finding)  # type: ignore[union-attr]


V2 = "catalog/web-lab/2.0.0"
TWO_VERSIONS: Edits = {
    f"{V2}/version.yaml": FILES[CONTRACT],
    f"{V2}/heat.yaml": FILES[HEAT_PATH].replace("REPLACE", "REBUILD"),
    f"{V2}/init.sh": "x",
}


def held_and_wanted(edits: Edits) -> tuple[dict[str, str], list[str]]:
    (ada,) = tree(edits).lecturers
    assert isinstance(ada, LecturerStacks)
    held = {str(s.id): s.finding.path for s in ada.stacks if isinstance(s, HeldStack)}
    return held, [str(s.id) for s in ada.stacks if isinstance(s, WantedStack)]


def test_a_wrong_version_holds_its_own_instances() -> None:
    edits = {**TWO_VERSIONS, **edited(LAB, "1.0.0", "2.0.0")}
    held, wanted = held_and_wanted(edits)
    assert held == {f"db1/lab/{m}": f"{V2}/heat.yaml" for m in ("s01", "s02", "s03", "x01")}
    assert wanted == ["net"]


def test_a_version_that_the_registry_could_not_read_holds_its_instances() -> None:
    edits = {**TWO_VERSIONS, f"{V2}/version.yaml": "timeout: x\n", **edited(LAB, "1.0.0", "2.0.0")}
    held, wanted = held_and_wanted(edits)
    assert set(held.values()) == {f"{V2}/version.yaml"}
    assert wanted == ["net"]


def test_a_broken_card_holds_every_instance_of_its_template() -> None:
    held, wanted = held_and_wanted({"catalog/web-lab/template.yaml": "title: 3\n"})
    assert set(held.values()) == {"catalog/web-lab/template.yaml"}
    assert (len(held), wanted) == (5, [])


def test_a_wrong_version_that_nobody_uses_is_found_too() -> None:
    wanted = tree(TWO_VERSIONS)
    assert {finding.path for finding in wanted.findings} == {f"{V2}/heat.yaml"}
    assert len(stacks(TWO_VERSIONS)) == 5


@pytest.mark.parametrize("site", [None, "owner: [\n"])
def test_without_a_site_every_lecturer_is_held(site: str | None) -> None:
    wanted = tree({**BOB, "deployments/site.yaml": site})
    assert [type(one) for one in wanted.lecturers] == [HeldLecturer, HeldLecturer]
    assert {one.finding.path for one in wanted.lecturers if isinstance(one, HeldLecturer)} == {
        "deployments/site.yaml"
    }


def test_a_version_is_compiled_once_for_all_who_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def counting(version, types):  # type: ignore[no-untyped-def]
        compiled.append(version.ref)
        return compile_version(version, types)

    monkeypatch.setattr(tree_module, "compile_version", counting)
    many = {f"deployments/ada/db1/lab{i}.yaml": FILES[LAB] for i in range(20)}
    found = stacks(many)
    assert compiled == ["web-lab@1.0.0"]
    assert len(found) == 85
    specs = {id(stack.spec) for stack in found.values()}
    assert len(specs) == 2, "equal deployments share one spec"


def test_the_same_tree_and_moment_give_the_same_value() -> None:
    assert tree() == tree()


def test_a_registry_without_lecturers_wants_nothing() -> None:
    assert wanted_tree(replace(sample(), lecturers={}), NOW).lecturers == ()
