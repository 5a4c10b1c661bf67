"""How long `appstore --help` takes over a bare Python: the target is at most 0.15 s.

Run: .venv/bin/python tests/benchmarks/start.py
"""

import sys
from pathlib import Path

from timing import in_turn


def main() -> None:
    """Print both medians and their difference."""
    appstore = str(Path(sys.executable).with_name("appstore"))
    bare, ours = in_turn([[sys.executable, "-c", "pass"], [appstore, "--help"]], runs=15)
    print(f"bare python      {bare.seconds:.3f} s")
    print(f"appstore --help  {ours.seconds:.3f} s")
    print(f"difference       {ours.seconds - bare.seconds:.3f} s (target 0.15)")


if __name__ == "__main__":
    main()
