"""Many requests, one durable commit: whoever comes first writes for all that wait."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")
Transaction = Callable[[], contextlib.AbstractContextManager[None]]


@dataclass
class _Waiting:
    """One piece of work on its way into a group, and what came of it."""

    work: Callable[[], Any]
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False

    def attempt(self) -> None:
        """Do the work; its error is the caller's, not the group's."""
        self.result, self.error = None, None
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error


class GroupCommitter:
    """Marks of many requests in one commit: the answer only after the commit.

    Whoever comes first writes for all that wait: while one group is committed the next one gathers. There is no
    thread of its own, so a lone mark is not handed from thread to thread and a forked worker needs nothing.
    """

    LIMIT = 64

    def __init__(self, transaction: Transaction) -> None:
        """`transaction` opens the writing transaction that a group, or one alone, goes through."""
        self.transaction = transaction
        self.waiting: deque[_Waiting] = deque()
        self.lead = threading.Lock()

    def submit(self, work: Callable[[], T]) -> T:
        """Run `work` in the next group; returns its result after the commit, or raises its error.

        `work` may run in another thread with another session, and again alone if a neighbour of its group fails: it
        takes plain values, never rows, and has no effect but on the database.
        """
        mine = _Waiting(work)
        self.waiting.append(mine)
        with self.lead:
            while not mine.is_done:
                self._write()
        if mine.error is not None:
            raise mine.error
        return cast(T, mine.result)

    def _write(self) -> None:
        """All that wait in one transaction; if one fails, each in one of its own, so that it undoes itself alone."""
        group: list[_Waiting] = []
        try:
            with contextlib.suppress(_Spoilt), self.transaction():
                group = self._gathered()  # behind the gate: what came while it was shut goes through together
                for one in group:
                    one.attempt()
                if any(one.error for one in group):
                    raise _Spoilt
                return
            for one in group:
                self._alone(one)
        except BaseException as error:  # nobody is told that it is stored unless the commit came back
            group = group or self._gathered()
            for one in group:
                one.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            for one in group:
                one.is_done = True

    def _gathered(self) -> list[_Waiting]:
        return [self.waiting.popleft() for _ in range(min(self.LIMIT, len(self.waiting)))]

    def _alone(self, one: _Waiting) -> None:
        try:
            with self.transaction():
                one.attempt()
                if one.error:
                    raise _Spoilt
        except _Spoilt:
            pass
        except Exception as error:
            one.error = error


class _Spoilt(Exception):
    """Work of a group failed: what the transaction did is undone."""
