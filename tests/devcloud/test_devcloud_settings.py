"""What a state folder remembers, and how it is made and told apart from other folders."""

import json
import socket
from pathlib import Path

import pytest

from appstore.devcloud import cloud, settings
from appstore.devcloud.shape import HOST, SERVICES, Variant
from appstore.errors import AppstoreError


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        assert not settings.is_free(port)


def test_a_port_with_a_listener_on_every_address_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        assert not settings.is_free(listener.getsockname()[1])


@pytest.mark.parametrize("variant", Variant)
def test_a_new_cloud_gets_a_port_of_its_own_for_each_service(variant: Variant) -> None:
    ports = settings.fresh(variant, "r").ports
    assert list(ports) == [one.name for one in SERVICES[variant]]
    assert len(set(ports.values())) == len(ports)
    assert all(port in settings.PORTS for port in ports.values())


def test_no_two_clouds_and_no_two_users_share_a_secret() -> None:
    words = [*settings.fresh(Variant.FULL, "r").secrets.values()]
    words += settings.fresh(Variant.FULL, "r").secrets.values()
    assert len(set(words)) == len(words)
    assert min(len(word) for word in words) >= 32


def test_settings_are_remembered_for_their_owner_alone(tmp_path: Path) -> None:
    told = settings.fresh(Variant.FULL, "r")
    settings.save(tmp_path, told)
    assert settings.load(tmp_path) == told
    assert (tmp_path / settings.NAME).stat().st_mode & 0o777 == 0o600


def test_a_folder_without_settings_has_none(tmp_path: Path) -> None:
    assert settings.load(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"variant": "huge"}', "\x00"])
def test_damaged_settings_are_told_with_a_way_out(tmp_path: Path, content: str) -> None:
    (tmp_path / settings.NAME).write_text(content)
    with pytest.raises(AppstoreError, match="is damaged") as caught:
        settings.load(tmp_path)
    assert "down --wipe" in caught.value.hint


def test_a_folder_with_other_things_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(AppstoreError, match="holds other things"):
        cloud.up(Variant.LITE, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_wiping_leaves_what_is_not_of_the_cloud(tmp_path: Path) -> None:
    settings.save(tmp_path, settings.fresh(Variant.LITE, "r"))
    (tmp_path / "lock").touch()
    (tmp_path / "notes.txt").write_text("mine")
    cloud.down(tmp_path, wipe=True)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_wiping_a_folder_that_is_no_cloud_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    cloud.down(tmp_path, wipe=True)
    assert (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"variant": "full"}, "holds a full cloud"), ({"release": "old"}, "with other packages")],
)
def test_a_cloud_of_another_kind_is_not_touched(
    tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    settings.save(tmp_path, settings.fresh(Variant.LITE, "r"))
    path = tmp_path / settings.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(AppstoreError, match=sentence):
        cloud.up(Variant.LITE, tmp_path)


def test_databases_without_settings_are_not_guessed_about(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    with pytest.raises(AppstoreError, match=r"has databases but no devcloud\.json"):
        cloud.up(Variant.LITE, tmp_path)


@pytest.mark.parametrize("name", ["a$b", "a%b", "a#b", "a\nb", "ä"])
def test_a_folder_that_configuration_files_cannot_name_is_refused(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(AppstoreError, match="cannot carry"):
        cloud.up(Variant.LITE, tmp_path / name)
