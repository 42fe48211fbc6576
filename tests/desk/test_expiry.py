"""Personal data by policy: what is due, the run that takes it out, and all that stays as it was."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from contest import audit, files, jobs, personal
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account
from contest.awards.models import Award, BankAccount, Title
from contest.certificates import checked as verifying
from contest.certificates import queries as certificates
from contest.certificates.models import Certificate
from contest.db import db, transaction
from contest.desk import erasing, expiry, service
from contest.desk.record_refusals import NothingDue, RequestRunning
from contest.entries import duplicates, requests
from contest.entries.erasing import pseudonym
from contest.entries.models import IdKind, Member, Person, RequestKind, RequestState, RosterImport
from contest.entries.record_models import Erasure, PersonRequest
from contest.errors import Invalid
from contest.events.models import Edition, Event, EventState, Holder
from contest.files import StoredFile
from contest.jobs import Job, JobState
from contest.results.cli import verdict
from contest.results.models import Publication, PublicationBundle, SnapshotRow
from contest.results.verifying import verify
from tests.awards.builders import NAMES, NOON, id_number
from tests.desk.people import person_named, published
from tests.world import held_until

ACT = {"actor": SYSTEM, "at": NOON}
LATER = date(2040, 1, 1)


@pytest.fixture
def holder(app):
    published()
    return db.session.scalars(db.select(Holder.id)).one()


def state(holder_id, **years):
    with transaction():
        expiry.state_rules(holder_id, years, **ACT)


def run(holder_id, today=LATER, kinds=None):
    with transaction():
        wanted = {
            one.kind: len(one.ids)
            for one in expiry.due(holder_id, today)
            if kinds is None or one.kind in kinds
        }
        job_id = expiry.start(holder_id, wanted, today=today, **ACT).id
    jobs.deliver(job_id)
    return db.session.get_one(Job, job_id)


def names_everywhere(*without):
    """Tables in which one of the names still stands, in whatever column."""
    found = set()
    for table in db.metadata.sorted_tables:
        if table.name in without:
            continue
        for row in db.session.execute(db.select(table)):
            text = json.dumps(
                [str(one) if not isinstance(one, dict | list) else one for one in row], ensure_ascii=False
            )
            if any(name in text for name in NAMES):
                found.add(table.name)
    return found


def test_nothing_is_due_without_a_rule_and_before_the_years_are_over(holder):
    assert expiry.due(holder, LATER) == []
    state(holder, contact=3)
    assert [one.ids for one in expiry.due(holder, date(2029, 12, 30))] == [()]
    assert [len(one.ids) for one in expiry.due(holder, date(2029, 12, 31))] == [len(NAMES)]


def test_an_edition_in_which_somebody_takes_part_later_keeps_their_data(holder):
    from tests.desk.people import twin_of

    state(holder, contact=3)
    first = person_named(NAMES[0]).id
    twin = twin_of(first, "G12345678", kind=IdKind.PASSPORT)
    with transaction():
        db.session.execute(sa.update(Member).where(Member.person_id == twin).values(person_id=first))
        newest = db.session.scalars(db.select(Edition).order_by(Edition.id.desc())).first()
        newest.ends_on = date(2031, 6, 1)
    (due,) = expiry.due(holder, date(2033, 1, 1))
    assert (first in due.ids, len(due.ids)) == (False, len(NAMES) - 1)


@pytest.mark.parametrize("years", [{"contact": 0}, {"contact": 100}, {"gossip": 3}])
def test_a_policy_that_is_none_is_refused(holder, years):
    with pytest.raises(Invalid):
        state(holder, **years)


def test_a_rule_is_changed_and_taken_away(holder):
    state(holder, contact=3, names=5)
    state(holder, contact=4, names=None)
    assert expiry.rules_of(holder) == {"contact": 4}


def test_names_of_people_without_an_award_and_of_winners_have_rules_of_their_own(holder):
    with transaction():
        loser = person_named(NAMES[7])
        db.session.execute(sa.delete(Award).where(Award.person_id == loser.id))
    state(holder, names=3, winners=10)
    found = {one.kind: one.ids for one in expiry.due(holder, date(2030, 1, 1))}
    assert (found["names"], found["winners"]) == ((loser.id,), ())
    assert len(expiry.due(holder, LATER)[1].ids) == len(NAMES) - 1


def test_identity_is_taken_out_and_the_document_finds_nobody(holder):
    state(holder, identity=3)
    job = run(holder)
    assert (job.state, job.done, job.total) == (JobState.DONE, len(NAMES), len(NAMES))
    person = person_named(NAMES[0])
    assert (personal.decrypt(person.id_cipher), person.id_masked, person.born_on) == ("", "", None)
    assert (
        db.session.scalar(db.select(Person.id).where(Person.id_digest == personal.digest(id_number(1))))
        is None
    )
    assert certificates.person_by_digits("001", NAMES[0], id_number(1)[-6:]) is None


def test_people_whose_documents_were_taken_out_are_no_duplicates_of_each_other(holder):
    state(holder, identity=3)
    run(holder)
    assert [pair for pair in duplicates.candidates(holder) if pair.why == "same_document"] == []


def test_the_run_refuses_what_the_preview_did_not_show(holder):
    state(holder, contact=3)
    with pytest.raises(NothingDue), transaction():
        expiry.start(holder, {"contact": 3}, today=LATER, **ACT)
    assert db.session.scalars(db.select(Erasure)).all() == []


def test_a_second_run_finds_nothing_more(holder):
    state(holder, contact=3, names=3, winners=3)
    run(holder)
    assert [one.ids for one in expiry.due(holder, LATER)] == [(), (), ()]
    with pytest.raises(NothingDue):
        run(holder)


def test_no_name_is_left_anywhere(holder):
    with transaction():
        db.session.add(
            BankAccount(
                person_id=person_named(NAMES[0]).id, bank="示范银行", number_cipher=b"x", number_masked="1", changed_at=NOON
            )
        )  # fmt: skip
        service.account_of(person_named(NAMES[0]).id, at=NOON)
    assert {"person", "award", "title", "snapshot_row", "account"} <= names_everywhere()
    state(holder, contact=3, names=3, winners=3)
    run(holder)
    assert names_everywhere() == set()
    assert db.session.scalars(db.select(BankAccount)).all() == []
    account = db.session.scalars(db.select(Account).where(Account.person_id.is_not(None))).one()
    assert account.disabled_at is not None


def test_places_and_totals_stay_and_the_lists_are_whole(holder):
    def lines():
        rows = db.session.scalars(db.select(SnapshotRow).order_by(SnapshotRow.position))
        return [
            (one.position, one.rank, one.total, one.total_exact, one.award_key, one.entry_id) for one in rows
        ]

    before, digest = lines(), db.session.scalars(db.select(Publication)).one().snapshot.digest
    state(holder, names=3, winners=3)
    run(holder)
    snapshot = db.session.scalars(db.select(Publication)).one().snapshot
    row = snapshot.rows[0]
    assert (lines(), snapshot.digest) == (before, digest)
    assert (row.name, row.people, row.data["members"][0]["name"]) == (pseudonym(row.person_id),) * 3


def test_the_log_forgets_the_names_and_its_chain_holds(holder):
    person = person_named(NAMES[0])
    with transaction():
        audit.record(
            SYSTEM, "person.renamed", person, contest_id=0, changes={"name": ["旧名", NAMES[0]]}, at=NOON
        )
        audit.record(
            SYSTEM,
            "entry.registered",
            None,
            contest_id=0,
            changes={"members": [None, [NAMES[0], "别人"]]},
            at=NOON,
        )
    new = pseudonym(person.id)
    state(holder, names=3, winners=3)
    run(holder)
    values = {
        one.action: one.values
        for one in db.session.scalars(
            db.select(audit.Change).where(audit.Change.action.in_(["person.renamed", "entry.registered"]))
        )
    }
    assert values == {"person.renamed": {}, "entry.registered": {"members": [None, [new, "别人"]]}}
    assert audit.broken_links(0) == []


def test_uploads_are_destroyed_with_a_word_in_their_place(holder):
    edition_id = db.session.scalars(db.select(Edition.id)).one()
    with transaction():
        stored = files.store(
            personal.encrypt_bytes(b"roster"), name="a.xlsx.sealed", media_type="x", contest_id=1, actor_id=None, at=NOON
        )  # fmt: skip
        old = files.path_of(stored.digest)
        db.session.add(
            RosterImport(
                edition_id=edition_id, file_id=stored.id, name="a.xlsx", digest="0" * 64, state="committed", report={}, uploaded_at=NOON
            )
        )  # fmt: skip
        file_id = stored.id
    state(holder, uploads=3)
    run(holder)
    row = db.session.get_one(StoredFile, file_id)
    assert (old.exists(), "销毁" in personal.decrypt_bytes(files.read(row)).decode()) == (False, True)


@pytest.fixture
def whole(app):
    """A real contest to its certificates, with bundles of its lists."""
    held_until("final")
    return db.session.scalars(db.select(Holder.id)).first()


def test_a_real_contest_is_recomputed_and_its_bundles_verify_after_everything_is_gone(whole):
    live = [one.id for one in db.session.scalars(db.select(Publication))]
    numbers = db.session.scalars(db.select(Certificate.number).order_by(Certificate.id)).all()
    codes = db.session.scalars(db.select(Certificate.verify_code).order_by(Certificate.id)).all()
    before = [verifying.checked(code) for code in codes]
    names = set(db.session.scalars(db.select(Person.name)))
    state(whole, contact=1, identity=1, uploads=1, names=1, winners=1)
    run(whole)
    assert [verdict(db.session.get_one(Publication, one)) for one in live] == ["same"] * len(live)
    for row in db.session.scalars(db.select(PublicationBundle)):
        _manifest, found = verify(files.read(db.session.get_one(StoredFile, row.file_id)))
        assert (found.code, found.is_same) == ("same", True)
    assert db.session.scalars(db.select(Certificate.number).order_by(Certificate.id)).all() == numbers
    after = [verifying.checked(code) for code in codes]
    assert [(one.state, one.award, one.dated) for one in after] == [
        (one.state, one.award, one.dated) for one in before
    ]
    left = [
        (one.name, name)
        for one in db.session.scalars(db.select(Certificate))
        for name in names
        if len(name) > 1 and name in json.dumps(one.fields, ensure_ascii=False)
    ]
    assert left == []
    file = db.session.get_one(StoredFile, db.session.scalars(db.select(Certificate.file_id)).first())
    assert files.read(file)[:5] == b"%PDF-"


def ask_deletion(person_id):
    with transaction():
        return requests.ask(person_id, RequestKind.DELETION, text="不再参加", **ACT).id


def decide(request_id, today=LATER, accept=True, answer=""):
    with transaction():
        row = db.session.get_one(PersonRequest, request_id)
        expiry.decide_deletion(row, accept=accept, answer=answer, today=today, **ACT)


def test_nobody_is_taken_out_while_their_event_runs(holder):
    person = person_named(NAMES[0]).id
    request_id = ask_deletion(person)
    with pytest.raises(RequestRunning):
        decide(request_id, today=date(2026, 12, 1))
    with transaction():
        db.session.scalars(db.select(Event)).one().state = EventState.CLOSED
    decide(request_id, today=date(2026, 12, 1))
    assert db.session.get_one(PersonRequest, request_id).state is RequestState.ACCEPTED


def test_a_winners_name_stays_when_they_ask_and_everybody_elses_goes(holder):
    winner, loser = person_named(NAMES[0]).id, person_named(NAMES[7]).id
    with transaction():
        db.session.execute(sa.delete(Award).where(Award.person_id == loser))
    for one in (winner, loser):
        decide(ask_deletion(one))
    assert [db.session.get_one(Person, one).name for one in (winner, loser)] == [NAMES[0], pseudonym(loser)]
    assert [db.session.get_one(Person, one).id_masked for one in (winner, loser)] == ["", ""]
    assert db.session.scalars(db.select(Title.name).where(Title.person_id == winner)).one() == NAMES[0]


def test_winners_are_who_has_an_award_a_title_or_a_paper(holder):
    ids = [person_named(name).id for name in NAMES]
    assert erasing.winners(ids) == set(ids)
    with transaction():
        db.session.execute(sa.update(Award).where(Award.person_id == ids[7]).values(verdict="refused"))
    assert erasing.winners(ids) == set(ids[:7])


def test_a_team_that_goes_by_its_members_names_forgets_only_who_is_taken_out(holder):
    first, second = person_named(NAMES[0]), person_named(NAMES[1])
    with transaction():
        entry_id = db.session.scalars(db.select(Member.entry_id).where(Member.person_id == first.id)).one()
        other = db.session.scalars(db.select(Member).where(Member.person_id == second.id)).one()
        other.entry_id = entry_id
        for model in (Title, Award):
            db.session.execute(
                sa.update(model).where(model.person_id.in_([first.id, second.id])).values(person_id=None)
            )
        award = db.session.scalars(db.select(Award).where(Award.entry_id == entry_id)).first()
        award.name, award_id = f"{NAMES[0]}、{NAMES[1]}", award.id
    assert erasing.winners([first.id, second.id]) == {first.id, second.id}
    with transaction():
        erasing.erase_people("winners", [first.id], holder_id=holder, why="policy", **ACT)
    assert db.session.get_one(Award, award_id).name == f"{pseudonym(first.id)}、{NAMES[1]}"
