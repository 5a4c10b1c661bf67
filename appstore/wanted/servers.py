"""What every server must say, so that an update never wipes a disk behind our guards.

Rebuilding is not a replacement in Heat's eyes, so `restricted_actions` does not stop it; and user
data made by a software config cannot be updated again after a refusal (README of appstore, facts
5.2 and 5.3).
"""

from collections.abc import Iterator, Mapping

from appstore.documents.findings import Finding
from appstore.documents.marks import JsonValue
from appstore.wanted.hot import Resource, Template, calls, mapping

MAX_USER_DATA = 48 * 1024 - 1
"""Bytes; Nova takes 65,535 characters of base64."""


def server_findings(
    template: Template, server: Resource, files: Mapping[str, str]
) -> Iterator[Finding]:
    """Everything wrong with one server; `files` are those of the closure."""
    properties = server.properties
    if properties.get("image_update_policy") != "REPLACE":
        yield template.finding(
            "hot/image-update-policy",
            "A new image would wipe this server's disk without being held back.",
            "Write image_update_policy: REPLACE below its properties.",
            server.place("image_update_policy"),
        )
    if properties.get("user_data_update_policy", "REPLACE") not in ("REPLACE", "IGNORE"):
        yield template.finding(
            "hot/user-data-update-policy",
            "New user data would wipe this server's disk without being held back.",
            "Leave user_data_update_policy out, or write REPLACE.",
            server.place("user_data_update_policy"),
        )
    yield from _user_data_findings(template, server, files)


def _user_data_findings(
    template: Template, server: Resource, files: Mapping[str, str]
) -> Iterator[Finding]:
    data = server.properties.get("user_data")
    format_ = server.properties.get("user_data_format")
    if (data is not None or format_ is not None) and format_ != "RAW":
        yield template.finding(
            "hot/user-data-format",
            "User data must be passed raw.",
            "Write user_data_format: RAW below the server's properties.",
            server.place("user_data_format"),
        )
    if isinstance(data, dict) and data.keys() == {"get_resource"}:
        yield template.finding(
            "hot/user-data-format",
            "User data made by another resource cannot be updated safely.",
            "Write the text itself, with get_file or str_replace.",
            server.place("user_data"),
        )
    if _literal_size(data, files) > MAX_USER_DATA:
        yield template.finding(
            "hot/user-data-too-large",
            "The user data is larger than 48 KiB; Nova takes no more.",
            "Let the instance download what is long.",
            server.place("user_data"),
        )


def _literal_size(data: JsonValue, files: Mapping[str, str]) -> int:
    """Bytes of user data that is a text, a file, or one of them with replacements."""
    if isinstance(data, str):
        return len(data.encode())
    for function in ("str_replace", "str_replace_strict", "str_replace_vstrict"):
        for _, argument in calls(data, function):
            return _literal_size(mapping(argument).get("template"), files)
    for _, argument in calls(data, "get_file"):
        return len(files.get(str(argument), "").encode())
    return 0
