"""A frozen line as the texts of its columns, in a language: one making for screens, XLSX, CSV, PDF and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from contest.results import wording

NUMERIC = ("mark", "self", "total")
OUT = ("knocked_out", "no_result")
"""States that a knock-out item may be the cause of."""


class ListLine(Protocol):
    """What a line must have to be shown: a frozen row, or one just computed."""

    @property
    def name(self) -> str: ...
    @property
    def delegation(self) -> str: ...
    @property
    def rank(self) -> str: ...
    @property
    def total(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def decided_by(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


def labels(heading: Mapping[str, Any], locale: str) -> list[str]:
    """The heads of the columns."""
    return [wording.titled(column, locale) for column in heading["columns"]]


def kinds(heading: Mapping[str, Any]) -> list[str]:
    """The kind of each column: rank, number, name, mark, self, total, award, remark …"""
    return [column["kind"] for column in heading["columns"]]


def cells(heading: Mapping[str, Any], line: ListLine, locale: str) -> list[str]:
    """The texts of one line, column by column."""
    return [_cell(column, heading, line, locale) for column in heading["columns"]]


def table(heading: Mapping[str, Any], lines: Sequence[ListLine], locale: str) -> list[list[str]]:
    """The texts of all lines."""
    return [cells(heading, line, locale) for line in lines]


def _cell(column: Mapping[str, str], heading: Mapping[str, Any], line: ListLine, locale: str) -> str:
    key, kind = column["key"], column["kind"]
    if kind == "rank":
        return line.rank
    if kind == "name":
        return line.name
    if kind == "delegation":
        return line.delegation
    if kind == "total":
        return line.total
    if kind in ("mark", "self"):
        return str(line.data["cells"].get(key, ""))
    if kind == "award":
        return award_text(line, locale)
    if kind == "remark":
        return remark(heading, line, locale)
    return str(line.data.get(key, ""))


def award_text(line: ListLine, locale: str) -> str:
    """Prizes and medals of the line itself. Titles are not on it: they are proposed and conferred by other papers."""
    label = "label" if locale.startswith("zh") else "label_en"
    names = [
        str(grant[label]) for grant in line.data["grants"] if grant["kind"] in ("prize", "medal", "penalty")
    ]
    return ("、" if locale.startswith("zh") else ", ").join(dict.fromkeys(names))


def remark(heading: Mapping[str, Any], line: ListLine, locale: str) -> str:
    """Why there is no rank, what decided a place between equals, what was not passed, what was vetoed."""
    notes = [*_status(heading, line, locale), *_deciding(heading, line, locale)]
    for key in line.data["gates"]:
        title = wording.titled(heading["nodes"].get(key, {"key": key}), locale)
        notes.append(wording.text("gate_failed", locale, key=title))
    notes += _vetoes(heading, line, locale)
    reasons = line.data.get("reasons") or {}
    if reasons:
        notes.append(reasons["zh" if locale.startswith("zh") else "en"])
    return wording.text("comma", locale).join(dict.fromkeys(notes))


def status_word(heading: Mapping[str, Any], status: str, locale: str) -> str:
    """The word for a state without a result; a knock-out of a labour contest is its veto (一票否决)."""
    if status == "knocked_out" and heading["kind"] == "labour":
        return wording.say(wording.VETO, locale)
    pair = wording.STATUSES.get(status)
    return wording.say(pair, locale) if pair else status


def _status(heading: Mapping[str, Any], line: ListLine, locale: str) -> list[str]:
    """Why there is no result; a knock-out that took it is told with its item, by `_vetoes`."""
    if line.status == "present" or (line.status in OUT and line.data.get("knockouts")):
        return []
    word, reason = status_word(heading, line.status, locale), line.data["reason"]
    return [wording.text("reason", locale, word=word, reason=reason) if reason else word]


def _deciding(heading: Mapping[str, Any], line: ListLine, locale: str) -> list[str]:
    if not line.rank or line.decided_by in ("", "total"):
        return []
    if line.decided_by == "shared":
        return [wording.text("tied", locale)]
    if heading["ranking"]["key"].startswith("table:"):
        return []
    title = wording.titled(heading["keys"].get(line.decided_by, {"key": line.decided_by}), locale)
    return [wording.text("decided", locale, key=title)]


def _vetoes(heading: Mapping[str, Any], line: ListLine, locale: str) -> list[str]:
    notes = []
    word = status_word(heading, "knocked_out", locale)
    veto = line.data["veto"]
    if veto:
        pair = wording.VETOES.get(veto)
        reason = wording.say(pair, locale) if pair else veto
        notes.append(wording.text("reason", locale, word=wording.say(wording.VETO, locale), reason=reason))
    hits = line.data.get("knockouts") or {}
    for key, nodes in hits.items():
        titles = [wording.titled(heading["nodes"].get(node, {"key": node}), locale) for node in nodes]
        reason = ("、" if locale.startswith("zh") else ", ").join(titles)
        told = reason if reason.startswith(word) else wording.text("reason", locale, word=word, reason=reason)
        notes.append(_in_round(heading, key, told, locale))
    for key, status in line.data["rounds"].items():
        if status not in ("present", "incomplete") and not (status in OUT and key in hits):
            notes.append(_in_round(heading, key, status_word(heading, status, locale), locale))
    return notes


def _in_round(heading: Mapping[str, Any], round_key: str, told: str, locale: str) -> str:
    """With the round before it on a list over several rounds."""
    column = next((one for one in heading["columns"] if one["key"] == f"round:{round_key}"), None)
    if column is None:
        return told
    return f"{wording.titled(column, locale)}{'' if locale.startswith('zh') else ': '}{told}"
