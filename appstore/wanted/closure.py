"""The files that a version's template needs: all of them inside its folder, and no others.

Heat looks a reference up word for word among the files that are sent (README of appstore,
fact 4.1), in nested templates too. So every reference, wherever it stands, is the file's path
relative to the version folder; nothing is rewritten, and what is sent is what was reviewed, byte
for byte.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from appstore.documents.findings import Finding
from appstore.documents.marks import Document, JsonValue, Path
from appstore.documents.strict import HEAT, load
from appstore.documents.text import decode
from appstore.registry.registry import TemplateVersion
from appstore.wanted.hot import Template, calls, every

_TEMPLATE_SUFFIXES = (".yaml", ".template")


@dataclass(frozen=True, slots=True)
class Closure:
    """The files to send by their path in the folder, and those of them that are templates."""

    files: Mapping[str, str]
    templates: Mapping[str, Template]
    findings: tuple[Finding, ...]


def closure(version: TemplateVersion) -> Closure:
    """Everything that heat.yaml names, directly or through nested templates."""
    search = _Search(version)
    search.follow(version.heat, ())
    return Closure(search.files, search.templates, tuple(search.findings))


@dataclass(slots=True)
class _Search:
    version: TemplateVersion
    files: dict[str, str] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def follow(self, template: Template, through: tuple[str, ...]) -> None:
        """Take what this template names; `through` are the nested templates on the way to it."""
        for at, argument in calls(dict(template.model), "get_file"):
            known = len(self.files)
            if self._take(template, at, argument) and len(self.files) > known:
                self._look_at(str(argument))
        for resource in every(template):
            if resource.template is not None:
                self._nest(template, (*resource.at, "type"), resource.template, through)

    def _nest(self, template: Template, at: Path, key: str, through: tuple[str, ...]) -> None:
        if key in through:
            self._say(
                template,
                at,
                "hot/template-cycle",
                f'"{key}" contains itself: {" -> ".join((*through, key))}.',
                "A nested template cannot, through others, name itself.",
            )
        elif not key.endswith(_TEMPLATE_SUFFIXES):
            self._say(
                template,
                at,
                "hot/type",
                f'"{key}" is neither a resource type nor a template file.',
                "Write a type such as OS::Nova::Server, or a file that ends in .yaml.",
            )
        elif self._take(template, at, key) and key not in self.templates and self._parse(key):
            self.follow(self.templates[key], (*through, key))

    def _look_at(self, key: str) -> None:
        """A script is read by reviewers too: nothing hidden, and no secret written out."""
        data = self.version.files[key]
        self.findings.extend(decode(f"{self.version.folder}/{key}", data, len(data)).findings)

    def _parse(self, key: str) -> bool:
        path = f"{self.version.folder}/{key}"
        loaded = load(path, self.version.files[key], HEAT)
        self.findings.extend(loaded.findings)
        if loaded.value is None:
            return False
        self.templates[key] = Document(path, loaded.value, loaded.marks)
        return True

    def _take(self, template: Template, at: Path, argument: JsonValue) -> bool:
        """Add one file to the closure; False when it may not or cannot be sent."""
        if not isinstance(argument, str):
            self._say(
                template,
                at,
                "hot/dynamic-file",
                "The name of a file must be written out; it cannot be computed.",
                "Write the file's path, relative to the version folder.",
            )
            return False
        if argument in self.files:
            return True
        if argument not in self.version.files:
            self._missing(template, at, argument)
            return False
        try:
            self.files[argument] = self.version.files[argument].decode()
        except UnicodeDecodeError:
            self._say(
                template,
                at,
                "hot/binary-file",
                f'"{argument}" is not text in UTF-8; Heat is sent text only.',
                "Let the instance download binary content, or encode it in base64.",
            )
            return False
        return True

    def _missing(self, template: Template, at: Path, argument: str) -> None:
        folder = posixpath.dirname(template.path.removeprefix(f"{self.version.folder}/"))
        meant = posixpath.normpath(posixpath.join(folder, argument))
        outside = (
            ":" in argument or "\\" in argument or argument.startswith("/") or ".." in argument
        )
        if meant in self.version.files:
            hint = f'Names are relative to the version folder, everywhere: write "{meant}".'
        elif outside:
            hint = "Copy the file into the version folder and write its path from there."
        else:
            hint = f"Add the file {self.version.folder}/{argument}, or correct the name."
        rule = "hot/file-outside" if outside else "hot/missing-file"
        fault = "is not a path inside" if outside else "does not exist in"
        message = f'"{argument[:200]}" {fault} the version folder.'
        self._say(template, at, rule, message, hint)

    def _say(self, template: Template, at: Path, rule: str, message: str, hint: str) -> None:
        self.findings.append(template.finding(rule, message, hint, at))
