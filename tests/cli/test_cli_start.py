"""Start-up: `--help` shows every verb and imports none of the heavy packages."""

import os
import subprocess
import sys

import pytest

from appstore.cli.main import VERBS, appstore

HEAVY = (
    *("pydantic", "jsonschema", "git", "openstack"),
    *("keystoneauth1", "heatclient", "rich", "yaml", "github", "gitlab"),
)


def imported_by(arguments: list[str]) -> set[str]:
    """The top-level packages that a run of the command has imported when it ends."""
    code = (
        "import sys; from appstore.cli.main import main\n"
        f"sys.argv = ['appstore', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('\\n'.join(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plan", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert imported_by(arguments).isdisjoint(HEAVY)


def test_validate_touches_no_cloud_library() -> None:
    assert imported_by(["validate", "--repo", "."]).isdisjoint(
        {"openstack", "keystoneauth1", "heatclient", "requests", "rich"}
    )


@pytest.mark.parametrize("verb", ["validate", "plan", "status", "calendar", "owners"])
def test_what_asks_no_forge_imports_no_forge_client(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", os.devnull)
    assert imported_by([verb, "--repo", "."]).isdisjoint({"github", "gitlab"})


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    appstore.main([verb, "--help"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "Example" in shown or "Commands:" in shown
    assert max(map(len, shown.splitlines())) <= 80
