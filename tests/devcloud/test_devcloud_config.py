"""The files that are written for the services and for their users."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from appstore.devcloud import clouds_yaml, config, settings
from appstore.devcloud.shape import PROJECTS, SERVICES, Variant
from appstore.devcloud.venv import Environment

VENV = Environment(Path("/venv"), "r")


@pytest.mark.parametrize("variant", Variant)
def test_every_service_gets_a_configuration_that_stays_on_loopback(
    tmp_path: Path, variant: Variant
) -> None:
    told = settings.fresh(variant, "r")
    config.write(tmp_path, told, VENV)
    for one in SERVICES[variant]:
        if not one.databases:
            continue
        path = tmp_path / "etc" / config.FILES.get(one.name, f"{one.name}/{one.name}.conf")
        text = path.read_text()
        parsed = configparser.RawConfigParser(strict=False)
        parsed.read_string(text)
        assert parsed.get("oslo_policy", "policy_file") == f"{tmp_path}/etc/{one.name}/policy.yaml"
        assert set(re.findall(r"https?://([^:/\s]+)", text)) <= {"127.0.0.1"}
        assert not re.search(r"[{}$]", text)
        if one.name != "keystone":
            secret = parsed.get("keystone_authtoken", "password")
            assert secret == told.secrets[one.name]


def test_what_is_written_is_for_the_owner_alone(tmp_path: Path) -> None:
    config.write(tmp_path, settings.fresh(Variant.FULL, "r"), VENV)
    loose = [one for one in (tmp_path / "etc").rglob("*") if one.stat().st_mode & 0o077]
    assert loose == []


def test_keys_are_made_once(tmp_path: Path) -> None:
    told = settings.fresh(Variant.LITE, "r")
    config.write(tmp_path, told, VENV)
    key = tmp_path / "etc" / "keystone" / "fernet" / "1"
    first = key.read_bytes()
    config.write(tmp_path, told, VENV)
    assert key.read_bytes() == first


def test_clouds_yaml_names_the_store_and_each_lecturer(tmp_path: Path) -> None:
    told = settings.fresh(Variant.LITE, "r")
    path = clouds_yaml.write(tmp_path, told)
    clouds = yaml.safe_load(path.read_text())["clouds"]
    assert list(clouds) == ["devcloud", "devcloud-plan", "devcloud-admin", *PROJECTS]
    assert clouds["devcloud"]["auth"] == {
        "auth_url": f"{told.url('keystone')}/v3",
        "username": "appstore-apply",
        "password": told.secrets["appstore-apply"],
        "user_domain_name": "Default",
        "project_name": "lecturer-a",
        "project_domain_name": "Default",
    }
    assert path.stat().st_mode & 0o777 == 0o600


def made(folder: Path) -> Path:
    folder.mkdir()
    clouds_yaml.write(folder, settings.fresh(Variant.LITE, "r"))
    return folder


def test_the_published_copy_is_written_and_withdrawn(tmp_path: Path) -> None:
    state, target = made(tmp_path / "one"), tmp_path / "config" / "openstack" / "clouds.yaml"
    assert clouds_yaml.publish(state, target) is None
    assert target.read_text() == (state / "clouds.yaml").read_text()
    assert clouds_yaml.publish(state, target) is None
    clouds_yaml.withdraw(state, target)
    assert not target.exists()


@pytest.mark.parametrize("mine", ["", "clouds:\n", "# my own\n"])
def test_a_persons_own_file_is_left_alone(tmp_path: Path, mine: str) -> None:
    state, target = made(tmp_path / "one"), tmp_path / "clouds.yaml"
    target.write_text(mine)
    assert clouds_yaml.publish(state, target) == "you"
    clouds_yaml.withdraw(state, target)
    assert target.read_text() == mine


def test_the_copy_belongs_to_a_cloud_until_that_is_gone(tmp_path: Path) -> None:
    first, second = made(tmp_path / "one"), made(tmp_path / "two")
    target = tmp_path / "clouds.yaml"
    clouds_yaml.publish(first, target)
    assert clouds_yaml.publish(second, target) == str(first)
    clouds_yaml.withdraw(second, target)
    assert target.exists()
    (first / "clouds.yaml").unlink()
    assert clouds_yaml.publish(second, target) is None
