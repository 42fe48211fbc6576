"""Registries: the named methods, rollups, tie-breaks … that a rule set may choose from.

A registered function describes itself. Its keyword-only arguments are its parameters: their annotations give
the types, their defaults the defaults, and both the web form and the check of a rule set follow from them.
"""

from __future__ import annotations

import collections.abc
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.scoring import codec

REQUIRED = object()
"""The default of a parameter that has none: it must be given."""

KNOWN_TYPES = {int: "int", bool: "bool", str: "text", Fraction: "number", tuple: "list", Mapping: "table"}


class NameTaken(ValueError):
    """Two functions were registered under one name; the second would silently win."""


class Unknown(KeyError):
    """No function of that name is registered."""


class BadParameter(ValueError):
    """A parameter is unknown, missing or of the wrong type; `name`, `reason` and `value` say which and why."""

    def __init__(self, name: str, reason: str, value: object = None) -> None:
        super().__init__(f"{name}: {reason} ({value!r})")
        self.name, self.reason, self.value = name, reason, value


@dataclass(frozen=True)
class Parameter:
    """One parameter of a registered function, enough to build a form field from.

    `type` is one of int, bool, text, number (exact, a Fraction), choice (one of `choices`), list, table.
    `default` is REQUIRED when the parameter must be given.
    """

    name: str
    type: str
    default: Any
    choices: tuple[str, ...] = ()
    title_zh: str = ""
    title_en: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the parameter must be given."""
        return self.default is REQUIRED

    def read(self, value: Any) -> Any:
        """Return `value` in the parameter's own type; raises BadParameter."""
        if self.type == "choice":
            if value not in self.choices:
                raise BadParameter(self.name, "choice", value)
            return value
        if self.type == "number":
            return _number(self.name, value)
        wanted = {"int": int, "bool": bool, "text": str, "list": (tuple, list), "table": Mapping}[self.type]
        if not isinstance(value, typing.cast(Any, wanted)) or (
            self.type == "int" and isinstance(value, bool)
        ):
            raise BadParameter(self.name, self.type, value)
        return tuple(value) if self.type == "list" else value


def _number(name: str, value: Any) -> Fraction:
    """An exact number from an int, a Fraction or a text such as "0.5" or "1/3"; never from a binary float."""
    try:
        return codec.number(value)
    except ValueError:
        raise BadParameter(name, "number", value) from None


@dataclass(frozen=True)
class Registered:
    """A registered function with its titles, its source and its parameters."""

    key: str
    function: Callable[..., Any]
    title_zh: str
    title_en: str
    source: str
    parameters: tuple[Parameter, ...]

    def bind(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the full keyword arguments for a call; raises BadParameter for the first that is wrong."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in params:
            if name not in known:
                raise BadParameter(name, "unknown", params[name])
        bound = {}
        for name, parameter in known.items():
            if name in params:
                bound[name] = parameter.read(params[name])
            elif parameter.is_required:
                raise BadParameter(name, "missing")
            else:
                bound[name] = parameter.default
        return bound


class Registry:
    """Functions by name; a name used twice is refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, Registered] = {}

    def register(
        self,
        key: str,
        *,
        title_zh: str = "",
        title_en: str = "",
        source: str = "",
        parameters: Mapping[str, tuple[str, str]] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a function: register it under `key`.

        parameters: (Chinese, English) titles of its keyword-only arguments, by name. A title or a source not
        given is read from the docstring: its first sentence, its line "Source: …". Raises NameTaken.
        """

        def accept(function: Callable[..., Any]) -> Callable[..., Any]:
            if key in self._items:
                raise NameTaken(f"{self.name}: {key}")
            read = tuple(_parameters(function, parameters or {}))
            first, cited = _documented(function)
            self._items[key] = Registered(
                key, function, title_zh or key, title_en or first, source or cited, read
            )
            return function

        return accept

    def get(self, key: str) -> Registered:
        """The function registered under `key`; raises Unknown."""
        try:
            return self._items[key]
        except KeyError:
            raise Unknown(key) from None

    def parameters(self, key: str) -> list[Parameter]:
        """The parameters of the function `key`, in the order they are written; raises Unknown."""
        return list(self.get(key).parameters)

    def call(self, key: str, *args: Any, params: Mapping[str, Any]) -> Any:
        """Call the function `key` with positional arguments and checked parameters."""
        item = self.get(key)
        return item.function(*args, **item.bind(params))

    def keys(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._items[key] for key in self.keys())


def _parameters(function: Callable[..., Any], titles: Mapping[str, tuple[str, str]]) -> Iterator[Parameter]:
    hints = typing.get_type_hints(function)
    for name, argument in inspect.signature(function).parameters.items():
        if argument.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        default = REQUIRED if argument.default is inspect.Parameter.empty else argument.default
        hint = hints.get(name, str)
        choices = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
        kind = "choice" if choices else KNOWN_TYPES[_plain(hint)]
        zh, en = titles.get(name, (name, name.replace("_", " ")))
        yield Parameter(name, kind, default, tuple(choices), zh, en)


def _documented(function: Callable[..., Any]) -> tuple[str, str]:
    """The first sentence of a docstring and what follows "Source:" in it."""
    text = " ".join((inspect.getdoc(function) or "").split())
    head, _, cited = text.partition("Source:")
    return head.partition(". ")[0].rstrip(". "), cited.strip()


def _plain(hint: Any) -> Any:
    """tuple[int, ...] → tuple, Fraction | None → Fraction."""
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    origin = typing.get_origin(hint)
    if origin is None:
        return hint
    if type(None) in typing.get_args(hint):
        return _plain(parts[0])
    return Mapping if origin in (Mapping, collections.abc.Mapping, dict) else origin


METHODS = Registry("methods")
"""Several judges' marks → one."""
ROLLUPS = Registry("rollups")
"""Attempts, rounds, members or parts → one."""
CONVERSIONS = Registry("conversions")
"""A value → points: tables, formulas, placements."""
TIE_BREAKS = Registry("tie_breaks")
"""Keys of an order."""
ROUNDING = Registry("rounding")
"""Ways to round."""
SCALES = Registry("scales")
"""Totals of a field → a common scale."""
TABLES = Registry("tables")
"""Results → tables of teams, organisations, delegations."""
AWARD_RULES = Registry("award_rules")
"""A ranking → who receives what, and why not."""
KINDS = Registry("kinds")
"""Kinds of aspects."""

ALL = (METHODS, ROLLUPS, CONVERSIONS, TIE_BREAKS, ROUNDING, SCALES, TABLES, AWARD_RULES, KINDS)
