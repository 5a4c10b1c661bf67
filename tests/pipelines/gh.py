"""The two commands of GitHub's own `gh` that our workflows use, over its API."""

import json
import os
import sys
import urllib.request


def main(words: list[str]) -> None:
    """`gh pr view N --json state --jq .state`, `gh workflow run FILE --ref main [--raw-field]`."""
    match words:
        case ["pr", "view", number, "--json", "state", "--jq", ".state"]:
            pull = ask("GET", f"pulls/{number}")
            print("MERGED" if pull["merged_at"] else pull["state"].upper())
        case ["workflow", "run", name, "--ref", "main", *rest]:
            fields = dict(field.split("=", 1) for field in rest[1::2])
            assert rest[::2] == ["--raw-field"] * len(fields)
            ask("POST", f"actions/workflows/{name}/dispatches", {"ref": "main", "inputs": fields})
        case _:
            sys.exit(f"gh {words}: not known here")


def ask(method: str, path: str, body: object = None) -> dict[str, str]:
    """One request with the token of the job."""
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GH_REPO']}/{path}"
    data = json.dumps(body).encode() if body else None
    headers = {"Authorization": f"Bearer {os.environ['GH_TOKEN']}"}
    with urllib.request.urlopen(
        urllib.request.Request(url, data, headers, method=method)
    ) as answer:
        told: dict[str, str] = json.loads(answer.read() or b"{}") or {}
        return told


if __name__ == "__main__":
    main(sys.argv[1:])
