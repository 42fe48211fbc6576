"""On the tablet the row of the table that is reached stands out while the value is typed, without a network too."""

from __future__ import annotations

import pytest

from tests.browsers import on_a_device
from tests.judging.builders import RULES, Hall, make_hall
from tests.judging.test_tablet_browser import open_sheet, ready, sign_in, status, type_mark
from tests.judging.test_tablet_offline import open_list

pytestmark = on_a_device

MEASURED = RULES.replace(
    'key = "dough"\ntitle_zh = "和面"\ntitle_en = "Dough"\nmaximum = 40\nkind = { by = "marks", step = "0.5" }',
    'key = "dough"\ntitle_zh = "孔径（mm）"\ntitle_en = "Bore (mm)"\nmaximum = 40\n'
    'kind = { by = "value", low = 0, high = 100 }\n'
    'convert = { by = "tolerance", target = 50, table = [["0.02", 40], ["0.05", 25], ["0.1", 10]] }',
)


@pytest.fixture
def hall(app) -> Hall:
    return make_hall(entries=2, judges=1, rules=MEASURED)


def outstanding(page) -> list[str]:
    return [
        " ".join(row.inner_text().split()) for row in page.query_selector_all("[data-bands] tr.is-reached")
    ]


def test_the_row_that_is_reached_stands_out_while_the_value_is_typed(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    field = "[data-aspect=dough] input.markfield"
    assert outstanding(page) == []
    for typed, row in (
        ("50.02", "49.98～50.02（±0.02） 40"),
        ("49.951", "49.95～50.05（±0.05） 25"),
        ("60", "其余 0"),
    ):
        page.fill(field, typed)
        assert outstanding(page) == [row]
    page.fill(field, "60,5")
    assert outstanding(page) == []
    type_mark(page, "dough", "50.05")
    status(page, "online")
    page.reload()
    ready(page)
    assert outstanding(page) == ["49.95～50.05（±0.05） 25"]
    page.select_option("[data-aspect=dough] select.statefield", "absent")
    assert outstanding(page) == []


def test_the_summary_opened_by_its_address_without_a_network_is_made_on_the_device(
    address, served, tablet, hall
):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    summary = f"{page.url}/submit"
    served.stop()
    type_mark(page, "dough", "50.03")
    type_mark(page, "cut", "2.5")
    page.check("[data-aspect=shape] input[value='3']", force=True)
    page.check("[data-aspect=clean] input[value='1']", force=True)
    status(page, "offline")
    page.goto(summary)
    page.wait_for_selector("[data-signing]:not([hidden])")
    rows = [" ".join(row.inner_text().split()) for row in page.query_selector_all("[data-sign-rows] tr")]
    assert rows[:2] == ["孔径（mm） 50.03 25", "刀工 −2.5 27.5"]
