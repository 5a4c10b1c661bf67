"""`python -P -m devcloud.launch SERVICE STATE`: one service as one process in the background.

OpenStack 2026.2 runs on native threads, so that a service's API, engine and workers fit into one
process and can talk over `fake://`, a message bus in memory: no broker, no database server.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import sys
import time
import types
from pathlib import Path
from types import TracebackType
from typing import Any

from . import policies, sqlite

HOST = "127.0.0.1"

# Heat's API waits for its engine, which asks the other services.
THREADS = {"heat": 32}


def detach() -> None:
    """Go on in the background, as nobody's child.

    The caller needs to reap nothing, however long the service lives, and returns once the process
    that stays is there: somebody who looks for it then finds it. This comes before anything else,
    as forking a process that has threads is not safe.
    """
    if between := os.fork():
        os.waitpid(between, 0)
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)


def keep_name() -> None:
    """Keep the command line, by which `down` finds the process; Neutron renames itself."""
    silent = types.ModuleType("setproctitle")
    vars(silent).update(setproctitle=lambda title: None, getproctitle=lambda: "")
    sys.modules["setproctitle"] = silent


def die(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """Log the error and end now: OpenStack's threads would keep a failed start alive for ever."""
    sys.__excepthook__(kind, value, trace)
    sys.stderr.flush()
    os._exit(1)


def stop(signum: int, frame: object) -> None:
    """End at once; what the databases were told is in their logs already."""
    os._exit(0)


def application(service: str, state: Path) -> Any:
    """The service's WSGI application, with its workers running."""
    return importlib.import_module(f".{service}", __package__).start(state)


def main(service: str, folder: str) -> None:
    """Start the service and answer on its port until told to stop."""
    detach()
    began = time.monotonic()
    os.umask(0o077)
    keep_name()
    sys.excepthook = die
    state = Path(folder)
    port = json.loads((state / "devcloud.json").read_text())["ports"][service]
    sqlite.serve_many_threads()
    policies.load_one_at_a_time()
    keep = sqlite.hold_open(state / "db", service)
    app = application(service, state)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    serve(app, service, port, time.monotonic() - began)
    del keep


def serve(app: Any, service: str, port: int, took: float) -> None:
    """Answer requests on loopback.

    Heat keeps a connection to Keystone per request context: at waitress' own limit of 100 requests
    stall for a minute.
    """
    waitress = importlib.import_module("waitress")

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    print(f"devcloud: {service} is ready after {took:.1f} s, pid {os.getpid()}", flush=True)
    waitress.serve(
        app,
        host=HOST,
        port=port,
        threads=THREADS.get(service, 16),
        connection_limit=8000,
        asyncore_use_poll=True,
        channel_timeout=60,
        cleanup_interval=10,
        clear_untrusted_proxy_headers=False,
        ident=f"devcloud-{service}",
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
