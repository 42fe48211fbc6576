"""Labels lie where the maker's grid has them, envelopes are as large as envelopes; what does not fit is refused."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from contest import papers
from contest.accounts.models import Role, ScopeKind
from contest.db import db
from contest.desk import label_sources
from contest.desk.labels import (
    ENVELOPES,
    SHEETS,
    Grid,
    GridUnfit,
    Label,
    LabelLong,
    covers,
    css,
    html,
    sheets_of,
)
from contest.events.models import Event
from tests.awards.builders import NAMES, make_list
from tests.builders import csrf_of, make_account

MM = 72 / 25.4
OWN = Grid(4, 10, 48.5, 25.4, left=8, top=21.5)


@pytest.mark.parametrize("grid", [*SHEETS.values(), OWN])
def test_every_preset_lies_on_the_sheet(grid):
    assert grid.check() is grid


@pytest.mark.parametrize(
    "grid",
    [
        Grid(3, 8, 71, 37), Grid(3, 8, 70, 37.5), Grid(0, 8, 70, 37), Grid(3, 8, 70, 5), Grid(3, 8, 60, 30, left=-5),
        Grid(2, 2, float("nan"), 30),
    ],
)  # fmt: skip
def test_a_grid_that_leaves_the_sheet_is_refused(grid):
    with pytest.raises(GridUnfit):
        grid.check()


@given(st.integers(0, 100), st.integers(0, 60), st.sampled_from([*SHEETS.values(), OWN]))
def test_each_label_has_a_place_of_its_own_and_used_ones_stay_free(count, skip, grid):
    found = list(sheets_of([Label(str(number)) for number in range(count)], grid, skip=skip))
    assert [label.name for page in found for _, _, label in page] == [str(number) for number in range(count)]
    assert all(len({(x, y) for x, y, _ in page}) == len(page) <= grid.count for page in found)
    if found:
        assert found[0][0][:2] == grid.place(skip % grid.count)


def test_the_paper_has_each_name_where_the_grid_says():
    grid = SHEETS["2x7"]
    labels = [Label(name, ("示范公司",)) for name in NAMES]
    content = papers.pdf(html(labels, grid, skip=13), title="x", css=[css(grid)])
    pages = PdfReader(io.BytesIO(content)).pages
    assert [len(pages), [round(float(side) / MM) for side in pages[0].mediabox[2:]]] == [2, [210, 297]]
    found: dict[str, tuple[float, float]] = {}

    def note(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x, y = text_matrix[4] * matrix[0] + matrix[4], text_matrix[5] * matrix[3] + matrix[5]
            found.setdefault(text.strip(), (x / MM, 297 - y / MM))

    pages[0].extract_text(visitor_text=note)
    (x, y) = next(place for text, place in found.items() if text.startswith(NAMES[0][:2]))
    left, top = grid.place(13)
    assert left < x < left + 8
    assert top < y < top + 15


@pytest.mark.parametrize(("key", "size"), [("DL", (220, 110)), ("ZL", (230, 120)), ("C5", (229, 162))])
def test_an_envelope_is_a_page_of_its_own_size_with_code_address_name_and_sender(key, size):
    label = label_sources.typed("100000，示范省示范市示范路1号，更尕昂宝，同志收")[0]
    assert label == Label("更尕昂宝", ("同志收",), "100000", "示范省示范市示范路1号")
    content = papers.pdf(
        covers([label], ENVELOPES[key], sender="示范省总工会"), title="x", css=[css(ENVELOPES[key])]
    )
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert tuple(round(float(side) / MM) for side in page.mediabox[2:]) == size
    text = page.extract_text().replace(" ", "").replace("\n", "")
    assert [word in text for word in ("100000", "示范路1号", "更尕昂宝", "同志收", "示范省总工会")] == [
        True
    ] * 5


def test_a_name_too_long_for_the_label_is_refused_by_name():
    with pytest.raises(LabelLong) as refused:
        html([Label("很长的名字" * 20)], SHEETS["3x8"])
    assert refused.value.params["text"] == "很长的名字" * 20


def test_names_cannot_bring_markup_along():
    assert "<b>" not in html([Label("<b>x</b>", ("<i>",), qr="http://x/?a=<b>")], SHEETS["3x8"])


@pytest.fixture
def organiser(client, sign_in, app):
    event = db.session.get_one(Event, make_list().event_id)
    contest_id, edition_id = event.sub_contest.edition.contest_id, event.sub_contest.edition_id
    browser = sign_in(
        client, make_account("Ann", (Role.ORGANISER, ScopeKind.CONTEST, contest_id), contest_id=contest_id)
    )
    return browser, f"/editions/{edition_id}/labels"


def send(place, **values):
    browser, page = place
    return browser.post(page, data={"csrf_token": csrf_of(browser, page), **values})


def test_the_organiser_prints_a_label_for_each_contestant(organiser):
    answer = send(
        organiser, source="contestants", event_id="", delegation_id="", sheet="3x8", skip="0", with_qr="y"
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).replace(" ", "")
    assert [name in text for name in NAMES] == [True] * len(NAMES)


def test_a_grid_too_large_comes_back_with_what_was_typed(organiser):
    answer = send(
        organiser, source="contestants", event_id="", delegation_id="", sheet="own", columns="5", rows="8", w="70", h="37",
        sender="示范省总工会",
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "示范省总工会" in text) == (422, True)
    assert re.search(r"350(\.0)? × 296", text)


def test_the_code_of_a_label_opens_the_sign_in_with_the_number_filled_in(organiser, app):
    page = app.test_client().get("/contestant?number=N001").get_data(as_text=True)
    assert 'value="N001"' in page
