"""Whole-process timings: medians of several runs, taken in turn so that a drift hits both sides."""

import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Median wall seconds of one command over its runs."""

    seconds: float
    runs: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s (of {', '.join(f'{run:.3f}' for run in self.runs)})"


def in_turn(
    commands: Sequence[Sequence[str]], runs: int = 5, env: Mapping[str, str] | None = None
) -> list[Timing]:
    """Time each command `runs` times, A B A B ..., after one warm-up each."""
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for number, command in enumerate(commands):
            started = time.perf_counter()
            ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            if ended.returncode:
                raise SystemExit(
                    f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr}"
                )
            if turn:
                times[number].append(time.perf_counter() - started)
    return [Timing(statistics.median(each), tuple(each)) for each in times]


def peak_megabytes_of_children() -> float:
    """The largest resident set of any process that this one waited for."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
