"""How a run ends: every error becomes a sentence and an exit code, with the run id to find it by.

Exit codes (README of appstore): 0 fine, 1 failed, 2 invalid input, 3 refused or stale, 4 changes.
"""

import sys
from collections.abc import Callable, Iterable

import click

from appstore.cli.runid import RUN_ID
from appstore.errors import AppstoreError

SEVERITY = (2, 1, 3, 4)


def worst(codes: Iterable[int]) -> int:
    """Of several exit codes the one that counts: the first of 2, 1, 3, 4, else 0."""
    seen = set(codes)
    return next((code for code in SEVERITY if code in seen), 0)


def end(verb: Callable[[], object]) -> int:
    """Run a verb and give the exit code; says on stderr what went wrong."""
    try:
        result = verb()
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("stopped. Run the same command again: it goes on where this run ended.")
        return 130
    except AppstoreError as error:
        say(f"error: {error.message}", error.hint)
        return error.exit_code
    except Exception as error:  # the last line of defence: a bug must not show a traceback
        from appstore.cli import logs

        where = logs.record_bug(error)
        say(f"unexpected error ({type(error).__name__}); this is a fault of the tool.", where)
        return 1
    return result if isinstance(result, int) else 0


def say(message: str, hint: str = "") -> None:
    """One message on stderr: what, the way out, and the run id."""
    from appstore.report.wrapping import wrapped

    lines = [line for part in message.splitlines() for line in wrapped(part, "", "  ")]
    lines += [line for part in hint.splitlines() for line in wrapped(part, "  ", "  ")]
    print("\n".join([*lines, f"  run {RUN_ID}"]), file=sys.stderr)
