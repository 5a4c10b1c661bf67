"""Writes golden.json: the sample repository as text, and the digests it must have for ever.

Made once, from the root of the repository, with
    PYTHONPATH=. .venv/bin/python tests/wanted/golden.py
It refuses to overwrite: a digest that changes makes every stack of every installation update.
Whoever means it raises DIGEST_FORMAT first, deletes the file, and says why in the commit.
"""

import json
from pathlib import Path

from wanted_samples import FILES, HEAT_PATH, LAB, VERSION, edited, stacks

GOLDEN = Path(__file__).with_name("golden.json")

FILES_OF_GOLDEN = {
    **FILES,
    **edited(
        HEAT_PATH,
        "resources:\n",
        "resources:\n  many:\n    type: OS::Heat::ResourceGroup\n"
        "    properties: {count: 2, resource_def: {type: parts/node.yaml}}\n",
    ),
    f"{VERSION}/parts/node.yaml": "heat_template_version: 2018-08-31\n"
    "resources:\n  value: {type: OS::Heat::Value, properties: {value: grün}}\n",
    "deployments/ada/db1/one.yaml": FILES[LAB].replace("student", "course")
    + "accept_replace: web-lab@1.0.0\n",
}


def digests(files: dict[str, str]) -> dict[str, str]:
    """The spec digest of each instance."""
    return {id_: stack.spec.digest for id_, stack in stacks(files).items()}


if __name__ == "__main__":
    golden = {"files": FILES_OF_GOLDEN, "digests": digests(FILES_OF_GOLDEN)}
    with GOLDEN.open("x") as out:
        json.dump(golden, out, indent=1, ensure_ascii=False)
        out.write("\n")
