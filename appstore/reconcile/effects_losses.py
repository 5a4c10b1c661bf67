"""Sentences for lecturers about what an update loses."""

from collections.abc import Mapping

from appstore.reconcile.changes_text import shown
from appstore.reconcile.difference import Effect, ResourceEffect

_NOUNS: Mapping[str, tuple[str, str]] = {
    "OS::Nova::Server": ("server", "what is on its disk"),
    "OS::Cinder::Volume": ("volume", "what is stored on it"),
    "OS::Manila::Share": ("share", "what is stored on it"),
    "OS::Trove::Instance": ("database", "what is stored in it"),
    "OS::Swift::Container": ("container", "what is stored in it"),
}


def loss(found: ResourceEffect, version: str) -> str | None:
    """The sentence for one effect, None where nothing is lost; `version` as `name@version`."""
    if found.guarded and found.effect in (Effect.REPLACED, Effect.UNKNOWN):
        return _forbidden(found, version)
    if found.type in _NOUNS:
        noun, content = _NOUNS[found.type]
        thing = f"the {noun} {_named(found.name)}"
        match found.effect:
            case Effect.REPLACED:
                return f"{thing} is replaced: {content} is lost"
            case Effect.REBUILT:
                return f"{thing} is rebuilt: {content} is overwritten"
            case Effect.DELETED:
                return f"{thing} is deleted: {content} is lost"
            case Effect.UNKNOWN:
                return f"it is not known whether {thing} is replaced; if so, {content} is lost"
            case _:
                return None
    match found.type, found.effect:
        case (("OS::Neutron::FloatingIP" | "OS::Nova::FloatingIP"), Effect.REPLACED):
            return f"the floating IP address {_named(found.name)} changes"
        case (("OS::Neutron::FloatingIP" | "OS::Nova::FloatingIP"), Effect.UNKNOWN):
            return f"the floating IP address {_named(found.name)} may change"
        case (("OS::Neutron::FloatingIP" | "OS::Nova::FloatingIP"), Effect.DELETED):
            return f"the floating IP address {_named(found.name)} is given up"
        case "OS::Heat::RandomString", Effect.REPLACED:
            return f"the generated text {_named(found.name)} is made anew: passwords from it change"
        case _:
            return None


def _forbidden(found: ResourceEffect, version: str) -> str:
    """What happens when Heat is told not to make the replacement that the update would need."""
    noun = _NOUNS.get(found.type, ("resource", ""))[0]
    thing = f"the {noun} {_named(found.name)}"
    order = f"to order it write accept_replace: {shown(version)}"
    if found.effect is Effect.UNKNOWN:
        return f"the update may need to replace {thing}, which is forbidden: then it fails; {order}"
    return (
        f"the update needs to replace {thing}, which is forbidden: it would fail, and nothing is "
        f"lost; {order}"
    )


def _named(name: str) -> str:
    return f'"{shown(name)}"'
