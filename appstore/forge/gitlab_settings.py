"""The settings of a GitLab project that the workflow relies on, as far as a token may see."""

from typing import Any  # attributes of python-gitlab's objects have no types

from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project

from appstore.forge.protocol import Protection

_DEVELOPER = 30


def protections(project: Project, settings: dict[str, Any]) -> tuple[Protection, ...]:
    """See `Forge`; `settings` are the project's attributes. Raises what the library raises."""
    default = settings["default_branch"]
    role = settings.get("ci_pipeline_variables_minimum_override_role")
    return (
        Protection(
            f"only maintainers may push to {default}",
            _closed(project, default),
            "Settings > Repository > Protected branches: nobody may push, maintainers may merge.",
        ),
        Protection(
            "the CI configuration lies in another project",
            "@" in (settings.get("ci_config_path") or ""),
            "Settings > CI/CD > General pipelines > CI/CD configuration file: "
            ".gitlab-ci.yml@<group>/<project that lecturers cannot write>",
        ),
        Protection(
            "nobody may pass variables to a pipeline",
            None if role is None else role == "no_one_allowed",
            "Settings > CI/CD > Variables > Minimum role to use pipeline variables: no one allowed",
        ),
        Protection(
            "every variable is protected",
            _guarded(project),
            "Settings > CI/CD > Variables: mark each that holds a secret as protected and masked.",
        ),
    )


def _closed(project: Project, branch: str) -> bool | None:
    try:
        levels = project.protectedbranches.get(branch).push_access_levels
    except GitlabError as error:
        if error.response_code == 404:
            return False
        if error.response_code == 403:
            return None
        raise
    return all(not 0 < level["access_level"] <= _DEVELOPER for level in levels)


def _guarded(project: Project) -> bool | None:
    try:
        return all(each.protected for each in project.variables.list(iterator=True))
    except GitlabError as error:
        if error.response_code == 403:
            return None
        raise
