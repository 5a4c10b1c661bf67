"""Asking a person for what the options leave open, and reading what they answer."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import click

from appstore.errors import InvalidInput


class Form:
    """Asks at a terminal, in the order of the calls; elsewhere it collects what is missing.

    Call `complete` before an answer is used for more than further questions.
    """

    def __init__(self) -> None:
        self._missing: list[str] = []

    def ask(
        self,
        option: str,
        given: str | None,
        question: str,
        choices: Sequence[str] = (),
        reads: Callable[[str], object] = str,
    ) -> str:
        """What was given by `option`, else the answer; an empty text where nobody can answer.

        An answer that `reads` refuses with InvalidInput is asked for again.
        """
        if given is not None:
            return given
        if not sys.stdin.isatty():
            self._missing.append(option)
            return ""
        kind = click.Choice(choices) if choices else None
        only = choices[0] if len(choices) == 1 else None
        proof = None if kind else partial(_proven, reads)
        answer: str = click.prompt(question, type=kind, default=only, value_proc=proof, err=True)
        return answer

    def complete(self) -> None:
        """Raises InvalidInput that names every option that is missing."""
        if self._missing:
            raise InvalidInput(
                f"Missing: {', '.join(self._missing)}.",
                "Give them as options; at a terminal you are asked for them.",
            )


def as_day(text: str) -> date:
    """A day as people type it; raises InvalidInput."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f'"{text}" is not a day.', "Write it as YYYY-MM-DD, such as 2026-10-12."
        ) from error


def as_number(text: str) -> int:
    """A number in digits; raises InvalidInput."""
    if text.isascii() and text.isdigit():
        return int(text)
    raise InvalidInput(f'"{text}" is not a number.', "Write it in digits, such as 30.")


def _proven(reads: Callable[[str], object], answer: str) -> str:
    try:
        reads(answer.strip())
    except InvalidInput as error:
        raise click.UsageError(f"{error.message} {error.hint}") from error
    return answer.strip()
