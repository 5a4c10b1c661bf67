"""What changing one property does to a resource of a type.

Heat's schema says which properties can be updated at all; the tables here hold only what Heat
decides elsewhere. Source: `needs_replace_with_prop_diff`, `handle_update` and
`needs_replace_failed` of the resource classes of Heat 27; README of appstore, fact 5.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.reconcile.difference import Effect
from appstore.reconcile.hot.fates import Sameness
from appstore.reconcile.hot.values import Value

SEVERITY = (Effect.UNCHANGED, Effect.UPDATED, Effect.REBUILT, Effect.UNKNOWN, Effect.REPLACED)

GROUPS: Mapping[str, str] = {
    "OS::Heat::ResourceGroup": "resource_def",
    "OS::Heat::AutoScalingGroup": "resource",
}
"""The property that defines the members of a group."""

COUNTS: Mapping[str, tuple[str, ...]] = {
    "OS::Heat::ResourceGroup": ("count", "removal_policies"),
    "OS::Heat::AutoScalingGroup": ("min_size", "max_size", "desired_capacity"),
}
"""The properties that decide how many members a group has, and which."""

OPAQUE = frozenset({"OS::Heat::ResourceChain", "OS::Heat::InstanceGroup", "OS::Heat::Stack"})
"""Types with resources inside that we do not look into."""

INERT = frozenset({"OS::Heat::None"})
"""Types that Heat never updates, whatever their properties say."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The property that decides what a change does, its default, and what its values mean."""

    name: str
    default: Value
    meaning: Mapping[Value, tuple[Effect, str]]


POLICIES: Mapping[tuple[str, str], Policy] = {
    ("OS::Nova::Server", "flavor"): Policy(
        "flavor_update_policy",
        "RESIZE",
        {
            "RESIZE": (Effect.UPDATED, "is resized and starts anew"),
            "REPLACE": (Effect.REPLACED, "is replaced by its flavor_update_policy"),
        },
    ),
    ("OS::Nova::Server", "image"): Policy(
        "image_update_policy",
        "REBUILD",
        {
            "REBUILD": (Effect.REBUILT, "is rebuilt from the image"),
            "REBUILD_PRESERVE_EPHEMERAL": (Effect.REBUILT, "is rebuilt from the image"),
            "REPLACE": (Effect.REPLACED, "is replaced by its image_update_policy"),
        },
    ),
    ("OS::Nova::Server", "user_data"): Policy(
        "user_data_update_policy",
        "REPLACE",
        {
            "REPLACE": (Effect.REPLACED, "is replaced: user data runs only on a new server"),
            "REBUILD": (Effect.REBUILT, "is rebuilt by its user_data_update_policy"),
            "IGNORE": (Effect.UPDATED, "goes on; the new user data is not used"),
        },
    ),
    ("OS::Heat::TestResource", "value"): Policy(
        "update_replace",
        False,
        {
            False: (Effect.UPDATED, "is updated"),
            True: (Effect.REPLACED, "is replaced by its update_replace"),
        },
    ),
}


def property_effect(
    kind: str,
    name: str,
    same: Sameness,
    old: Mapping[str, Value],
    new: Mapping[str, Value],
    schema: Mapping[str, bool],
) -> tuple[Effect, str]:
    """The effect of one property that differs (or may differ), and how to say it.

    `schema` is `update_allowed` by property, as Heat's `resource_types/<type>` gives it.
    """
    if name not in schema:
        return Effect.UNKNOWN, "is not in Heat's schema of the type"
    if not schema[name]:
        return _at_most(Effect.REPLACED, same), "cannot be changed in place"
    if kind == "OS::Cinder::Volume" and name in ("size", "backup_id"):
        return _volume(name, same, old.get(name), new.get(name))
    policy = POLICIES.get((kind, name))
    if policy is None:
        return Effect.UPDATED, "changes"
    chosen = new.get(policy.name)
    if chosen is None:
        chosen = policy.default
    if not isinstance(chosen, str | bool) or chosen not in policy.meaning:
        return Effect.UNKNOWN, f"changes, and its {policy.name} is not known beforehand"
    effect, words = policy.meaning[chosen]
    return _at_most(effect, same), f"changes: the resource {words}"


def heals(kind: str) -> bool:
    """Whether Heat looks at a failed resource and keeps it when it is found in order."""
    return kind.startswith("OS::Neutron::") or kind in (
        "OS::Nova::Server",
        "OS::Nova::ServerGroup",
        "OS::Cinder::Volume",
    )


def perhaps(effect: Effect, why: str) -> tuple[Effect, str]:
    """The effect of a difference to what was sent last, when it may never have arrived.

    An update that fails leaves what it did not come to as it was, and Heat tells nowhere what that
    is: sending the old template again then heals a server that the new one would have replaced.
    """
    if effect in (Effect.REPLACED, Effect.REBUILT):
        return Effect.UNKNOWN, f"{why}, or stays, if the failed update did not come to it"
    return effect, why


def worst(effects: list[tuple[Effect, str]]) -> tuple[Effect, str]:
    """The gravest effect, with every reason for it."""
    gravest = max((effect for effect, _ in effects), key=SEVERITY.index, default=Effect.UNCHANGED)
    return gravest, "; ".join(why for effect, why in effects if effect is gravest)


def _at_most(effect: Effect, same: Sameness) -> Effect:
    if same is Sameness.MAYBE and effect is not Effect.UPDATED:
        return Effect.UNKNOWN
    return effect


def _volume(name: str, same: Sameness, old: Value, new: Value) -> tuple[Effect, str]:
    if name == "backup_id":
        return _at_most(Effect.REBUILT, same), "changes: the volume is overwritten from the backup"
    try:
        shrinks = float(str(new)) < float(str(old))
    except ValueError:
        return Effect.UPDATED, "changes"
    if shrinks:
        return Effect.UNKNOWN, "shrinks, which Heat refuses: the update would fail"
    return Effect.UPDATED, "grows"
