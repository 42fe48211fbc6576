"""Pages of certificates: issuing, the register, the public check, one's own papers with few tries."""

import errno
import html
import io
import os
import re
from datetime import date

import pytest
from flask import g
from pypdf import PdfReader

from contest import web
from contest.accounts.access import SYSTEM
from contest.accounts.models import FailedAttempt, Role, ScopeKind
from contest.awards import service as awards
from contest.certificates import numbers, service
from contest.certificates.models import Certificate, NumberSequence
from contest.db import db, transaction
from contest.events.models import Event
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, advance, id_number, make_list
from tests.builders import csrf_of, make_account

ACT = {"actor": SYSTEM, "at": NOON}


@pytest.fixture
def place(app):
    """Ids of an event with drawn-up prizes."""
    listed = make_list()
    found = {
        "publication": listed.id, "event": listed.event_id, "contest": listed.event.sub_contest.edition.contest_id,
    }  # fmt: skip
    with transaction():
        db.session.get_one(
            Event, found["event"]
        ).sub_contest.edition.contest.holder.number_pattern = "示工证〔{year}〕{serial:05}号"
        awards.draw_up(db.session.get_one(Publication, found["publication"]), **ACT)
    return found


@pytest.fixture
def issued(place):
    """The same with every paper made; ids of the certificates in the order of the list."""
    with transaction():
        made = service.issue(
            db.session.get_one(Event, place["event"]),
            base_url="http://localhost",
            dated_on=date(2026, 11, 20),
            **ACT,
        )
        ids = [one.id for one in made]
    service.make(ids)
    return {**place, "ids": ids}


@pytest.fixture
def organiser(client, sign_in, place):
    account = make_account(
        "Ann", (Role.ORGANISER, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
    )
    return sign_in(client, account)


def post(browser, url, page, **values):
    return browser.post(url, data={"csrf_token": csrf_of(browser, page), **values})


def page_of(place):
    return f"/events/{place['event']}/certificates"


def certificate(certificate_id) -> Certificate:
    db.session.expire_all()
    return db.session.get_one(Certificate, certificate_id)


def text_of(content):
    return (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        .replace(" ", "")
        .replace("\n", "")
    )


def issue(browser, place, **values):
    return post(
        browser,
        page_of(place),
        page_of(place),
        **{"dated_on": "2026-11-20", "naming": "number_name", **values},
    )


def test_issuing_makes_every_paper_and_the_batchs_files(organiser, place):
    assert issue(organiser, place).status_code == 302
    rows = db.session.scalars(db.select(Certificate).order_by(Certificate.id)).all()
    assert [(one.name, one.file_id is not None) for one in rows] == [(name, True) for name in NAMES]
    page = organiser.get(page_of(place)).get_data(as_text=True)
    job = re.search(r"/certificate-jobs/(\d+)/pdf", page)[1]
    book = organiser.get(f"/certificate-jobs/{job}/pdf").data
    assert len(PdfReader(io.BytesIO(book)).pages) == len(NAMES)
    assert organiser.get(f"/certificate-jobs/{job}/zip").data[:4] == b"PK\x03\x04"
    whole = organiser.get(page_of(place) + "/all.pdf").data
    assert len(PdfReader(io.BytesIO(whole)).pages) == len(NAMES)


@pytest.mark.parametrize("fine", [0, 3, len(NAMES)])
def test_a_full_disk_is_told_nothing_is_half_kept_and_the_batch_resumes(
    organiser, place, monkeypatch, app, fine
):
    real, left = os.fsync, [fine]

    def full(number):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(number)

    monkeypatch.setattr(os, "fsync", full)
    assert issue(organiser, place).status_code == 302
    page = organiser.get(page_of(place)).get_data(as_text=True)
    folder = app.config["CONTEST"].files
    assert (web.sentence("disk_full") in html.unescape(page), list(folder.rglob("*.part"))) == (True, [])
    kept = db.session.scalar(db.select(db.func.count(Certificate.file_id)))
    assert kept == (len(NAMES) if fine == len(NAMES) else 0)  # the bundle failed, or the papers did
    monkeypatch.setattr(os, "fsync", real)
    job = re.search(r"/certificate-jobs/(\d+)/resume", page)[1]
    assert post(organiser, f"/certificate-jobs/{job}/resume", page_of(place)).status_code == 302
    assert db.session.scalar(db.select(db.func.count(Certificate.file_id))) == len(NAMES)
    assert len(PdfReader(io.BytesIO(organiser.get(f"/certificate-jobs/{job}/pdf").data)).pages) == len(NAMES)
    numbers = db.session.scalars(db.select(Certificate.number).order_by(Certificate.id)).all()
    assert numbers == [f"示工证〔2026〕{serial:05d}号" for serial in range(1, len(NAMES) + 1)]


def test_sending_the_form_twice_issues_once(organiser, place):
    assert [issue(organiser, place).status_code for _ in range(2)] == [302, 422]
    assert db.session.scalar(db.select(db.func.count()).select_from(Certificate)) == len(NAMES)


def test_the_organisers_wording_is_printed_and_offered_again(organiser, place):
    issue(organiser, place, **{"text-prize-closing": "特颁此证，以兹纪念。"})
    first = certificate(1)
    assert "特颁此证，以兹纪念。" in text_of(service.content_of(first))
    with transaction():
        service.void(db.session.get_one(Certificate, 1), reason="x", **ACT)
    assert "特颁此证，以兹纪念。" in organiser.get(page_of(place)).get_data(as_text=True)


def test_a_wording_that_cannot_be_printed_issues_nothing_and_is_kept(organiser, place):
    answer = issue(organiser, place, **{"text-prize-closing": "长" * 300})
    assert (answer.status_code, "长" * 300 in answer.get_data(as_text=True)) == (422, True)
    assert db.session.scalar(db.select(db.func.count()).select_from(Certificate)) == 0
    assert db.session.scalars(db.select(NumberSequence)).all() == []


def test_a_wording_with_an_unknown_place_is_refused_with_a_sentence(organiser, place):
    answer = issue(organiser, place, **{"text-prize-closing": "{telephone}"})
    assert (answer.status_code, "telephone" in answer.get_data(as_text=True)) == (422, True)


def test_the_preview_shows_the_wording_and_takes_no_number(organiser, place):
    answer = post(
        organiser,
        page_of(place) + "/preview?layout=prize",
        page_of(place),
        **{"text-prize-closing": "样张结语。"},
    )
    assert "样张结语。" in text_of(answer.data)
    assert organiser.get(page_of(place) + "/preview?layout=prize&as=png").data[:4] == b"\x89PNG"
    assert db.session.scalars(db.select(NumberSequence)).all() == []


def test_reissue_void_and_revoke_need_a_reason_and_show_on_the_public_page(organiser, issued):
    for act, certificate_id, state in (("reissue", issued["ids"][0], "已换发"), ("void", issued["ids"][1], "作废"), ("revoke", issued["ids"][2], "已撤销")):  # fmt: skip
        url = f"/certificates/{certificate_id}/{act}"
        assert post(organiser, url, f"/certificates/{certificate_id}", reason="").status_code == 422
        assert post(organiser, url, f"/certificates/{certificate_id}", reason="更正").status_code == 302
        page = organiser.get(f"/verify/{certificate(certificate_id).verify_code}").get_data(as_text=True)
        assert state in page
    fresh = db.session.scalars(db.select(Certificate).order_by(Certificate.id.desc())).first()
    assert fresh.file_id is not None


def test_the_public_page_shows_state_masked_name_award_and_date_and_nothing_more(client, issued):
    row = certificate(issued["ids"][2])
    page = client.get(f"/verify/{row.verify_code}").get_data(as_text=True)
    shown = ["有效" in page, "欧**国" in page, "银奖" in page, "2026年11月20日" in page]
    hidden = [row.name, row.number, row.fields["values"]["unit"], id_number(3), row.fields["values"]["event"]]
    assert shown == [True] * 4
    assert [one in page for one in hidden] == [False] * len(hidden)


def test_a_code_typed_with_hyphens_and_small_letters_is_found(client, issued):
    code = numbers.shown_code(certificate(issued["ids"][0]).verify_code).lower()
    answer = client.get("/verify", query_string={"code": code}, follow_redirects=True)
    assert (answer.status_code, "更**宝" in answer.get_data(as_text=True)) == (200, True)


def test_a_guessed_code_is_not_found_and_guessing_ends_after_five(client, issued):
    statuses = [client.get(f"/verify/{'0' * 15}{i}").status_code for i in range(6)]
    assert statuses == [404] * 5 + [429]


def test_the_public_page_speaks_english_by_its_address(client, issued):
    page = client.get(f"/verify/{certificate(issued['ids'][0]).verify_code}?lang=en").get_data(as_text=True)
    assert ("This certificate is valid." in page, "Gold" in page) == (True, True)


def own(browser, **changes):
    values = {"number": "001", "name": "更尕昂宝", "digits": id_number(1)[-6:], **changes}
    return post(browser, "/my-certificate", "/my-certificate", **values)


@pytest.mark.parametrize("number", ["001", "N001", "示工证〔2026〕00001号"])
def test_a_contestant_fetches_the_own_paper_by_number_name_and_digits(client, issued, number):
    assert own(client, number=number).status_code == 302
    page = client.get("/my-certificate").get_data(as_text=True)
    shown = client.get(re.search(r'href="(/my-certificate/\d+)"', page)[1]).get_data(as_text=True)
    link = re.search(r'href="(/my-certificate/\d+\.pdf)"', shown)[1]
    assert "更尕昂宝" in text_of(client.get(link).data)
    assert client.get(f"/my-certificate/{issued['ids'][1]}.pdf").status_code == 404
    mine = f"/my-certificate/{issued['ids'][0]}"
    assert client.get(f"{mine}.png").data[:4] == b"\x89PNG"
    assert client.get(f"{mine}-archive.pdf").data[:5] == b"%PDF-"
    other = f"/my-certificate/{issued['ids'][1]}"
    assert [client.get(other + end).status_code for end in ("", ".png", "-archive.pdf", "-badge.jwt")] == [
        404
    ] * 4


@pytest.mark.parametrize("wrong", [{"number": "002"}, {"name": "更尕昂保"}, {"digits": "000000"}])
def test_what_does_not_fit_together_opens_nothing_and_does_not_say_which(client, issued, wrong):
    answer = own(client, **wrong)
    assert answer.status_code == 422
    assert client.get(f"/my-certificate/{issued['ids'][0]}.pdf").status_code == 302


def test_after_five_wrong_tries_even_the_right_one_waits(client, issued):
    for _ in range(5):
        own(client, digits="000000")
    assert own(client).status_code == 429
    assert db.session.scalar(db.select(db.func.count()).select_from(FailedAttempt)) == 10


def test_a_signed_in_contestant_sees_own_papers_only(client, sign_in, issued):
    row = certificate(issued["ids"][3])
    sign_in(
        client,
        make_account(
            "Zhao", (Role.CONTESTANT, ScopeKind.CONTEST, issued["contest"]), person_id=row.person_id
        ),
    )
    page = client.get("/my-certificate").get_data(as_text=True)
    assert [one in page for one in NAMES] == [name == row.name for name in NAMES]
    assert [client.get(f"/my-certificate/{one}.pdf").status_code for one in issued["ids"]] == [
        200 if one == row.id else 404 for one in issued["ids"]
    ]


def test_under_embargo_the_own_door_stays_closed(client, issued):
    with transaction():
        db.session.get_one(Publication, issued["publication"]).is_embargoed = True
    own(client)
    assert "/my-certificate/" not in client.get("/my-certificate").get_data(as_text=True)
    assert client.get(f"/my-certificate/{issued['ids'][0]}.pdf").status_code == 404


def test_a_list_taken_back_closes_the_own_door_and_the_page_reads_revoked(client, issued):
    own(client)
    advance(issued["publication"], ListState.PROVISIONAL)
    assert client.get(f"/my-certificate/{issued['ids'][0]}.pdf").status_code == 404
    assert "已撤销" in client.get(f"/verify/{certificate(issued['ids'][0]).verify_code}").get_data(
        as_text=True
    )


PAGES = ("/events/{event}/certificates", "/events/{event}/certificates/preview", "/events/{event}/certificates/all.pdf", "/certificates/{certificate}", "/certificates/{certificate}.pdf")  # fmt: skip


@pytest.mark.parametrize(
    "role",
    [Role.ORGANISER, Role.REGISTRAR, Role.JUDGE, Role.CHIEF_JUDGE, Role.SUPERVISOR, Role.CONTESTANT, None],
)
def test_pages_of_certificates_open_to_the_organiser_alone(client, sign_in, issued, role):
    with transaction():
        service.void(db.session.get_one(Certificate, issued["ids"][7]), reason="x", **ACT)
    if role is not None:
        sign_in(
            client,
            make_account("Bo", (role, ScopeKind.CONTEST, issued["contest"]), contest_id=issued["contest"]),
        )
    statuses = {
        page: client.get(page.format(event=issued["event"], certificate=issued["ids"][0])).status_code
        for page in PAGES
    }
    expected = {None: 302, Role.ORGANISER: 200}.get(role, 404)
    assert statuses == dict.fromkeys(PAGES, expected)


def test_a_page_of_a_foreign_job_is_not_shown(client, sign_in, organiser, place):
    issue(organiser, place)
    g.pop("actor", None)
    elsewhere = make_list().event.sub_contest.edition.contest_id
    other = client.application.test_client()
    sign_in(other, make_account("Eve", (Role.ORGANISER, ScopeKind.CONTEST, elsewhere), contest_id=elsewhere))
    assert [other.get(f"/certificate-jobs/1/{kind}").status_code for kind in ("pdf", "zip")] == [404, 404]
