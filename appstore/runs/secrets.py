"""Secret values by reference, read at the moment a request is sent and kept nowhere.

A reference names a key; whose it is follows from where the deployment lies. So a merge request
can ask for a secret of its own lecturer, and for no other variable or file of the machine.
A lecturer's name holds no double hyphen, so the double underscore keeps the names apart.
"""

from collections.abc import Mapping
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.wanted.spec import SecretRef
from appstore.wanted.stacks import WantedStack

FOLDER = "APPSTORE_SECRETS_DIR"


def secrets_of(stack: WantedStack, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Secret values by parameter name; raises AppstoreError when one is missing."""
    lecturer = stack.path.split("/")[1]
    return {
        name: _read(lecturer, value, environment)
        for name, value in stack.spec.parameters.items()
        if isinstance(value, SecretRef)
    }


def _read(lecturer: str, ref: SecretRef, environment: Mapping[str, str]) -> str:
    if ref.source == "env":
        name = f"APPSTORE_SECRET_{lecturer}__{ref.key}".replace("-", "_").upper()
        if not (value := environment.get(name)):
            raise _missing(ref, f"the variable {name} is not set")
        return value
    folder = environment.get(FOLDER)
    if not folder:
        raise _missing(ref, f"{FOLDER} does not name the folder of secret files")
    try:
        return (Path(folder) / lecturer / ref.key).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise _missing(ref, f"there is no readable file {lecturer}/{ref.key} in {FOLDER}") from None


def _missing(ref: SecretRef, why: str) -> AppstoreError:
    return AppstoreError(
        f"The secret {ref.key} cannot be read: {why}.",
        "Ask the admins of the app store to store it for the pipeline that applies.",
    )
