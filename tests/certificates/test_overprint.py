"""Pre-printed stock: the variable layer alone, moved for a printer; serials counted up; nothing taken twice."""

import io
from datetime import date

import numpy
import pytest
from pypdf import PdfReader

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.awards import service as awards
from contest.certificates import layouts, overprint, pixels, queries, service
from contest.certificates.models import Certificate, Printer
from contest.certificates.refusals import PrinterNameNeeded, SerialBroken, SerialTaken
from contest.db import db, transaction
from contest.events.models import Contest, Event
from contest.results.models import Publication
from tests.awards.builders import NAMES, NOON, make_list
from tests.builders import csrf_of, make_account

ACT = {"actor": SYSTEM, "at": NOON}


@pytest.fixture
def issued(app):
    """Ids of an event and its contest, whose certificates have their numbers."""
    listed = make_list()
    found = {"event": listed.event_id, "contest": listed.event.sub_contest.edition.contest_id}
    with transaction():
        awards.draw_up(db.session.get_one(Publication, listed.id), **ACT)
        service.issue(
            db.session.get_one(Event, found["event"]), base_url="http://localhost", dated_on=date(2026, 11, 20), **ACT
        )  # fmt: skip
    return found


def rows_of(issued):
    return queries.certificates_for(SYSTEM, issued["event"])


def ink(content):
    """Where anything is printed, at 254 dots an inch: ten a millimetre."""
    return numpy.any(pixels.raster(content, dpi=254) < 128, axis=2)


def test_only_what_differs_between_papers_is_printed(issued):
    (paper,) = overprint.layer_of(rows_of(issued)[:1], None)
    (page,) = PdfReader(io.BytesIO(paper.content)).pages
    text = page.extract_text().replace(" ", "").replace("\n", "")
    told = rows_of(issued)[0].fields["values"]
    assert [told[key] in text for key in ("name", "prize", "number", "date")] == [True] * 4
    assert [word in text for word in ("荣誉证书", "CERTIFICATE", "特发此证", "盖章处")] == [False] * 4
    assert not ink(paper.content)[:250, :].any()  # where frame and heading would be


def test_a_printers_correction_moves_the_text_by_exactly_so_many_millimetres(issued):
    with transaction():
        contest = db.session.get_one(Contest, issued["contest"])
        printer = overprint.set_printer(contest, name="一号机", x_milli=3000, y_milli=-2000, **ACT)
        (moved,) = overprint.layer_of(rows_of(issued)[:1], printer)
    (still,) = overprint.layer_of(rows_of(issued)[:1], None)
    before, after = ink(still.content), ink(moved.content)
    assert before.any()
    # Thirty dots right, twenty up; edges of strokes may differ by a pixel's shade.
    differing = numpy.count_nonzero(before[20:, :-30] != after[:-20, 30:])
    assert differing < 0.02 * numpy.count_nonzero(before)


def test_every_paper_of_the_list_has_its_page_in_printing_order(issued):
    book = io.BytesIO()
    assert service.merged(overprint.layer_of(rows_of(issued), None), title="x", into=book) == len(NAMES)
    texts = [page.extract_text().replace(" ", "").replace("\n", "") for page in PdfReader(book).pages]
    assert [next(name for name in NAMES if name in text) for text in texts] == list(reversed(NAMES))


def test_which_slots_vary_follows_from_their_words():
    layout = layouts.load("prize")
    assert [one.name for one in layout.slots if layout.varies(one)] == [
        "name", "unit", "body", "prize", "qr", "number", "hint", "issuers", "date",
    ]  # fmt: skip


def test_serials_count_up_with_their_zeros_and_letters():
    assert overprint.serials_from("青A00998-x", 3) == ["青A00998-x", "青A00999-x", "青A01000-x"]
    for bad in ("", "无号", "9" * 16):
        with pytest.raises(SerialBroken):
            overprint.serials_from(bad, 1)


def test_a_sheet_carries_one_certificate_only(issued):
    with transaction():
        overprint.note_serials(rows_of(issued)[:3], first="A098", contest_id=issued["contest"], **ACT)
    with pytest.raises(SerialTaken) as taken, transaction():
        overprint.note_serials(rows_of(issued)[3:5], first="A100", contest_id=issued["contest"], **ACT)
    assert taken.value.params["serial"] == "A100"
    assert [one.stock_serial for one in rows_of(issued)[:5]] == ["A098", "A099", "A100", "", ""]


@pytest.mark.parametrize(("name", "move"), [("", 0), ("机", 30_001), ("机", -30_001)])
def test_a_correction_without_a_name_or_too_far_is_refused(issued, name, move):
    with pytest.raises(PrinterNameNeeded), transaction():
        contest = db.session.get_one(Contest, issued["contest"])
        overprint.set_printer(contest, name=name, x_milli=move, y_milli=0, **ACT)


def test_the_organiser_sets_a_printer_prints_and_records_the_sheets(client, sign_in, issued):
    account = make_account(
        "Ann", (Role.ORGANISER, ScopeKind.CONTEST, issued["contest"]), contest_id=issued["contest"]
    )
    browser, page = sign_in(client, account), f"/events/{issued['event']}/certificates/overprint"

    def post(what, **values):
        return browser.post(f"{page}/{what}", data={"csrf_token": csrf_of(browser, page), **values})

    assert post("printers", name="一号机", right="1.25", down="-0.5").status_code == 302
    assert post("printers", name="一号机", right="1.5", down="-0.5").status_code == 302
    assert [(one.name, one.x_milli, one.y_milli) for one in db.session.scalars(db.select(Printer))] == [("一号机", 1500, -500)]  # fmt: skip
    assert post("printers", name="二号机", right="99", down="0").status_code == 422
    tested = PdfReader(io.BytesIO(browser.get(f"{page}/test.pdf?printer=1").data)).pages[0].extract_text()
    assert ("一号机" in tested, "number" in tested) == (True, True)
    book = PdfReader(io.BytesIO(browser.get(f"{page}/papers.pdf?printer=1").data))
    assert len(book.pages) == len(NAMES)
    second = rows_of(issued)[1].number
    assert post("serials", first="QH0007", start=second, count="2").status_code == 302
    db.session.expire_all()
    assert [one.stock_serial for one in rows_of(issued)][:4] == ["", "QH0007", "QH0008", ""]
    assert post("serials", first="没有数字").status_code == 422
    assert browser.get(f"{page}/test.pdf?printer=99").status_code == 404
    assert db.session.scalar(db.select(db.func.count()).select_from(Certificate)) == len(NAMES)
