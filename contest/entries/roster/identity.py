"""Identity documents: the resident number of GB 11643 and the others an entrant may bring."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from contest.entries.roster.findings import Problem

RESIDENT = "居民身份证"
RESIDENCE_PERMIT = "港澳台居民居住证"
FOREIGN_PERMANENT = "外国人永久居留身份证"

# GB 11643-1999, section 4.3: weights of the first seventeen digits and the check character of the sum modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

# Documents on the other path have no check character we may rely on: only their shape is looked at.
SHAPES = {
    "护照": r"[A-Z0-9]{5,17}",
    "港澳居民来往内地通行证": r"[HM]\d{8}(\d{2})?",
    "台湾居民来往大陆通行证": r"\d{8}|\d{10}[A-Z0-9]{0,2}|[A-Z]\d{9}",
    FOREIGN_PERMANENT: r"[A-Z]{3}\d{12}|9\d{16}[\dX]",
}
KINDS = (RESIDENT, RESIDENCE_PERMIT, *SHAPES)
KIND_ALIASES = {
    "身份证": RESIDENT,
    "二代身份证": RESIDENT,
    "第二代身份证": RESIDENT,
    "中国居民身份证": RESIDENT,
    "中华人民共和国居民身份证": RESIDENT,
    "公民身份证": RESIDENT,
    "普通护照": "护照",
    "因私护照": "护照",
    "中国护照": "护照",
    "外国护照": "护照",
    "PASSPORT": "护照",
    "港澳通行证": "港澳居民来往内地通行证",
    "港澳居民通行证": "港澳居民来往内地通行证",
    "回乡证": "港澳居民来往内地通行证",
    "台胞证": "台湾居民来往大陆通行证",
    "台湾通行证": "台湾居民来往大陆通行证",
    "台湾居民居住证": RESIDENCE_PERMIT,
    "港澳居民居住证": RESIDENCE_PERMIT,
    "外国人永久居留证": FOREIGN_PERMANENT,
    "RESIDENT ID CARD": RESIDENT,
    "RESIDENT ID": RESIDENT,
    "ID CARD": RESIDENT,
}


@dataclass(frozen=True)
class ResidentNumber:
    """What a valid resident number says of its holder. `gender` is 男 or 女."""

    number: str
    born_on: date
    gender: str


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to seventeen digits (GB 11643-1999, 4.3)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_resident(number: str) -> ResidentNumber | Problem:
    """Check a resident number in its one form (upper case, no spaces). The region's code is not checked:

    districts come and go, and people keep the number they were born with.
    """
    if re.fullmatch(r"\d{15}", number):
        return Problem("id_fifteen")
    if len(number) != 18:
        return Problem("id_length", {"length": len(number)})
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Problem("id_characters")
    expected = check_character(number[:17])
    if number[17] != expected:
        return Problem("id_check")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Problem("id_date", {"date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}"})
    return ResidentNumber(number, born_on, "男" if int(number[16]) % 2 else "女")


def read_document(kind: str, number: str) -> ResidentNumber | Problem | None:
    """Check a number as its kind asks; None where the kind says nothing of its holder and the shape fits."""
    if kind in (RESIDENT, RESIDENCE_PERMIT):
        return read_resident(number)
    if re.fullmatch(SHAPES[kind], number):
        return None
    return Problem("id_shape", {"kind": kind})
