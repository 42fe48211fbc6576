"""Whatever an office sends, it is read, or refused by name: never an accident."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.entries.forms.sentences import CELL, FILE, REPAIR
from contest.entries.roster import repairs
from contest.entries.roster.columns import HEADINGS, Field
from contest.entries.roster.findings import Problem, Repaired
from contest.entries.roster.importing import Roster, check_table, read_roster
from contest.entries.roster.table import Cell, CellKind, Merge, Row, Sheet, Table, UnreadableFile
from tests.entries.rosters import RAMEN, SOLO, terms

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            " ",
            "男",
            "回",
            "高级工",
            "居民身份证",
            "护照",
            "11010519491231002X",
            "1990-01-05",
            "=A1",
            "小计",
        ]
    ),
    st.sampled_from(
        [
            "拉面制作",
            "电工",
            "职工",
            "1101",
            "12年",
            "1.1E+17",
            "青海省",
            "李　明",
            "才让•卓玛",
            "示例",
            "+86 138",
        ]
    ),
    st.integers(-(10**20), 10**20).map(str),
)
CELLS = st.builds(
    Cell, TEXTS, st.sampled_from(list(CellKind)), st.sampled_from(["", "", "=A1", '="x"', "#N/A"])
)
ROWS = st.lists(CELLS, max_size=24)
HEADS = st.lists(
    st.sampled_from([name for names in HEADINGS.values() for name in names]), min_size=3, max_size=22
)
MERGES = st.lists(st.builds(Merge, *[st.integers(0, 12)] * 4), max_size=3)


def _said(roster: Roster) -> None:
    """Every code has its sentence, and every sentence its parameters."""
    for error in roster.errors:
        assert str(CELL[error.code]) % error.params
    for notice in roster.notices:
        assert all(code in REPAIR for code in notice.codes)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADS, st.lists(ROWS, max_size=10), MERGES)
def test_any_cells_under_any_headings_end_in_findings_or_people(
    heads: list[str], rows: list[list[Cell]], merges: list[Merge]
) -> None:
    lines = [Row(1, tuple(Cell(head) for head in heads))]
    lines += [Row(n, tuple(cells)) for n, cells in enumerate(rows, start=2)]
    try:
        roster = check_table(Table("xlsx", (Sheet("报名", tuple(lines), tuple(merges)),)), terms(RAMEN, SOLO))
    except UnreadableFile as refused:
        assert refused.code in FILE
        return
    _said(roster)
    for row in roster.rows:
        assert (row.name, row.id_number, row.delegation) != ("", "", "")
        assert row.born_on is None or row.born_on <= date(2024, 10, 1)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.txt", "a"]))
def test_any_bytes_are_read_or_refused_by_name(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "姓名,代表队,证件号码\n".encode()):
        try:
            _said(read_roster(start + content, name, terms(SOLO)))
        except UnreadableFile as refused:
            assert str(FILE[refused.code]) % refused.params


REPAIRS = (
    *(repairs.person_name, repairs.people_names, repairs.document_number, repairs.team_number, repairs.phone),
    *(repairs.years, repairs.calendar_date, repairs.free_text),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_repaired_value_needs_no_second_repair(text: str) -> None:
    for repair in REPAIRS:
        once = repair(text)
        if isinstance(once, Repaired):
            assert repair(once.text) == Repaired(once.text), (repair, text)
        else:
            assert isinstance(once, Problem)


def test_every_field_has_a_heading_of_its_own() -> None:
    assert set(HEADINGS) == set(Field)
    names = [name for names in HEADINGS.values() for name in names]
    assert len({name.casefold() for name in names}) == len(names)
