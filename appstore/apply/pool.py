"""A few threads that do nothing but send requests and hand their answers back."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from queue import Empty, SimpleQueue


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: `value`, or `error` when it raised."""

    key: Hashable
    value: object = None
    error: BaseException | None = None


class Pool:
    """`workers` daemon threads: a run that is cut off does not wait for a hanging request."""

    def __init__(self, workers: int) -> None:
        self.free = workers
        self._workers = workers
        self._calls: SimpleQueue[tuple[Hashable, Callable[[], object]] | None] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        for number in range(workers):
            threading.Thread(target=self._work, name=f"request-{number}", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self.free < self._workers

    def submit(self, key: Hashable, call: Callable[[], object]) -> None:
        """Carry `call` out in a thread; its answer carries `key`."""
        self.free -= 1
        self._calls.put((key, call))

    def answer(self, seconds: float) -> Answer | None:
        """The next answer, or None when there is none after `seconds`."""
        try:
            answer = self._answers.get(timeout=max(0.0, seconds))
        except Empty:
            return None
        self.free += 1
        return answer

    def close(self) -> None:
        """Let the threads end after what they are doing."""
        for _ in range(self._workers):
            self._calls.put(None)

    def _work(self) -> None:
        while (item := self._calls.get()) is not None:
            key, call = item
            try:
                self._answers.put(Answer(key, call()))
            except BaseException as error:  # handed to the conductor, which judges it
                self._answers.put(Answer(key, error=error))
