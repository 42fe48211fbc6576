"""The list of earlier title holders: every bad row reported, taken over whole or not at all."""

import io

import openpyxl
import pytest

from contest.accounts.access import SYSTEM
from contest.awards import queries, service
from contest.awards.earlier import HeadingsMissing, template
from contest.awards.models import EarlierHolder
from contest.db import db, transaction
from contest.entries.roster.table import UnreadableFile
from contest.errors import Invalid
from contest.events.models import Contest
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, id_number, make_list

ACT = {"actor": SYSTEM, "at": NOON}
HEAD = "姓名,证件号码,年度,文号\n"


def read(text: str, name: str = "earlier.csv"):
    return service.read_earlier_holders(text.encode("utf-8"), name, year_now=2026)


def take_over(contest_id: int, text: str):
    with transaction():
        return service.take_over_earlier_holders(
            db.session.get_one(Contest, contest_id), read(text), title_key="technical_expert", content=text.encode(),
            name="earlier.csv", **ACT,
        )  # fmt: skip


def test_every_bad_row_is_reported_in_one_pass_with_column_value_and_reason(app):
    good = id_number(1)
    text = HEAD + "".join(
        f"{row}\n"
        for row in (
            f"更尕昂宝,{good},2024,示工发〔2024〕9号",
            f",{id_number(2)},2024,",
            "钱海龙,630101199001010029,2024,",
            f"孙秀英,{id_number(4)},2031,",
            f"李桂兰,{good},2023,",
            "周福文,,2023,",
            "赵永明,6.30101E+17,2023,",
        )
    )
    found = read(text)
    assert [(one.name, one.year) for one in found.people] == [("更尕昂宝", 2024)]
    assert [(one.row, one.column, one.code) for one in found.bad] == [
        (3, "name", "earlier_empty"), (4, "id", "id_check"), (5, "year", "earlier_year"),
        (6, "id", "earlier_twice"), (7, "id", "earlier_empty"), (8, "id", "digits_lost"),
    ]  # fmt: skip


def test_a_reported_id_number_is_masked(app):
    found = read(HEAD + "钱海龙,630101199001010029,2024,\n")
    assert found.bad[0].value == "630***********0029"


def test_a_list_with_a_bad_row_changes_nothing(app):
    contest_id = make_list().event.sub_contest.edition.contest_id
    with pytest.raises(Invalid) as refused:
        take_over(contest_id, HEAD + f"更尕昂宝,{id_number(1)},,\n钱海龙,12345,,\n")
    assert refused.value.params == {"rows": 1}
    assert db.session.scalar(db.select(db.func.count()).select_from(EarlierHolder)) == 0


def test_the_same_list_twice_adds_nobody(app):
    contest_id = make_list().event.sub_contest.edition.contest_id
    text = HEAD + "".join(
        f"{name},{id_number(i)},2024,示工发〔2024〕9号\n" for i, name in enumerate(NAMES[:3], 1)
    )
    assert [take_over(contest_id, text), take_over(contest_id, text)] == [(3, 0), (0, 3)]


def test_a_listed_person_is_passed_over_when_titles_are_proposed(app):
    listed = make_list(ListState.FINAL)
    listed_id = listed.id
    take_over(listed.event.sub_contest.edition.contest_id, HEAD + f"才让·卓玛,{id_number(2)},2024,\n")
    with transaction():
        titles = service.propose_titles(db.session.get_one(Publication, listed_id), **ACT)
        assert [one.name for one in titles] == ["更尕昂宝", "欧阳建国", "赵永明"]


def test_people_of_the_edition_who_stand_on_the_list_are_shown_before_the_contest(app):
    event = make_list().event
    edition = event.sub_contest.edition
    take_over(edition.contest_id, HEAD + f"欧阳建国,{id_number(3)},2024,\n")
    edition_id, holder_id = edition.id, edition.contest.holder_id
    found = queries.people_of_edition_on_list(edition_id, holder_id)
    assert [(person.name, earlier.year) for person, earlier in found] == [("欧阳建国", 2024)]


def test_numbers_kept_as_numbers_in_a_workbook_are_refused_because_digits_are_lost(app):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号"])
    book.active.append(["更尕昂宝", 630101199001010010])
    out = io.BytesIO()
    book.save(out)
    found = service.read_earlier_holders(out.getvalue(), "x.xlsx", year_now=2026)
    assert [one.code for one in found.bad] == ["digits_lost"]


def test_the_template_is_read_back_as_an_empty_list(app):
    assert service.read_earlier_holders(template(), "template.xlsx", year_now=2026).people == ()


def test_a_file_without_the_two_columns_says_so(app):
    with pytest.raises(HeadingsMissing):
        read("甲,乙\n1,2\n")


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "x.xlsx"), (b"PK\x03\x04broken", "x.xlsx"), (b"%PDF-1.7", "x.pdf")]
)
def test_a_file_that_is_no_list_is_refused_by_name(app, content, name):
    with pytest.raises(UnreadableFile):
        service.read_earlier_holders(content, name, year_now=2026)
