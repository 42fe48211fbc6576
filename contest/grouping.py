"""Many requests, one transaction: whoever comes first does the work of all that wait."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

I = TypeVar("I")  # noqa: E741
T = TypeVar("T")
Transaction = Callable[[], contextlib.AbstractContextManager[None]]
Together = Callable[[Sequence[Any]], Sequence[Any]]
"""Does many requests' items at once and gives a result for each, in their order."""


@dataclass
class _Waiting:
    """One request's item on its way into a group, and what came of it. `turn` is held until it is done or leads."""

    do: Together
    item: Any
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False
    turn: threading.Lock = field(default_factory=threading.Lock)


class Group:
    """Items of many requests in one transaction: the answer only after its end.

    Whoever comes first leads: it does what waits, its own included, and hands the lead to the first that came
    meanwhile. There is no thread of its own, so a lone request is not handed from thread to thread and a forked
    worker needs nothing.
    """

    LIMIT = 64

    def __init__(self, transaction: Transaction) -> None:
        """`transaction` opens what a group, or one alone, goes through: a writing transaction, or a reading one."""
        self.transaction = transaction
        self.waiting: deque[_Waiting] = deque()
        self.is_led = False
        self.queue = threading.Lock()

    def submit(self, do: Callable[[Sequence[I]], Sequence[T]], item: I) -> T:
        """Give `item` to `do` in the next group; returns its result after the end, or raises its error.

        `do` gets all items that came with it, perhaps in another thread with another session, and again one by one if
        the group fails: it takes plain values, never rows, and has no effect but on the database.
        """
        mine = _Waiting(do, item)
        mine.turn.acquire()
        with self.queue:
            self.waiting.append(mine)
            leads, self.is_led = not self.is_led, True
        if not leads:
            mine.turn.acquire()
        if not mine.is_done:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return cast(T, mine.result)

    def _lead(self, mine: _Waiting) -> None:
        group: list[_Waiting] = []
        try:
            self._do(group)
        finally:
            with self.queue:
                following = self.waiting[0] if self.waiting else None
                self.is_led = following is not None
            for one in group:
                one.is_done = True
            if following is not None:
                following.turn.release()  # first of all, so that its work begins while others are answered
            for one in group:
                if one is not mine:
                    one.turn.release()

    def _do(self, group: list[_Waiting]) -> None:
        """All that wait in one transaction; if it fails, each in one of its own, so that it undoes itself alone."""
        try:
            with contextlib.suppress(_Spoilt), self.transaction():
                self._gather(group)  # behind the gate: what came while it was shut goes through together
                if not _done(group):
                    raise _Spoilt
                return
            for one in group:
                self._alone(one)
        except BaseException as error:  # nobody is told that it is done unless the commit came back
            if not group:
                self._gather(group)
            for one in group:
                one.error = error
            if not isinstance(error, Exception):
                raise

    def _gather(self, group: list[_Waiting]) -> None:
        with self.queue:
            group.extend(self.waiting.popleft() for _ in range(min(self.LIMIT, len(self.waiting))))

    def _alone(self, one: _Waiting) -> None:
        try:
            with self.transaction():
                if not _done([one]):
                    raise _Spoilt
        except _Spoilt:
            pass
        except Exception as error:
            one.error = error


def each_alone(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """For `Group.submit`: work that has no way of its own of being done together."""
    return [work() for work in works]


def _done(group: Sequence[_Waiting]) -> bool:
    """Do all, those of one kind together; whether none failed. An error is kept for those who asked for it."""
    kinds: dict[Together, list[_Waiting]] = {}
    for one in group:
        one.error = None
        kinds.setdefault(one.do, []).append(one)
    for do, members in kinds.items():
        try:
            results = do([one.item for one in members])
        except Exception as error:
            for one in members:
                one.error = error
            return False
        for one, result in zip(members, results, strict=True):
            one.result = result
    return True


class _Spoilt(Exception):
    """Work of a group failed: what the transaction did is undone."""
