# mypy: disable-error-code="import-not-found"
"""`python -P -m devcloud.neutron_schema DATABASE`: Neutron's tables, made from its models.

As its own unit tests do on sqlite; the migrations are written for MySQL and PostgreSQL.
"""

from __future__ import annotations

import sys


def main(path: str) -> None:
    """Create every table of this Neutron version."""
    import sqlalchemy
    from neutron.db.migration import cli  # noqa: F401  (registers options that the models read)
    from neutron.db.migration.models import head

    head.get_metadata().create_all(sqlalchemy.create_engine(f"sqlite:///{path}"))


if __name__ == "__main__":
    # Neutron's options look at the command line too.
    main(sys.argv.pop())
