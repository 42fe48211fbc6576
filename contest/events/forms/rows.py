"""Fields for lists, tables and rows of values inside rules, typed by people who never saw TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, TextAreaField
from wtforms.widgets import TextArea

from contest.events.forms.fields import exact, is_chinese, narrow
from contest.scoring import codec
from contest.scoring.awarding.sentences import AWARDS

BLANK_ROWS = 3
EMPTY_WORD = '""'
SEPARATORS = re.compile(r"[、,，;；]\s*")

AWARD_OF = {word: key for key, pair in AWARDS.items() for word in pair}


def award_word(award: str) -> str:
    """A usual award by its name in the reader's language; another one as it is."""
    pair = AWARDS.get(award)
    return award if pair is None else pair[1] if is_chinese() else pair[0]


def award_words() -> list[str]:
    """The names of all usual awards, for suggesting."""
    return [award_word(key) for key in AWARDS]


def split(text: str) -> list[str]:
    """Words of a line; "" in quotes is the empty word."""
    words = [word.strip() for word in SEPARATORS.split(text)]
    return ["" if word == EMPTY_WORD else word for word in words if word]


def listed(value: Any) -> list[Any]:
    """A list as it is; anything else that stands where a list should, as none: the finding beside it says so."""
    return list(value) if isinstance(value, list | tuple) else []


def joined(words: Iterable[Any]) -> str:
    """The same words as one line."""
    return "、".join(str(word) or EMPTY_WORD for word in words)


def canonical(value: Any) -> Any:
    """A value read from TOML as a rule document keeps it: exact numbers, lists, tables."""
    if isinstance(value, Decimal):
        return codec.plain(codec.number(value))
    if isinstance(value, Mapping):
        return {str(name): canonical(item) for name, item in value.items()}
    return [canonical(item) for item in value] if isinstance(value, list | tuple) else value


def typed(text: str) -> Any:
    """One value as it was typed: a whole number, a TOML table or list, else the text itself. Raises ValueError.

    Other numbers stay text (1/2, 0.5, 10%): that is how rules keep them.
    """
    try:
        return int(narrow(text))
    except ValueError:
        pass
    if text[:1] in ("{", "[", '"'):
        try:
            return canonical(tomllib.loads(f"x = {text}", parse_float=Decimal)["x"])
        except (ValueError, RecursionError) as error:
            raise ValueError(
                _("“%(text)s” can't be read: %(reason)s.", text=text[:60], reason=str(error))
            ) from None
    return {"true": True, "false": False}.get(text, text)


def written(value: Any) -> str:
    """The same value as it is shown for typing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return codec._inline(codec.write(value)) if isinstance(value, Mapping | list | tuple) else str(value)


class LinesField(TextAreaField):
    """One text a line. The data is a list, None when empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = [line.strip() for line in (valuelist[0] if valuelist else "").splitlines()]
        self.data = [line for line in lines if line] or None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(map(str, listed(self.data)))


class ItemsField(LinesField):
    """One value a line: a text, a number, or a TOML table."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        lines, self.data = self.data or [], None
        self.data = [typed(line) for line in lines] or None

    def _value(self) -> str:
        return (
            str(self.raw_data[0]) if self.raw_data else "\n".join(written(item) for item in listed(self.data))
        )


class WordsField(Field):
    """Several words in one line, separated by 、 or commas. The data is a list, None when empty."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = split(valuelist[0] if valuelist else "") or None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else joined(listed(self.data))


class PairsField(Field):
    """“name = value” in each line. `many`: each value is a list of words. The data is a table, None when empty."""

    widget = TextArea()

    def __init__(self, label: Any = None, *, many: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.many = many

    def process_formdata(self, valuelist: list[str]) -> None:
        found: dict[str, Any] = {}
        for line in (valuelist[0] if valuelist else "").splitlines():
            if not line.strip():
                continue
            name, sign, value = line.partition("=")
            if not sign or not name.strip() or not (value.strip() or self.many):
                raise ValueError(
                    _("“%(line)s”: write it as name = value, one in each line.", line=line.strip()[:60])
                )
            found[name.strip()] = split(value) if self.many else typed(value.strip())
        self.data = found or None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        pairs = self.data if isinstance(self.data, Mapping) else {}
        return "\n".join(f"{name} = {self._one(value)}" for name, value in pairs.items())

    def _one(self, value: Any) -> str:
        return joined(value) if self.many and isinstance(value, list | tuple) else written(value)


@dataclass(frozen=True)
class Column:
    """One column of a RowsField. type: text, int, number, bool, words, award (a usual award by its name), amount (a number,
    fraction or percentage, kept as it is written).
    """

    name: str
    label: Any
    type: str = "text"
    choices: tuple[tuple[str, Any], ...] = ()

    def read(self, text: str) -> Any:
        """The value of a cell that is not blank. Raises ValueError with a sentence."""
        if self.type == "bool":
            return True
        if self.type == "award":
            return AWARD_OF.get(text, text)
        if self.type == "amount":
            return self._amount(text)
        if self.type == "words":
            return split(text)
        if self.type in ("int", "number"):
            try:
                value = exact(text)
            except ValueError:
                value = None
            if value is None or (self.type == "int" and not isinstance(value, int)):
                raise ValueError(
                    _("%(column)s: “%(text)s” is not a number.", column=self.label, text=text[:40])
                )
            return value
        return text

    def _amount(self, text: str) -> int | str:
        plain = narrow(text)
        try:
            codec.number(plain.removesuffix("%"))
        except ValueError:
            raise ValueError(
                _("%(column)s: “%(text)s” is not a number.", column=self.label, text=text[:40])
            ) from None
        return int(plain) if plain.isdigit() else plain

    def show(self, value: Any) -> str:
        if self.type == "award" and value:
            return award_word(str(value))
        if self.type == "words" and isinstance(value, list | tuple):
            return joined(value)
        return "" if value in (None, False) else "1" if value is True else str(value)


class RowsField(Field):
    """A small table of inputs: one dictionary a row, blank rows dropped. The data is a list, None when empty."""

    def __init__(self, label: Any = None, *, columns: Sequence[Column], **options: Any) -> None:
        super().__init__(label, **options)
        self.columns = tuple(columns)
        self.typed: list[dict[str, str]] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        data = [row for row in data if isinstance(row, Mapping)] if isinstance(data, list | tuple) else None
        self.process_errors: list[str] = []
        self.errors: list[str] = []
        if formdata is None or f"{self.name}-0-{self.columns[0].name}" not in formdata:
            self.data = data or None
            self.typed = [
                {one.name: one.show(row.get(one.name)) for one in self.columns} for row in data or ()
            ]
        else:
            self._take(formdata)
        self.typed += [{one.name: "" for one in self.columns} for _ in range(BLANK_ROWS)]

    def _take(self, formdata: Any) -> None:
        found, index = [], 0
        while f"{self.name}-{index}-{self.columns[0].name}" in formdata and index < 200:
            cells = {
                one.name: formdata.get(f"{self.name}-{index}-{one.name}", "").strip() for one in self.columns
            }
            index += 1
            if not any(cells.values()):
                continue
            self.typed.append(cells)
            row: dict[str, Any] = {}
            for one in self.columns:
                if cells[one.name]:
                    try:
                        row[one.name] = one.read(cells[one.name])
                    except ValueError as error:
                        self.process_errors.append(
                            _("Row %(row)s: %(error)s", row=len(self.typed), error=str(error))
                        )
            found.append(row)
        self.data = found or None
