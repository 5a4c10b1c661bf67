"""A plan with nothing to do: 300 one-resource stacks over 3 projects, against a bare script.

Target: the whole process takes at most 1.3 times the bare keystoneauth script plus 0.8 s.
Run: .venv/bin/python tests/benchmarks/plan_nothing.py --clouds clouds.yaml
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import big_registry
from timing import in_turn

BARE = """
import sys, yaml
from concurrent.futures import ThreadPoolExecutor
from keystoneauth1 import session
from keystoneauth1.identity import v3
told = yaml.safe_load(open(sys.argv[1]))["clouds"]["devcloud-plan"]["auth"]
url = told["auth_url"]
keystone = session.Session(
    auth=v3.Password(
        auth_url=url,
        username=told["username"],
        password=told["password"],
        user_domain_name=told["user_domain_name"],
        unscoped=True,
    )
)
token = keystone.get_token()
projects = keystone.get(url + "/auth/projects").json()["projects"]
def listing(project):
    mine = session.Session(auth=v3.Token(auth_url=url, token=token, project_id=project["id"]))
    where = {"service_type": "orchestration", "region_name": "RegionOne"}
    return len(mine.get("/stacks?limit=500", endpoint_filter=where).json()["stacks"])
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(listing, projects)))
"""


def main() -> None:
    """Create the stacks once by `appstore apply`, then time plan and bare script in turn."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clouds", required=True, help="clouds.yaml of the embedded cloud")
    arguments.add_argument("--keep", action="store_true", help="leave the stacks for another run")
    told = arguments.parse_args()
    env = {k: v for k, v in os.environ.items() if not k.startswith("OS_")}
    env["OS_CLIENT_CONFIG_FILE"] = told.clouds
    appstore = str(Path(sys.executable).with_name("appstore"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "registry"
        big_registry.write(root, courses=3, deployments=5, seats=20)
        apply = [appstore, "apply", "--repo", str(root)]
        subprocess.run(apply, env=env, check=True, stdout=subprocess.DEVNULL)
        bare, plan = in_turn(
            [
                [sys.executable, "-c", BARE, told.clouds],
                [appstore, "plan", "--detailed-exitcode", "--repo", str(root)],
            ],
            runs=7,
            env=env,
        )
        target = 1.3 * bare.seconds + 0.8
        print(f"bare keystoneauth script  {bare}")
        print(f"appstore plan             {plan}")
        print(f"target 1.3 x bare + 0.8   {target:.3f} s; ratio {plan.seconds / bare.seconds:.2f}")
        if not told.keep:
            for file in root.glob("deployments/*/*/lab*.yaml"):
                file.write_text(file.read_text() + "state: absent\n")
            commit = [
                "-c",
                "user.name=b",
                "-c",
                "user.email=b@example.org",
                "commit",
                "-qam",
                "end",
            ]
            subprocess.run(["git", "-C", str(root), *commit], check=True)
            subprocess.run(apply, env=env, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
