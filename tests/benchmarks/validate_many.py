"""`appstore validate` of 5,000 deployments in 50 courses: under 3 s and under 300 MB.

Run: .venv/bin/python tests/benchmarks/validate_many.py [--profile]
"""

import cProfile
import pstats
import sys
import tempfile
from pathlib import Path

import big_registry
from timing import in_turn, peak_megabytes_of_children


def main() -> None:
    """Print the whole process's time against a bare read of the same files, and where it goes."""
    appstore = str(Path(sys.executable).with_name("appstore"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "registry"
        big_registry.write(root, courses=50, deployments=100)
        bare = [
            sys.executable,
            "-c",
            "import sys, yaml, pathlib\n"
            "for f in pathlib.Path(sys.argv[1]).rglob('*.yaml'):\n"
            "    yaml.load(f.read_bytes(), yaml.CSafeLoader)",
            str(root),
        ]
        tree = [appstore, "validate", "--repo", str(root)]
        commit = [*tree, "--rev", "HEAD"]
        baseline, edited, committed = in_turn([bare, tree, commit], runs=5)
        print(f"bare C YAML load of the same files  {baseline}")
        print(f"appstore validate (work tree)       {edited}")
        print(f"appstore validate --rev HEAD        {committed}")
        print(f"ratio to the bare load              {committed.seconds / baseline.seconds:.2f}")
        print(f"largest process                     {peak_megabytes_of_children():.0f} MB")
        if "--profile" in sys.argv:
            from appstore.cli.validate import validate

            profile = cProfile.Profile()
            profile.runcall(
                validate.main, ["--repo", str(root), "--rev", "HEAD"], standalone_mode=False
            )
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main()
