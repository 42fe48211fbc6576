"""A decision names exactly the people of its list; it confers when authority, number and date are entered."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from contest.accounts.access import SYSTEM
from contest.awards import queries, service
from contest.awards.models import Decision, Title, TitleState
from contest.awards.refusals import (
    ConferralIncomplete,
    DecisionClosed,
    DecisionCountDiffers,
    DecisionEmpty,
    DecisionPlaceUnknown,
    ListNotLive,
    NothingProposed,
)
from contest.db import db, transaction
from contest.errors import Stale
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, make_list, supersede

ACT = {"actor": SYSTEM, "at": NOON}
DAY = date(2026, 12, 18)


@pytest.fixture
def drafted(app):
    """The id of a decision for three proposed titles, and of the list behind them."""
    listed = make_list(ListState.FINAL)
    listed_id, edition_id = listed.id, listed.event.sub_contest.edition.id
    with transaction():
        service.propose_titles(db.session.get_one(Publication, listed_id), **ACT)
    with transaction():
        edition = db.session.get_one(Publication, listed_id).event.sub_contest.edition
        decision = service.draft(
            edition, queries.waiting_titles(SYSTEM, edition_id), authority="示范省总工会", **ACT
        )
    return decision.id, listed_id


def decision_of(drafted) -> Decision:
    return db.session.get_one(Decision, drafted[0])


def text_of(decision) -> str:
    reader = PdfReader(io.BytesIO(service.decision_pdf(decision)))
    return "".join(page.extract_text() for page in reader.pages).replace(" ", "").replace("\n", "")


def confer(drafted, **changes):
    values = {
        "authority": "示范省总工会",
        "document_number": "示工发〔2026〕18号",
        "dated_on": DAY,
        "version": decision_of(drafted).version,
    }
    with transaction():
        service.confer(decision_of(drafted), **{**values, **changes}, **ACT)


def test_the_draft_names_the_number_of_people_of_its_list(drafted):
    words = service.wording(decision_of(drafted), queries.edition_of(decision_of(drafted)))
    assert words.heading == "示范省总工会关于授予更尕昂宝等3名同志“示范省技术能手”称号的决定"
    assert words.count == 3


def test_the_paper_lists_each_person_once_and_nobody_else(drafted):
    text = text_of(decision_of(drafted))
    attachment = text[text.rindex("附件") :]
    assert [attachment.count(name) for name in NAMES] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert ("共3名" in text, "代拟稿" in text, "演示样张" in text) == (True, True, True)


def test_a_refused_title_leaves_the_draft_and_the_number_follows(drafted):
    with transaction():
        service.refuse(decision_of(drafted).titles[0], reason="本人放弃", **ACT)
    db.session.expire_all()
    words = service.wording(decision_of(drafted), queries.edition_of(decision_of(drafted)))
    assert (words.count, words.heading) == (
        2,
        "示范省总工会关于授予才让·卓玛等2名同志“示范省技术能手”称号的决定",
    )


def test_a_text_that_states_another_number_is_refused_when_saved(drafted):
    decision = decision_of(drafted)
    with pytest.raises(DecisionCountDiffers) as refused, transaction():
        service.edit(
            decision_of(drafted), heading="关于授予4名同志称号的决定", to="", paragraphs=["{first}"], authority="示范省总工会",
            version=decision.version, **ACT,
        )  # fmt: skip
    assert refused.value.params == {"text": "4", "rows": 3}


def test_an_unknown_place_in_the_text_is_refused(drafted):
    with pytest.raises(DecisionPlaceUnknown) as refused, transaction():
        decision = decision_of(drafted)
        service.edit(
            decision, heading="{name}", to="", paragraphs=[], authority="", version=decision.version, **ACT
        )
    assert refused.value.params["place"] == "{name}"


def test_two_people_editing_the_same_draft_do_not_overwrite_each_other(drafted):
    version = decision_of(drafted).version
    with transaction():
        service.edit(
            decision_of(drafted),
            heading="甲",
            to="",
            paragraphs=[],
            authority="示范省总工会",
            version=version,
            **ACT,
        )
    with pytest.raises(Stale), transaction():
        service.edit(
            decision_of(drafted),
            heading="乙",
            to="",
            paragraphs=[],
            authority="示范省总工会",
            version=version,
            **ACT,
        )
    assert decision_of(drafted).heading == "甲"


def test_conferring_enters_number_and_date_and_confers_every_title(drafted):
    confer(drafted)
    decision = decision_of(drafted)
    assert [(one.name, one.state, one.settled_at) for one in decision.titles] == [
        (name, TitleState.CONFERRED, NOON) for name in NAMES[:3]
    ]
    text = text_of(decision)
    assert ("示工发〔2026〕18号" in text, "2026年12月18日" in text, "代拟稿" in text) == (True, True, False)


@pytest.mark.parametrize("missing", [{"authority": " "}, {"document_number": ""}, {"dated_on": None}])
def test_without_authority_number_and_date_nothing_is_conferred(drafted, missing):
    with pytest.raises(ConferralIncomplete):
        confer(drafted, **missing)
    assert {one.state for one in db.session.scalars(db.select(Title))} == {TitleState.PROPOSED}


def test_a_decision_confers_once_and_its_text_then_stands(drafted):
    confer(drafted)
    with pytest.raises(DecisionClosed):
        confer(drafted)
    with pytest.raises(DecisionClosed), transaction():
        decision = decision_of(drafted)
        service.edit(
            decision, heading="x", to="", paragraphs=[], authority="x", version=decision.version, **ACT
        )


def test_a_list_superseded_after_the_draft_stops_the_conferral(drafted):
    supersede(drafted[1])
    with pytest.raises(ListNotLive):
        confer(drafted)


def test_a_decision_without_people_has_no_paper(drafted):
    with transaction():
        for title in list(decision_of(drafted).titles):
            service.refuse(title, reason="撤回", **ACT)
    db.session.expire_all()
    with pytest.raises(DecisionEmpty):
        service.decision_pdf(decision_of(drafted))


def test_titles_in_a_decision_wait_for_no_other(drafted):
    edition = queries.edition_of(decision_of(drafted))
    assert queries.waiting_titles(SYSTEM, edition.id) == []
    with pytest.raises(NothingProposed), transaction():
        service.draft(queries.edition_of(decision_of(drafted)), [], authority="", **ACT)


def test_a_revoked_title_keeps_its_decision_and_says_why(drafted):
    confer(drafted)
    title_id = decision_of(drafted).titles[0].id
    with transaction():
        service.revoke(db.session.get_one(Title, title_id), reason="弄虚作假", **ACT)
    title = db.session.get_one(Title, title_id)
    assert (title.state, title.settled_reason, title.decision.document_number) == (
        TitleState.REVOKED, "弄虚作假", "示工发〔2026〕18号",
    )  # fmt: skip


def test_the_same_decision_gives_the_same_bytes(drafted):
    assert service.decision_pdf(decision_of(drafted)) == service.decision_pdf(decision_of(drafted))
