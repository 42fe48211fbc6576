"""Sums of money in whole cents: read as typed, split among people, taxed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contest.awards.refusals import MoneyInvalid

MOST = 100_000_000_00  # cents; a hundred million yuan is a typing mistake
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)


def cents(text: str) -> int:
    """“1500.5” → 150050. Raises MoneyInvalid for anything but yuan with at most two decimals."""
    plain = (
        text.strip()
        .replace(",", "")
        .replace("，", "")
        .removeprefix("¥")
        .removeprefix("￥")
        .removesuffix("元")
    )
    found = _AMOUNT.fullmatch(plain)
    if found is None or int(found[1]) * 100 > MOST:
        raise MoneyInvalid(value=text.strip()[:40])
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def yuan(amount: int) -> str:
    """150050 → “1500.50”."""
    return f"{amount // 100}.{amount % 100:02d}"


def shares(amount: int, people: int) -> list[int]:
    """The sum in equal parts; cents that don't divide go one each to the first. The parts add up to the sum."""
    if people <= 0:
        return []
    part, rest = divmod(amount, people)
    return [part + (place < rest) for place in range(people)]


@dataclass(frozen=True)
class Taxed:
    """One payment in cents: before tax, the tax, what is paid out."""

    gross: int
    tax: int
    net: int


def taxed(gross: int, rate_bp: int) -> Taxed:
    """Tax of a payment at so many hundredths of a per cent, to the cent, half up, on each payment by itself.

    Prizes are 偶然所得: the whole payment is taxed, nothing is taken off before.
    Source: 个人所得税法 (2018), art. 2 (9), 3 (3) and 6 (6).
    """
    tax = (gross * rate_bp + 5_000) // 10_000
    return Taxed(gross, tax, gross - tax)


def total(payments: Sequence[Taxed]) -> Taxed:
    """Column by column."""
    return Taxed(
        sum(one.gross for one in payments), sum(one.tax for one in payments), sum(one.net for one in payments)
    )
