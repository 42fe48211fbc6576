"""Formulas of rule books, evaluated exactly: a small arithmetic language over fractions.

Allowed: numbers, names, + − * / // %, whole-number powers, comparisons, `a if b else c`, and the functions below.
Nothing else is read, so that a rule set can never run code.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from contest.scoring.numbers import round_fraction

LONGEST = 500
MOST_BITS = 200_000
"""Numbers with more bits than this are refused: no rule book needs them."""


class FormulaError(ValueError):
    """The formula cannot be read or has no value."""


def integer_root(value: int, degree: int) -> int:
    """⌊value^(1/degree)⌋ by bisection over integers; value ≥ 0."""
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= value:
            low = middle
        else:
            high = middle - 1
    return low


def power(factor: Fraction, base: Fraction, exponent: Fraction, digits: Fraction = Fraction(0)) -> Fraction:
    """factor × base^exponent cut off after `digits` decimals, exact for fractional exponents; 0 for base ≤ 0.

    ⌊f·b^(p/q)·10ᵈ⌋ is the q-th root of ⌊(f·10ᵈ)^q·b^p⌋, so that no logarithm is needed. Source of the shape:
    World Athletics scoring formulas, points = ⌊a·(b − T)^c⌋.
    """
    if base <= 0 or factor <= 0:
        return Fraction(0)
    scale = 10 ** int(digits)
    p, q = exponent.numerator, exponent.denominator
    if q > 1000 or abs(p) > 10_000:
        raise FormulaError("exponent")
    inside = (factor * scale) ** q * base**p
    return Fraction(integer_root(floor(inside), q), scale)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda value: Fraction(floor(value)),
    "ceil": lambda value: Fraction(ceil(value)),
    "trunc": lambda value: Fraction(int(value)),
    "round": lambda value, digits=Fraction(0): round_fraction(value, int(digits), "half_up"),
    "round_even": lambda value, digits=Fraction(0): round_fraction(value, int(digits), "half_even"),
    "power": power,
}
BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: lambda a, b: a % b,
}
COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


@functools.lru_cache(maxsize=256)
def parse(text: str) -> ast.expr:
    """Read a formula; raises FormulaError for anything that is not plain arithmetic."""
    if len(text) > LONGEST:
        raise FormulaError("length")
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("syntax") from None
    for node in ast.walk(body):
        _allow(node, text)
    return body


def _allow(node: ast.AST, text: str) -> None:
    plain = (
        ast.BinOp,
        ast.UnaryOp,
        ast.IfExp,
        ast.Name,
        ast.Load,
        ast.operator,
        ast.unaryop,
        ast.cmpop,
        ast.Compare,
    )
    if isinstance(node, plain):
        return
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in FUNCTIONS
        and not node.keywords
    ):
        return
    raise FormulaError(ast.get_source_segment(text, node) or type(node).__name__)  # type: ignore[arg-type]


def names(text: str) -> frozenset[str]:
    """The names a formula needs a value for; raises FormulaError."""
    found = {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}
    return frozenset(found - set(FUNCTIONS))


def evaluate(text: str, values: Mapping[str, Fraction]) -> Fraction:
    """The value of a formula; raises FormulaError (also for a division by 0 and unknown names)."""
    try:
        result = _value(parse(text), text, values)
    except (ZeroDivisionError, TypeError, OverflowError, KeyError) as error:
        raise FormulaError(str(error)) from None
    return Fraction(result)


def _value(node: ast.expr, text: str, values: Mapping[str, Fraction]) -> Any:
    if isinstance(node, ast.Constant):
        # The digits as written, not the binary float that the parser made of them.
        return Fraction(ast.get_source_segment(text, node) or str(node.value))
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        operand = _value(node.operand, text, values)
        return -operand if isinstance(node.op, ast.USub) else operand
    if isinstance(node, ast.IfExp):
        return _value(node.body if _value(node.test, text, values) else node.orelse, text, values)
    if isinstance(node, ast.Compare):
        terms = [_value(term, text, values) for term in (node.left, *node.comparators)]
        return all(COMPARE[type(op)](a, b) for op, a, b in zip(node.ops, terms, terms[1:], strict=False))
    if isinstance(node, ast.Call):
        return FUNCTIONS[node.func.id](*(_value(one, text, values) for one in node.args))  # type: ignore[attr-defined]
    return _binary(node, text, values)


def _binary(node: Any, text: str, values: Mapping[str, Fraction]) -> Any:
    left, right = _value(node.left, text, values), _value(node.right, text, values)
    if isinstance(node.op, ast.Pow):
        if right.denominator != 1 or abs(right) > 64:
            raise FormulaError("exponent")
        result = left ** int(right)
    else:
        result = BINARY[type(node.op)](left, right)
    if isinstance(result, Fraction) and result.numerator.bit_length() > MOST_BITS:
        raise FormulaError("size")
    return result
