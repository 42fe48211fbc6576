"""Values into their one form: each function takes a cell's text and returns it repaired, or says why it can't.

Nothing is guessed: a repair changes how a value is written, never which value it is.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from contest.entries.roster.findings import Problem, Repaired

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SPACES = re.compile(r"\s+")
# Dots that keyboards and old code pages put where a name has U+00B7.
_DOTS = re.compile("[•‧∙・･‥․⋅●．]")
_HAN = "\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"{_HAN}\u0f00-\u0fff\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_SPACE_IN_HAN = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_DOT_IN_HAN = re.compile(rf"(?<=[{_HAN}])\.(?=[{_HAN}])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
EXCEL_EPOCH = date(1899, 12, 30)


def tidy(text: str, *, codes: bool = False) -> Repaired:
    """Without invisible characters and outer spaces; with `codes`, full-width forms become plain ones."""
    done: list[str] = []
    visible = _step(done, "invisible", text, _INVISIBLE.sub("", text.replace("\xa0", " ")))
    plain = _step(done, "full_width", visible, visible.translate(_FULL_WIDTH)) if codes else visible
    inner = _SPACES.sub(" ", plain) if "\n" in plain or "\r" in plain or "\t" in plain else plain
    return Repaired(_step(done, "spaces", plain, inner.strip().removeprefix("'").strip()), tuple(done))


def _step(done: list[str], code: str, before: str, after: str) -> str:
    if before != after:
        done.append(code)
    return after


def person_name(text: str) -> Repaired | Problem:
    """A name: spaces between Chinese characters and wrong middle dots go; Latin names keep single spaces."""
    first = tidy(text)
    done = list(first.codes)
    name = _step(
        done, "full_width", first.text, re.sub("[Ａ-Ｚａ-ｚ]", lambda m: chr(ord(m[0]) - 0xFEE0), first.text)
    )
    name = _step(done, "middle_dot", name, _DOT_IN_HAN.sub("·", _DOTS.sub("·", name)))
    name = _step(done, "spaces", name, _SPACES.sub(" ", _SPACE_IN_HAN.sub("", name)))
    if _PRIVATE.search(name):
        return Problem("name_private_use", {"characters": " ".join(sorted(set(_PRIVATE.findall(name))))})
    if name and not re.fullmatch(rf"[{_LETTER}A-Za-z\u00c0-\u024f·'’. -]+", name):
        return Problem("name_characters")
    return Problem("too_long", {"limit": 60}) if len(name) > 60 else Repaired(name, _once(done))


def people_names(text: str) -> Repaired | Problem:
    """Leaders and coaches: one name or several, parted by 、 or a comma."""
    parts = [person_name(part) for part in re.split("[、,，;；/]", text)]
    for part in parts:
        if isinstance(part, Problem):
            return part
    names = "、".join(part.text for part in parts if isinstance(part, Repaired) and part.text)
    codes = [code for part in parts if isinstance(part, Repaired) for code in part.codes]
    return Repaired(names, _once([*codes, *(["separator"] if not codes and names != text else [])]))


def free_text(text: str, limit: int = 200) -> Repaired | Problem:
    """Text that is kept as written but for its ends."""
    repaired = tidy(text)
    return Problem("too_long", {"limit": limit}) if len(repaired.text) > limit else repaired


def document_number(text: str) -> Repaired | Problem:
    """An identity document's number: no spaces or hyphens, plain digits, upper case."""
    first = tidy(text, codes=True)
    done = list(first.codes)
    number = _step(done, "spaces", first.text, _SPACES.sub("", first.text))
    number = _step(done, "hyphens", number, re.sub("[-‐‑–—]", "", number))
    number = _step(done, "upper_case", number, number.upper())
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        return Problem("digits_lost")
    return Repaired(number, _once(done))


def team_number(text: str) -> Repaired | Problem:
    """A team's or entry's number: short, without inner spaces."""
    first = tidy(text, codes=True)
    done = list(first.codes)
    number = _step(done, "spaces", first.text, _SPACES.sub("", first.text))
    number = _step(done, "whole_number", number, re.sub(r"(?<=\d)\.0+$", "", number))
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number.upper()):
        return Problem("digits_lost")
    return Problem("too_long", {"limit": 24}) if len(number) > 24 else Repaired(number, _once(done))


def phone(text: str) -> Repaired | Problem:
    """A mainland mobile or landline number with area code, or +country and number."""
    first = tidy(text, codes=True)
    done = list(first.codes)
    number = _step(done, "spaces", first.text, _SPACES.sub("", first.text))
    number = _step(done, "hyphens", number, re.sub("[-‐‑–—()]", "", number))
    number = _step(done, "country_code", number, re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", number))
    if number and not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|\+\d{7,15}", number):
        return Problem("phone")
    return Repaired(number, _once(done))


def years(text: str) -> Repaired | Problem:
    """Whole years from 0 to 70; “12年” is 12."""
    first = tidy(text, codes=True)
    done = list(first.codes)
    number = _step(done, "unit_removed", first.text, re.sub(r"\s*(周年|年|years?)$", "", first.text))
    number = _step(done, "whole_number", number, re.sub(r"(?<=\d)\.0+$", "", number))
    if not number:
        return Repaired("", _once(done))
    if re.fullmatch(r"[-−]\s*\d+(\.\d+)?", number):
        return Problem("years_negative")
    if re.fullmatch(r"\d+\.\d+", number):
        return Problem("years_whole")
    if not re.fullmatch(r"[0-9]{1,4}", number):
        return Problem("years_number")
    return (
        Repaired(str(int(number)), _once(done)) if int(number) <= 70 else Problem("years_many", {"limit": 70})
    )


def calendar_date(text: str, *, is_number: bool = False) -> Repaired | Problem:
    """A date as YYYY-MM-DD. Read are 1996.1.24, 1982年10月1日, 1976/02/03, 19760203 and a spreadsheet's day number."""
    first = tidy(text, codes=True)
    done = list(first.codes)
    written = re.sub(r"\s", "", re.sub(r"[ T]0{1,2}:00(:00(\.0+)?)?$", "", first.text))
    if not written:
        return Repaired("", _once(done))
    if is_number and re.fullmatch(r"\d{4,5}", written) and 3000 < int(written) < 60000:
        return Repaired((EXCEL_EPOCH + timedelta(days=int(written))).isoformat(), ("date_serial",))
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?", written) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", written
    )
    if not found:
        month = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", written)
        return (
            Problem("date_no_day", {"month": f"{month[1]}-{month[2]:0>2}"})
            if month
            else Problem("date_unreadable")
        )
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        return Problem("date_impossible")
    return Repaired(_step(done, "date_form", first.text, day.isoformat()), _once(done))


def choice(text: str, options: Sequence[str], aliases: Mapping[str, str], code: str) -> Repaired | Problem:
    """One of a closed list, by its own name or another that means the same; else `code` with the nearest ones."""
    found = matched(text, options, aliases)
    if found is not None:
        return found
    few = "、".join(options) if len(options) <= 12 else ""
    return Problem(code, {"suggestions": nearest(tidy(text).text, options), "options": few})


def matched(text: str, options: Sequence[str], aliases: Mapping[str, str]) -> Repaired | None:
    """The option a text names, an empty text being none of them and right; None where nothing fits."""
    first = tidy(text)
    if not first.text or first.text in options:
        return first
    wanted = key(first.text)
    for option in options:
        if key(option) == wanted:
            return Repaired(option, (*first.codes, "standard_form"))
    for alias, option in aliases.items():
        if key(alias) == wanted and option in options:
            return Repaired(option, (*first.codes, "standard_form"))
    return None


def nearest(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """At most three options that resemble a text, best first; those that contain it come before all others."""
    holding = [option for option in options if key(text) in key(option)] if key(text) else []
    close = difflib.get_close_matches(text, options, n=3, cutoff=0.5)
    return tuple(dict.fromkeys([*holding, *close]))[:3]


def key(text: str) -> str:
    """What two writings of one term share: no spaces, plain forms, one case."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _once(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
