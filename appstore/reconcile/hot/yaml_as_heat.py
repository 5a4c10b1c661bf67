"""YAML as Heat reads it; kept apart because importing yaml costs start-up time."""

from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class HeatLoader(_Base):  # type: ignore[misc]
    """The safe loader, with timestamps kept as text (heat/common/template_format.py)."""


HeatLoader.add_constructor(
    "tag:yaml.org,2002:timestamp",
    lambda loader, node: loader.construct_scalar(node),
)
