"""Revisions of a batch are written together: one statement for many rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contest.errors import Refused
from contest.judging.intake import Head, Standing
from contest.judging.models import MarkRevision
from contest.prepared import Insert

APPEND = Insert(MarkRevision.__table__, "id", "uuid")


class Overtaken(Refused):
    """Another process stored one of these marks since what stands was read: all is to be read and done again."""

    code = "stale"
    status = 409


class Appender:
    """New revisions on top of what stands. They are seen there at once, and get their ids when they are written."""

    def __init__(self, stand: Standing) -> None:
        self.stand = stand
        self.waiting: list[Mapping[str, Any]] = []

    def add(self, values: Mapping[str, Any]) -> Head:
        """Take a revision; its head has the id 0 until it is written."""
        place = (values["sheet_id"], values["aspect_id"], values["attempt"])
        head = Head(0, values["uuid"], place, values["state"], values["value_milli"], values["source"])
        self.waiting.append(values)
        self.stand.chains[values["sheet_id"]] = values["hash"]
        return self._shown(head)

    def written(self, head: Head) -> Head:
        """The head with its id, for a revision that replaces it: so two that wait never stand in one place."""
        if head.id == 0:
            self.write()
        return self.stand.heads[head.place]

    def write(self) -> None:
        """Write all that wait, in the order they came. Raises Overtaken when a unique index knows one already."""
        rows, self.waiting = self.waiting, []
        if not rows:
            return
        lists = {name: [values[name] for values in rows] for name in rows[0]}
        ids = {uuid: row_id for row_id, uuid in APPEND.rows(lists, on=self.stand.connection)}
        if len(ids) < len(rows):
            raise Overtaken()
        for uuid, row_id in ids.items():
            self._shown(replace(self.stand.known[uuid], id=row_id))

    def _shown(self, head: Head) -> Head:
        self.stand.heads[head.place] = self.stand.known[head.uuid] = head
        return head
