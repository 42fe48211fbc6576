"""A list in the house's own workbook: filled, formulas of the data neutralised, unknown placeholders refused."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from contest.db import db, transaction
from contest.entries.models import Delegation
from contest.results import house, queries
from contest.results.models import Publication
from contest.results.models_house import ListTemplate
from contest.results.refusals import TemplateRefused
from tests.results.builders import NAMES, NOON, fill, make_field, published


def workbook(line, *, head=("{edition}", "{title}"), foot=("共 {count} 人",)) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for text in head:
        sheet.append([text])
    sheet.append(list(line))
    for cell in sheet[len(head) + 1]:
        cell.font = Font(bold=True)
    for text in foot:
        sheet.append([text])
    sheet.merge_cells(start_row=len(head) + 2, end_row=len(head) + 2, start_column=1, end_column=3)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field()
    fill(field)
    return field


def rows_of(content):
    return [
        list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    ]


def made_from(template, one):
    row = db.session.get_one(Publication, one)
    return house.filled(template, row, queries.rows_for(row), "zh_CN")


def test_each_line_stands_in_a_row_of_its_own_between_head_and_foot(made):
    one = published(made)
    content = made_from(
        workbook(["{row.rank}", "{row.number} {row.name}", "{row.total}", "{row.mark:theory}"]), one
    )
    rows = rows_of(content)
    edition = made.event.sub_contest.edition.name
    assert rows[0][0] == edition and rows[6][0] == "共 4 人"
    assert rows[2:6] == [
        [1, "004 欧阳小明", 81.2, 77],
        [2, "003 曾阿牛", 80.8, 78],
        [3, "002 才让卓玛", 80.4, 79],
        [4, "001 更尕昂宝", 80, 80],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [sheet.cell(row, 2).font.b for row in range(3, 7)] == [True] * 4
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A7:C7"]


def test_text_of_the_data_never_runs_as_a_formula(made):
    with transaction():
        for row in db.session.query(Delegation):
            row.name = f'=HYPERLINK("http://a.example","{row.id}")'
    one = published(made)
    content = made_from(workbook(["{row.delegation}", "前缀 {row.delegation}"]), one)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert cells[2 * 3].value.startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK nonsense", "list_template_unreadable"),
        (b"", "list_template_unreadable"),
        (workbook(["姓名", "名次"]), "list_template_no_row"),
        (workbook(["{row.name}", "{row.phone}"], head=("{editon}",)), "list_template_unknown"),
    ],
)
def test_a_workbook_that_would_stay_empty_somewhere_is_refused(made, content, code):
    with pytest.raises(TemplateRefused) as refused, transaction():
        house.keep_template(
            edition=made.event.sub_contest.edition, name="a.xlsx", content=content, actor=made.actor("organiser"), at=NOON
        )  # fmt: skip
    assert refused.value.code == code
    if code == "list_template_unknown":
        assert refused.value.params == {"names": "{editon}、{row.phone}"}


def test_a_mark_that_the_list_does_not_have_is_told_not_left_empty(made):
    one = published(made)
    with pytest.raises(TemplateRefused) as refused:
        made_from(workbook(["{row.name}", "{row.mark:defence}"]), one)
    assert refused.value.params == {"names": "{row.mark:defence}"}


def test_the_organiser_uploads_it_and_the_office_downloads_lists_in_it(app, made, sign_in):
    one, edition = published(made), made.event.sub_contest.edition_id
    organiser = sign_in(app.test_client(), made.account("organiser"))
    address = f"/editions/{edition}/list-template"

    def upload(content):
        return organiser.post(
            address, data={"workbook": (io.BytesIO(content), "榜单.xlsx")}, content_type="multipart/form-data"
        )

    assert organiser.get(f"/publications/{one}/house.xlsx").status_code == 404
    refused = upload(workbook(["{row.name}", "{row.nmae}"]))
    assert (refused.status_code, "{row.nmae}" in refused.get_data(as_text=True)) == (422, True)
    assert upload(workbook(["{row.name}"])).status_code == 302
    assert "榜单.xlsx" in organiser.get(address).get_data(as_text=True)
    keeper = sign_in(app.test_client(), made.account("scorekeeper"))
    assert [row[0] for row in rows_of(keeper.get(f"/publications/{one}/house.xlsx").data)[2:6]] == list(
        NAMES[:4]
    )[::-1]
    assert organiser.post(f"{address}/drop").status_code == 302
    assert db.session.query(ListTemplate).count() == 0
