"""The organiser's pages of prizes, titles and decisions; nobody else's."""

import io
import re

import openpyxl
import pytest
from flask import g

from contest.accounts.models import Role, ScopeKind
from contest.awards.models import Award, Decision, EarlierHolder, Title, TitleState
from contest.db import db, transaction
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, advance, id_number, make_list
from tests.builders import csrf_of, make_account


@pytest.fixture
def place(app):
    """Ids of a confirmed list and everything above it."""
    listed = make_list()
    sub = listed.event.sub_contest
    return {
        "publication": listed.id, "event": listed.event_id, "edition": sub.edition_id, "contest": sub.edition.contest_id,
        "sub": sub.id,
    }  # fmt: skip


@pytest.fixture
def organiser(client, sign_in, place):
    account = make_account(
        "Ann", (Role.ORGANISER, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
    )
    return sign_in(client, account)


def post(browser, url, page=None, **values):
    return browser.post(url, data={"csrf_token": csrf_of(browser, page or url), **values})


def edition_page(place):
    return f"/editions/{place['edition']}/awards"


def proposed(browser, place):
    advance(place["publication"], ListState.FINAL)
    post(browser, f"/publications/{place['publication']}/titles/propose", edition_page(place))


def drafted(browser, place):
    proposed(browser, place)
    answer = post(
        browser, f"/editions/{place['edition']}/decisions", edition_page(place), title_key="technical_expert",
        authority="示范省总工会",
    )  # fmt: skip
    return int(re.search(r"/decisions/(\d+)", answer.location)[1])


def test_an_organiser_draws_up_the_prizes_and_sees_who_gets_what(organiser, place):
    answer = post(organiser, f"/publications/{place['publication']}/awards/draw-up", edition_page(place))
    assert (answer.status_code, answer.location) == (302, edition_page(place))
    page = organiser.get(f"/publications/{place['publication']}/awards").get_data(as_text=True)
    assert [name in page for name in NAMES] == [True] * len(NAMES)
    assert "金奖" in page


def test_drawing_up_from_a_provisional_list_says_what_it_needs(organiser, place):
    advance(place["publication"], ListState.PROVISIONAL)
    answer = post(organiser, f"/publications/{place['publication']}/awards/draw-up", edition_page(place))
    assert answer.status_code == 409
    assert db.session.scalar(db.select(db.func.count()).select_from(Award)) == 0


def test_a_whole_way_from_proposal_to_conferral(organiser, place):
    decision_id = drafted(organiser, place)
    page = organiser.get(f"/decisions/{decision_id}").get_data(as_text=True)
    assert "更尕昂宝等3名同志" in page
    answer = post(
        organiser, f"/decisions/{decision_id}/confer", f"/decisions/{decision_id}",
        **{
            "confer-version": db.session.get_one(Decision, decision_id).version, "confer-authority": "示范省总工会",
            "confer-document_number": "示工发〔2026〕18号", "confer-dated_on": "2026-12-18",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert {one.state for one in db.session.scalars(db.select(Title))} == {TitleState.CONFERRED}
    paper = organiser.get(f"/decisions/{decision_id}.pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_a_conferral_without_date_keeps_what_was_typed(organiser, place):
    decision_id = drafted(organiser, place)
    version = db.session.get_one(Decision, decision_id).version
    answer = post(
        organiser, f"/decisions/{decision_id}/confer", f"/decisions/{decision_id}",
        **{"confer-version": version, "confer-authority": "示范省总工会", "confer-document_number": "示工发〔2026〕18号", "confer-dated_on": ""},
    )  # fmt: skip
    assert (answer.status_code, "示工发〔2026〕18号" in answer.get_data(as_text=True)) == (422, True)
    assert {one.state for one in db.session.scalars(db.select(Title))} == {TitleState.PROPOSED}


def test_a_text_with_another_number_is_refused_and_kept(organiser, place):
    decision_id = drafted(organiser, place)
    version = db.session.get_one(Decision, decision_id).version
    answer = post(
        organiser, f"/decisions/{decision_id}", version=version, authority="示范省总工会", heading="关于表彰9名同志的决定", to="",
        paragraphs="一",
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "关于表彰9名同志的决定" in text) == (422, True)
    assert db.session.get_one(Decision, decision_id).heading != "关于表彰9名同志的决定"


def test_paragraphs_are_parted_by_blank_lines(organiser, place):
    decision_id = drafted(organiser, place)
    version = db.session.get_one(Decision, decision_id).version
    post(
        organiser, f"/decisions/{decision_id}", version=version, authority="示范省总工会", heading="决定", to="各单位：",
        paragraphs="第一段\r\n\r\n第二段共{count}名。\r\n",
    )  # fmt: skip
    assert db.session.get_one(Decision, decision_id).body == {
        "to": "各单位：",
        "paragraphs": ["第一段", "第二段共{count}名。"],
    }


def test_refusing_on_a_titles_page_needs_a_reason(organiser, place):
    proposed(organiser, place)
    title_id = db.session.scalars(db.select(Title.id)).first()
    assert post(organiser, f"/titles/{title_id}", reason="").status_code == 422
    assert post(organiser, f"/titles/{title_id}", reason="本人放弃").status_code == 302
    assert db.session.get_one(Title, title_id).state is TitleState.REFUSED


def test_the_register_is_searched_and_exported_with_formulas_taken_out(organiser, place):
    proposed(organiser, place)
    with transaction():
        db.session.scalars(db.select(Title)).first().unit = "=HYPERLINK(1)"
    page = organiser.get("/titles?q=才让").get_data(as_text=True)
    assert [name in page for name in NAMES[:3]] == [False, True, False]
    book = openpyxl.load_workbook(io.BytesIO(organiser.get("/titles.xlsx").data))
    rows = list(book.active.values)
    assert [row[1] for row in rows[1:]] == list(NAMES[:3])
    assert rows[1][2] == "'=HYPERLINK(1)"


def test_a_bad_list_of_earlier_holders_shows_every_row_and_changes_nothing(organiser, place):
    url = f"/editions/{place['edition']}/earlier-holders"
    text = f"姓名,证件号码\n甲某某,{id_number(1)}\n乙某某,123\n,{id_number(3)}\n"
    answer = post(organiser, url, title_key="technical_expert", file=(io.BytesIO(text.encode()), "x.csv"))
    page = answer.get_data(as_text=True)
    rows = re.findall(r'data-label="[^"]*" class="num"><span>(\d+)</span>', page)
    assert (answer.status_code, rows) == (422, ["3", "4"])
    assert id_number(3) not in page
    assert db.session.scalar(db.select(db.func.count()).select_from(EarlierHolder)) == 0


def test_a_good_list_is_taken_over(organiser, place):
    url = f"/editions/{place['edition']}/earlier-holders"
    text = f"姓名,证件号码,年度\n更尕昂宝,{id_number(1)},2024\n"
    assert (
        post(
            organiser, url, title_key="technical_expert", file=(io.BytesIO(text.encode()), "x.csv")
        ).status_code
        == 302
    )
    page = organiser.get(url).get_data(as_text=True)
    assert page.count("更尕昂宝") == 2
    assert id_number(1) not in page


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "x.xlsx"), (b"MZ\x90", "x.exe"), (b"PK\x03\x04zzz", "x.xlsx")]
)
def test_a_file_that_is_no_list_is_answered_with_a_sentence(organiser, place, content, name):
    url = f"/editions/{place['edition']}/earlier-holders"
    answer = post(organiser, url, title_key="technical_expert", file=(io.BytesIO(content), name))
    assert answer.status_code == 422


PAGES = ("/editions/{edition}/awards", "/publications/{publication}/awards", "/titles/{title}", "/decisions/{decision}", "/decisions/{decision}.pdf", "/editions/{edition}/earlier-holders", "/awards/{award}/settle")  # fmt: skip


@pytest.fixture
def filled(client, sign_in, place):
    """A place with a title and a decision, made by its organiser in another browser."""
    other = client.application.test_client()
    account = make_account(
        "Ann", (Role.ORGANISER, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
    )
    sign_in(other, account)
    decision = drafted(other, place)
    award = db.session.scalars(db.select(Award.id)).first()
    g.pop("actor", None)  # the test's application context outlives that browser's requests
    return {
        **place,
        "decision": decision,
        "title": db.session.scalars(db.select(Title.id)).first(),
        "award": award,
    }


@pytest.mark.parametrize(
    "role", [Role.ORGANISER, Role.REGISTRAR, Role.JUDGE, Role.CHIEF_JUDGE, Role.SUPERVISOR, Role.CONTESTANT]
)
def test_pages_of_awards_open_to_the_organiser_alone(client, sign_in, filled, role):
    account = make_account("Bo", (role, ScopeKind.CONTEST, filled["contest"]), contest_id=filled["contest"])
    sign_in(client, account)
    statuses = {page: client.get(page.format(**filled)).status_code for page in PAGES}
    may = 200 if role is Role.ORGANISER else 404
    expected = dict.fromkeys(PAGES, may)
    if role in (Role.REGISTRAR, Role.CHIEF_JUDGE, Role.SUPERVISOR):
        # They may see the edition; of its awards they see no list.
        expected[PAGES[0]] = 200
        page = client.get(PAGES[0].format(**filled)).get_data(as_text=True)
        assert [name in page for name in NAMES] == [False] * len(NAMES)
    assert statuses == expected


def test_another_contests_organiser_sees_nothing_of_it(client, sign_in, filled):
    elsewhere = make_list().event.sub_contest.edition.contest_id
    sign_in(client, make_account("Eve", (Role.ORGANISER, ScopeKind.CONTEST, elsewhere), contest_id=elsewhere))
    assert {page: client.get(page.format(**filled)).status_code for page in PAGES} == dict.fromkeys(
        PAGES, 404
    )
    assert NAMES[0] not in client.get("/titles").get_data(as_text=True)


def test_nobody_signed_in_is_asked_to_sign_in(client, filled):
    statuses = {page: client.get(page.format(**filled)).status_code for page in PAGES}
    assert statuses == dict.fromkeys(PAGES, 302)


def test_english_pages_speak_english(organiser, place):
    page = organiser.get(edition_page(place) + "?lang=en").get_data(as_text=True)
    assert ("Draw up prizes" in page, "起草奖项" in page) == (True, False)


def test_the_list_of_an_edition_belongs_to_its_publication(organiser, place):
    assert db.session.get_one(Publication, place["publication"]).published_at == NOON
    assert organiser.get("/publications/999999/awards").status_code == 404
