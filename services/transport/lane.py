"""A queue of work with a few threads of its own, made when they are first needed."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class Lane:
    """Runs what is submitted, at most ``size`` at a time, in the order submitted. The work itself must not raise."""

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._queue: deque[Callable[[], None]] = deque()
        self._turn = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit(self, work: Callable[[], None]) -> bool:
        """Whether it was taken: a closed lane takes nothing."""
        with self._turn:
            if self._closed:
                return False
            self._queue.append(work)
            if self._idle >= len(self._queue):
                self._turn.notify()
            elif len(self._threads) < self._size:
                thread = threading.Thread(target=self._run, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return True

    def close(self, patience: float = 10.0) -> None:
        """Drop what has not begun; wait for what has, ``patience`` seconds at most for each thread."""
        with self._turn:
            self._closed = True
            self._queue.clear()
            self._turn.notify_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(patience)

    def _run(self) -> None:
        while True:
            with self._turn:
                self._idle += 1
                while not self._queue and not self._closed:
                    self._turn.wait()
                self._idle -= 1
                if self._closed:
                    return
                work = self._queue.popleft()
            work()
