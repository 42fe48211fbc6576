"""Identity documents: GB 11643 and the other path."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.entries.roster.findings import Problem
from contest.entries.roster.identity import ResidentNumber, check_character, read_document, read_resident
from contest.entries.roster.repairs import document_number
from tests.entries.rosters import CASES


def _examples() -> list[tuple[str, bool]]:
    with (CASES / "resident_numbers.csv").open(encoding="utf-8") as file:
        return [(row["number"], row["valid"] == "1") for row in csv.DictReader(file)]


@pytest.mark.parametrize(("number", "is_valid"), _examples())
def test_the_examples_of_the_standard_and_broken_variants(number: str, is_valid: bool) -> None:
    assert isinstance(read_resident(number), ResidentNumber) is is_valid


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310020", "id_check"),
        ("440524188001010041", "id_check"),
        ("44052418800101001", "id_length"),
        ("110105491231002", "id_fifteen"),
        ("110105194902300020", "id_date"),
        ("11010519491231002A", "id_characters"),
    ],
)
def test_each_fault_has_its_own_reason(number: str, code: str) -> None:
    found = read_resident(number)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_valid_number_says_birth_and_gender() -> None:
    assert read_resident("11010519491231002X") == ResidentNumber(
        "11010519491231002X", date(1949, 12, 31), "女"
    )
    assert read_resident("440524188001010014") == ResidentNumber("440524188001010014", date(1880, 1, 1), "男")


def test_a_lower_case_x_is_put_right() -> None:
    repaired = document_number("11010519491231002x")
    assert (repaired.text, repaired.codes) == ("11010519491231002X", ("upper_case",))


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_keeps_the_check_character(digits: str, place: int, shift: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert check_character(wrong) != check_character(digits)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 15))
def test_two_neighbouring_digits_swapped_change_the_check_character(digits: str, place: int) -> None:
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert (check_character(swapped) == check_character(digits)) is (swapped == digits)


@pytest.mark.parametrize(
    ("kind", "number", "is_good"),
    [
        ("护照", "E12345678", True),
        ("护照", "11010519491231002X9", False),
        ("港澳居民来往内地通行证", "H12345678", True),
        ("港澳居民来往内地通行证", "K12345678", False),
        ("台湾居民来往大陆通行证", "12345678", True),
        ("台湾居民来往大陆通行证", "1234", False),
        ("外国人永久居留身份证", "USA11010519900", False),
        ("外国人永久居留身份证", "USA123456789012", True),
    ],
)
def test_passports_and_permits_are_checked_by_shape_only(kind: str, number: str, is_good: bool) -> None:
    assert (read_document(kind, number) is None) is is_good
