"""What every template of the catalog must keep to, so that Heat takes it and nothing is fetched.

Sources: README of appstore, facts 2 (limits, versions) and 4.1 (what Heat would fetch).
"""

import re
from collections.abc import Iterator, Mapping

from appstore.documents.findings import Finding
from appstore.wanted.guards import SERVER
from appstore.wanted.hot import Resource, Template, every, mapping
from appstore.wanted.servers import server_findings

HOT_VERSIONS = (
    *("2013-05-23", "2014-10-16", "2015-04-30", "2015-10-15", "2016-04-08", "2016-10-14"),
    *("2017-02-24", "2017-09-01", "2018-03-02", "2018-08-31", "2021-04-16"),
    *("newton", "ocata", "pike", "queens", "rocky", "wallaby"),
)
SECTIONS = (
    *("heat_template_version", "description", "parameter_groups", "parameters"),
    *("resources", "outputs", "conditions"),
)
MAX_TEMPLATE = 512 * 1024

ONLY_BY_NAME = (
    *("OS::Heat::Stack", "OS::Heat::ResourceChain", "OS::Heat::InstanceGroup"),
    *("AWS::CloudFormation::Stack", "AWS::AutoScaling::AutoScalingGroup"),
)
"""Types that make resources which we cannot see; a pattern of the site does not cover them."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_WORDS_OF_THE_REGISTRY = ("hooks", "restricted_actions")


def template_findings(
    template: Template, files: Mapping[str, str], types: tuple[str, ...]
) -> Iterator[Finding]:
    """Everything wrong in one template, nested or not.

    `files` are those of the closure, `types` the site's `resource_types`, which may end in `*`.
    """
    yield from _frame_findings(template)
    for resource in every(template):
        yield from _name_findings(template, resource)
        yield from _type_findings(template, resource, types)
        if resource.type == SERVER:
            yield from server_findings(template, resource, files)


def _frame_findings(template: Template) -> Iterator[Finding]:
    hot = template.model
    if hot.get("heat_template_version") not in HOT_VERSIONS:
        yield template.finding(
            "hot/version",
            "heat_template_version is missing or not known to Heat.",
            "Write heat_template_version: 2021-04-16.",
            ("heat_template_version",),
        )
    for key in sorted(hot.keys() - set(SECTIONS)):
        yield template.finding(
            "hot/section",
            f'"{key[:80]}" is not a section of a Heat template.',
            f"Sections are: {', '.join(SECTIONS)}.",
            (key,),
        )
    if not mapping(hot.get("resources")):
        yield template.finding(
            "hot/resources",
            "The template has no resources.",
            "List at least one resource below resources:.",
            ("resources",),
        )
    if len(str(hot)) > MAX_TEMPLATE:  # Heat measures `str()` of the parsed template
        yield template.finding(
            "hot/too-large",
            "The template is larger than 512 KiB; Heat takes no more.",
            "Move long texts into files beside it.",
        )


def _name_findings(template: Template, resource: Resource) -> Iterator[Finding]:
    if resource.at[-1] != resource.name:
        return  # what a group repeats has no name of its own
    if not _NAME.fullmatch(resource.name) or resource.name in _WORDS_OF_THE_REGISTRY:
        yield template.finding(
            "hot/resource-name",
            f'The resource name "{resource.name[:80]}" cannot be used.',
            "Use letters, digits, _, - and . only, and neither hooks nor restricted_actions.",
            resource.at,
        )


def _type_findings(
    template: Template, resource: Resource, types: tuple[str, ...]
) -> Iterator[Finding]:
    if resource.type is None:
        yield template.finding(
            "hot/type",
            "The type of a resource must be written out.",
            "Write a type such as OS::Nova::Server, or a file of this folder.",
            (*resource.at, "type"),
        )
    elif resource.template is None and not _allowed(resource.type, types):
        yield template.finding(
            "hot/resource-type",
            f"The resource type {resource.type} is not allowed here.",
            "Admins list the allowed types as resource_types in deployments/site.yaml.",
            (*resource.at, "type"),
        )
    for key in ("template_url", "TemplateURL"):
        if key in resource.properties:
            yield template.finding(
                "hot/remote-template",
                "A template must not be fetched from an address.",
                "Put the nested template into the version folder and use its path as type.",
                resource.place(key),
            )


def _allowed(type_: str, types: tuple[str, ...]) -> bool:
    if type_ in types:
        return True
    patterns = (entry.removesuffix("*") for entry in types if entry.endswith("*"))
    return type_ not in ONLY_BY_NAME and any(type_.startswith(start) for start in patterns)
