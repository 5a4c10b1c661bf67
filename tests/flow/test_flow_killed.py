"""kill -9 at every write of a mixed apply on the real Heat; the next runs finish it, once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flow_mix import POINTS, Mix, prepare, rows, settle
from flow_proxy import Call, Exchange, Proxy, Spoil

pytestmark = pytest.mark.cloud
FEW = 3
"""Deaths in CI; the exhaustive test dies at both sides of every write."""


@pytest.fixture
def mix(registry, run, proxy: Proxy) -> Mix:
    """Prepared; from now on the proxy counts."""
    mixed = prepare(registry, lambda: run("apply"))
    proxy.reached.clear()
    return mixed


class Victim:
    """The real command as a process of its own, killed by the proxy."""

    def __init__(self, mix: Mix) -> None:
        self._process = subprocess.Popen(
            [str(Path(sys.executable).with_name("appstore")), "apply"],
            cwd=mix.registry.root,
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """SIGKILL; returns when it is dead."""
        self._process.kill()
        self._process.wait()

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it said; negative when it was killed."""
        out, _ = self._process.communicate(timeout=120)
        return self._process.returncode, out


class Reaper:
    """A plot that kills a run at one write: before Heat hears of it, or right after it answered.

    `alone` means that what else is on its way at that moment is lost as well, so that each run
    makes one write at most; otherwise Heat gets it.
    """

    def __init__(self, proxy: Proxy, alone: bool) -> None:
        self._proxy = proxy
        self._alone = alone
        self._met: set[Call] = set()
        self._victim: Victim | None = None
        self._reaped = False

    def run(self, mix: Mix) -> tuple[int, str]:
        """One apply under this plot."""
        self._reaped = False
        self._victim = Victim(mix)
        self._proxy.plot = self._plot
        # The plot stays: what a dead run had sent may still come in.
        return self._victim.ended()

    def _plot(self, call: Call) -> Spoil | None:
        if not call.writes:
            return None
        if self._reaped:
            return Exchange.reset if self._alone else None
        self._reaped = True
        if call in self._met or not self._alone:
            return self._after
        self._met.add(call)
        return self._before

    def _before(self, exchange: Exchange) -> None:
        self._kill()
        exchange.reset()

    def _after(self, exchange: Exchange) -> None:
        exchange.forward()
        self._kill()
        exchange.reset()

    def _kill(self) -> None:
        assert self._victim
        self._victim.kill()


def test_runs_that_die_in_the_midst_of_their_writes_arrive_all_the_same(
    mix: Mix, proxy: Proxy, run
) -> None:
    reaper = Reaper(proxy, alone=False)
    for _ in range(FEW):
        code, said = reaper.run(mix)
        assert code == -9, said
        rows(mix.registry)  # nothing is in progress any more
    proxy.plot = lambda call: None
    settle(run)
    mix.check(proxy)


@pytest.mark.exhaustive
def test_runs_killed_before_and_after_every_single_write_arrive_all_the_same(
    mix: Mix, proxy: Proxy, run
) -> None:
    reaper, deaths = Reaper(proxy, alone=True), 0
    for _ in range(5 * len(POINTS)):
        code, said = reaper.run(mix)
        assert code in (0, 3, -9), said
        deaths += code == -9
        if proxy.accepted() == mix.writes():
            break
        rows(mix.registry)
    assert deaths == 2 * len(POINTS), "before and after each"
    proxy.plot = lambda call: None
    settle(run)
    mix.check(proxy)
