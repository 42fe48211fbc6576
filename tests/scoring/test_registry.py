"""A registered function describes itself: its parameters from its signature, its words from its docstring."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import pytest

from contest.scoring.registry import (
    REQUIRED,
    BadParameter,
    NameTaken,
    Parameter,
    Registry,
    Unknown,
)


def sums(marks, other=0, *, most: int, share: Fraction = Fraction(1, 2), mode: Literal["up", "down"] = "up"):
    """Adds the marks. More than one sentence.

    Source: a rule book, clause 3
    """
    return sum(marks) + other, most, share, mode


def registry_of(**named):
    registry = Registry("tricks")
    for key, function in named.items():
        registry.register(key)(function)
    return registry


def test_title_and_source_come_from_the_docstring_and_parameters_from_the_signature():
    registry = Registry("tricks")
    titles = {"most": ("最多", "at most")}
    assert registry.register("sums", title_zh="求和", parameters=titles)(sums) is sums
    (item,) = registry
    assert (item.key, item.function, item.title_zh) == ("sums", sums, "求和")
    assert (item.title_en, item.source) == ("Adds the marks", "a rule book, clause 3")
    assert registry.parameters("sums") == [
        Parameter("most", "int", REQUIRED, (), "最多", "at most"),
        Parameter("share", "number", Fraction(1, 2), (), "share", "share"),
        Parameter("mode", "choice", "up", ("up", "down"), "mode", "mode"),
    ]
    assert [one.is_required for one in item.parameters] == [True, False, False]


def test_what_is_stated_comes_before_the_docstring_and_the_key_stands_for_a_title():
    registry = Registry("tricks")
    registry.register("a", title_en="Sum", source="GB")(sums)
    registry.register("b")(lambda marks: marks)
    assert [(one.key, one.title_zh, one.title_en, one.source) for one in registry] == [
        ("a", "a", "Sum", "GB"),
        ("b", "b", "", ""),
    ]


def test_a_second_function_of_one_name_is_refused_and_the_first_stays():
    registry = registry_of(sums=sums)
    with pytest.raises(NameTaken, match=r"^tricks: sums$"):
        registry.register("sums")(lambda marks: marks)
    assert registry.get("sums").function is sums


def test_an_unknown_name_is_named():
    registry = registry_of(b=sums, a=sums)
    with pytest.raises(Unknown) as caught:
        registry.get("c")
    assert caught.value.args == ("c",)
    assert (registry.keys(), "a" in registry, "c" in registry) == (["a", "b"], True, False)


def test_a_call_takes_checked_parameters_and_defaults():
    registry = registry_of(sums=sums)
    assert registry.call("sums", [1, 2], 4, params={"most": 3}) == (7, 3, Fraction(1, 2), "up")
    full = {"most": 0, "share": "1/3", "mode": "down"}
    assert registry.call("sums", [1], params=full) == (1, 0, Fraction(1, 3), "down")


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({}, ("most", "missing", None)),
        ({"most": 1, "colour": "red"}, ("colour", "unknown", "red")),
        ({"most": True}, ("most", "int", True)),
        ({"most": "3"}, ("most", "int", "3")),
        ({"most": 1, "share": 0.5}, ("share", "number", 0.5)),
        ({"most": 1, "share": "half"}, ("share", "number", "half")),
        ({"most": 1, "mode": "left"}, ("mode", "choice", "left")),
    ],
)
def test_a_bad_parameter_says_which_why_and_what(params, told):
    with pytest.raises(BadParameter) as caught:
        registry_of(sums=sums).get("sums").bind(params)
    assert (caught.value.name, caught.value.reason, caught.value.value) == told
    assert str(caught.value) == f"{told[0]}: {told[1]} ({told[2]!r})"


def test_each_type_of_a_parameter_is_known_with_or_without_none():
    def kinds(
        *,
        whole: int = 0,
        yes: bool = True,
        word: str = "",
        several: tuple[int, ...] = (),
        table: Mapping[str, Any] | None = None,
        also: dict[str, int] | None = None,
        maybe: Fraction | None = None,
        long_name="",
    ):
        return whole, yes, word, several, table, also, maybe, long_name

    registry = registry_of(kinds=kinds)
    found = registry.parameters("kinds")
    assert [(one.name, one.type, one.title_en) for one in found] == [
        ("whole", "int", "whole"),
        ("yes", "bool", "yes"),
        ("word", "text", "word"),
        ("several", "list", "several"),
        ("table", "table", "table"),
        ("also", "table", "also"),
        ("maybe", "number", "maybe"),
        ("long_name", "text", "long name"),
    ]
    given = {"yes": False, "word": "x", "several": [1, 2], "table": {"a": 1}, "maybe": 2}
    assert registry.call("kinds", params=given) == (0, False, "x", (1, 2), {"a": 1}, None, Fraction(2), "")
    for name, bad in (("yes", 1), ("word", 3), ("several", "ab"), ("table", [1])):
        with pytest.raises(BadParameter):
            registry.call("kinds", params={name: bad})
