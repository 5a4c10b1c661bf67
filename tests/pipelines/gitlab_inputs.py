"""Typed inputs of a pipeline as GitLab puts them in: as text, before the file is read as YAML.

Source: gitlab-ci-local checks no `regex` and puts values into what is parsed already, so what could
break out of its place would not be seen. GitLab's lib/gitlab/ci/config/interpolation: StringInput
and TextTemplate.
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml


def filled(file: str, typed: Mapping[str, str]) -> str:
    """The configuration with what somebody typed; raises ValueError where GitLab makes no pipeline.

    What was not typed has its default.
    """
    header, body = file.split("\n---\n")
    inputs = yaml.safe_load(header)["spec"]["inputs"]
    if unknown := typed.keys() - inputs.keys():
        raise ValueError(f"unknown inputs: {', '.join(unknown)}")
    values = {name: typed.get(name, rules["default"]) for name, rules in inputs.items()}
    for name, value in values.items():
        if not takes(inputs[name], value):
            raise ValueError(f"{name}: provided value does not match")
    return re.sub(r"\$\[\[\s*inputs\.(\w+)\s*\]\]", lambda found: values[found[1]], body)


def takes(rules: Mapping[str, Any], value: str) -> bool:
    """Whether an input of these rules may have this value."""
    if "options" in rules:
        return value in rules["options"]
    # In RE2 and in the form's own check `$` is the end of the text; Python's allows a line break.
    pattern = rules["regex"]
    return pattern[0] + pattern[-1] == "^$" and bool(re.fullmatch(pattern, value))
