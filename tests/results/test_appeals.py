"""Appeals: who, until when, and what an open one holds up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.db import db, transaction
from contest.entries.models import Entry
from contest.errors import Missing
from contest.results import queries, service
from contest.results.models import Appeal, AppealState, Publication
from contest.results.refusals import AppealDecided, AppealsClosed, Blocked, ReasonMissing, SamePerson
from tests.results.builders import NOON, fill, make_field, published, signed


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def file(made, one, *, entry=0, who="registrar", text="和面评分点漏记", at=NOON):
    with transaction():
        publication = db.session.get_one(Publication, one)
        return service.file_appeal(
            publication=publication,
            entry=db.session.get_one(Entry, made.entry_ids[entry]),
            text=text,
            actor=made.actor(who),
            at=at,
        ).id


def decide(made, appeal_id, *, who="supervisor", upheld=False, text="经复核，评分无误"):
    with transaction():
        appeal = db.session.get_one(Appeal, appeal_id)
        service.decide_appeal(appeal=appeal, is_upheld=upheld, decision=text, actor=made.actor(who), at=NOON)


def confirm(made, one):
    with transaction():
        publication = db.session.get_one(Publication, one)
        service.confirm(
            publication=publication, actor=made.actor("organiser"), at=NOON, waiver="各队书面放弃"
        )


def test_an_open_appeal_holds_up_confirming_and_a_decided_one_does_not(made):
    one = published(made)
    signed(made, one)
    appeal_id = file(made, one)
    with pytest.raises(Blocked) as refused:
        confirm(made, one)
    assert [finding.code for finding in refused.value.blockers] == ["appeals_undecided"]
    decide(made, appeal_id)
    confirm(made, one)
    assert db.session.get_one(Appeal, appeal_id).state is AppealState.DISMISSED


def test_the_last_moment_of_the_window_counts_and_the_next_does_not(made):
    one = published(made)
    file(made, one, at=NOON + timedelta(hours=2))
    with pytest.raises(AppealsClosed):
        file(made, one, at=NOON + timedelta(hours=2, microseconds=1))


def test_an_appeal_without_a_text_is_refused(made):
    with pytest.raises(ReasonMissing):
        file(made, published(made), text=" ")


def test_who_filed_an_appeal_does_not_decide_it(made):
    appeal_id = file(made, published(made), who="supervisor")
    with pytest.raises(SamePerson):
        decide(made, appeal_id)


def test_an_appeal_is_decided_once(made):
    appeal_id = file(made, published(made))
    decide(made, appeal_id, upheld=True)
    with pytest.raises(AppealDecided):
        decide(made, appeal_id)


def test_a_registrar_files_for_entries_of_their_delegation_only(made):
    one = published(made)
    _, entries = queries.open_publications_for(made.actor("registrar"), one)
    assert [entry.number for entry in entries] == ["001", "003"]
    _, entries = queries.open_publications_for(made.actor("organiser"), one)
    assert [entry.number for entry in entries] == ["001", "002", "003", "004"]
    for who in ("judge", "stranger", "contestant", "coder"):
        with pytest.raises(Missing):
            queries.open_publications_for(made.actor(who), one)


def test_a_registrar_reads_the_appeals_of_their_delegation_only(made):
    one = published(made)
    mine, other = file(made, one, entry=0), file(made, one, entry=1, who="organiser")
    assert queries.appeal_for(made.actor("registrar"), mine, may="appeals.file").id == mine
    with pytest.raises(Missing):
        queries.appeal_for(made.actor("registrar"), other, may="appeals.file")


def test_no_appeal_is_filed_against_an_embargoed_list(made):
    one = published(made, is_embargoed=True)
    with pytest.raises(Missing):
        queries.open_publications_for(made.actor("registrar"), one)


def test_an_upheld_appeal_leads_to_a_corrected_list_that_supersedes_the_first(made):
    one = published(made)
    decide(made, file(made, one), upheld=True, text="漏记 5 分，予以补记")
    made.mark(0, "dough", 35_000)
    two = published(made, note="001 和面补记 5 分")
    rows = queries.rows_for(db.session.get_one(Publication, two))
    assert (db.session.get_one(Publication, one).superseded_by_id, rows[0].name) == (two, "更尕昂宝")
