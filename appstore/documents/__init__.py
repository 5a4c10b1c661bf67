"""The YAML people write: strict loader with marks, frozen models, generated schemas (pure)."""
