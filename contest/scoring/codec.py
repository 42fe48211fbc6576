"""Between the dataclasses of a rule set, the canonical dictionary and TOML. Driven by the dataclasses' fields."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contest.scoring.problems import Problem, RulesError

BLOCKS = frozenset({"modules", "parts", "rounds", "rankings", "awards", "tables", "overall", "variants"})
"""Lists that are written as [[blocks]] in TOML; other lists of tables stay on their line."""

LIMIT_DIGITS = 40
"""A number with more digits than this is refused: no rule needs it, and it could exhaust the machine."""


class Table(dict):
    """A table of parameters that nobody changes after reading; hashable so that frozen rules can be cache keys."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(json.dumps(self, sort_keys=True, default=str))

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("a rule set is frozen; make a new one")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return (Table, (dict(self),))


def unreadable(code: str, path: str = "", **params: Any) -> RulesError:
    """A RulesError with a single problem."""
    return RulesError([Problem(code, path, params)])


def number(value: Any) -> Fraction:
    """An exact number from int, Decimal or text ("0.5", "1/3"). Raises ValueError; floats are never read."""
    if isinstance(value, bool | float):
        raise ValueError(value)
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= LIMIT_DIGITS):
        raise ValueError("digits")  # 1e99999999 is short as text and endless as a fraction
    if len(str(value)) > LIMIT_DIGITS:
        raise ValueError("digits")
    if isinstance(value, str) and "e" in value.lower():
        raise ValueError(value)
    try:
        return Fraction(value)
    except (ZeroDivisionError, TypeError, OverflowError) as error:
        raise ValueError(value) from error


def plain(value: Fraction) -> int | str:
    """The canonical form of a number: an int, a decimal text if it ends, else "a/b"."""
    if value.denominator == 1:
        return value.numerator
    rest, digits = value.denominator, 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest, digits = (
            (rest // 10 if rest % 10 == 0 else rest // 2 if rest % 2 == 0 else rest // 5),
            digits + 1,
        )
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, part = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}d}".rstrip("0")


def read(cls: type, data: Any) -> Any:
    """Read `data` as an instance of the dataclass `cls`; raises RulesError with every problem found."""
    problems: list[Problem] = []
    result = _dataclass(cls, data, "", problems)
    if problems:
        raise RulesError(problems)
    return result


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _dataclass(cls: type, data: Any, path: str, problems: list[Problem]) -> Any:
    if isinstance(data, str) and "by" in _hints(cls):
        data = {"by": data}
    if not isinstance(data, Mapping):
        problems.append(Problem("not_a_table", path, {"value": str(data)[:40]}))
        return None
    if {"by", "params"} == set(_hints(cls)):
        return _spec(cls, data, path, problems)
    values = {}
    for name, value in data.items():
        where = f"{path}.{name}" if path else str(name)
        if name not in _hints(cls):
            problems.append(
                Problem("unknown_field", where, {"field": name, "known": tuple(sorted(_hints(cls)))})
            )
            continue
        if value is None:  # JSON's null says the same as leaving the field out
            continue
        values[name] = _value(_hints(cls)[name], value, where, problems)
    for item in dataclasses.fields(cls):
        missing = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        if missing and item.name not in values:
            problems.append(Problem("missing_field", path, {"field": item.name}))
            return None
    return cls(**values)


def _spec(cls: type, data: Mapping[str, Any], path: str, problems: list[Problem]) -> Any:
    if not isinstance(data.get("by"), str):
        problems.append(Problem("missing_field", path, {"field": "by"}))
        return None
    params = {name: value for name, value in data.items() if name != "by"}
    return cls(by=data["by"], params=_free(params, path, problems))


def _value(hint: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _value(next(one for one in arguments if one is not type(None)), value, path, problems)
    if origin is tuple:
        return _sequence(arguments[0], value, path, problems)
    if origin is Mapping or isinstance(hint, type) and issubclass(hint, Mapping):
        return _table(arguments[1] if arguments else Any, value, path, problems)
    if dataclasses.is_dataclass(hint):
        return _dataclass(typing.cast(type, hint), value, path, problems)
    if hint is Any:
        return _free(value, path, problems)
    if hint is Fraction:
        return _exact(value, path, problems)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        problems.append(Problem("wrong_type", path, {"wanted": hint.__name__, "value": str(value)[:40]}))
    return value


def _sequence(hint: Any, value: Any, path: str, problems: list[Problem]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        problems.append(Problem("not_a_list", path, {"value": str(value)[:40]}))
        return ()
    items = []
    for index, item in enumerate(value):
        name = item.get("key", index) if isinstance(item, Mapping) else index
        items.append(_value(hint, item, f"{path}.{name}", problems))
    return tuple(items)


def _table(hint: Any, value: Any, path: str, problems: list[Problem]) -> Table:
    if not isinstance(value, Mapping):
        problems.append(Problem("not_a_table", path, {"value": str(value)[:40]}))
        return Table()
    return Table(
        {
            str(name): _value(hint, item, f"{path}.{name}", problems)
            for name, item in value.items()
            if item is not None
        }
    )


def _exact(value: Any, path: str, problems: list[Problem]) -> Fraction:
    try:
        return number(value)
    except ValueError:
        code = "binary_float" if isinstance(value, float) else "not_a_number"
        problems.append(Problem(code, path, {"value": str(value)[:40]}))
        return Fraction(0)


def _free(value: Any, path: str, problems: list[Problem]) -> Any:
    """A parameter in canonical form: decimals become an int or exact text, lists tuples, tables frozen."""
    if isinstance(value, Mapping):
        return _table(Any, value, path, problems)
    if isinstance(value, list | tuple):
        return tuple(_free(item, path, problems) for item in value)
    if isinstance(value, Decimal | Fraction | float):
        return plain(_exact(value, path, problems))
    if isinstance(value, int) and not isinstance(value, bool):
        return plain(_exact(value, path, problems))
    if value is None:
        problems.append(Problem("wrong_type", path, {"wanted": "value", "value": "null"}))
        return ""
    return value if isinstance(value, bool | str) else str(value)


def write(value: Any) -> Any:
    """The canonical, JSON-able form of a rule set or a part of it; fields at their default are left out."""
    if dataclasses.is_dataclass(value):
        if {"by", "params"} == {item.name for item in dataclasses.fields(value)}:
            by, params = getattr(value, "by"), getattr(value, "params")  # noqa: B009 - any class of this shape
            return {"by": by, **write(params)} if params else by
        return {
            item.name: write(getattr(value, item.name))
            for item in dataclasses.fields(value)
            if _told(value, item)
        }
    if isinstance(value, Mapping):
        return {name: write(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [write(item) for item in value]
    return plain(value) if isinstance(value, Fraction) else value


def _told(value: Any, item: dataclasses.Field[Any]) -> bool:
    if item.name == "format":
        return True
    default = item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
    return bool(getattr(value, item.name) != default)


def toml(data: Mapping[str, Any]) -> str:
    """TOML text of a canonical dictionary. Arrays of tables are written as [[…]], other tables inline."""
    return "\n".join(_lines(data, "")) + "\n"


def _lines(data: Mapping[str, Any], prefix: str) -> list[str]:
    blocks = {name: value for name, value in data.items() if _is_block(name, value)}
    lines = [f"{_key(name)} = {_inline(value)}" for name, value in data.items() if name not in blocks]
    for name, items in blocks.items():
        path = f"{prefix}{_key(name)}"
        for item in items:
            lines += ["", f"[[{path}]]", *_lines(item, path + ".")]
    return lines


def _is_block(name: str, value: Any) -> bool:
    return name in BLOCKS and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _text(name)


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's except for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_inline(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return str(value)
