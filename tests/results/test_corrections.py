"""Corrections: proposed, seen with all they move, applied by another person, before and after the final list."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.db import db, transaction
from contest.entries.models import Entry
from contest.events.queries import rules_of
from contest.judging.models import MarkRevision, MarkSource, Sheet
from contest.results import queries, service
from contest.results.appeals import open_modules
from contest.results.compute import compute_event
from contest.results.corrections import preview
from contest.results.mark_lines import deducted, marks_of, re_marked, voided
from contest.results.models import Appeal, Correction, CorrectionEffect, ListState, Publication
from contest.results.refusals import (
    AppealFinal,
    AppealNotUpheld,
    CorrectionEmpty,
    CorrectionOutdated,
    CorrectionRefused,
    EvidenceRefused,
    ModuleMarked,
    SamePerson,
    SubjectClosed,
)
from tests.results.builders import NOON, advanced, fill, make_field, published
from tests.results.test_appeals import decide, file


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def lines(made, entry):
    return marks_of(made.event_id, made.entry_ids[entry])


def proposed(made, entry, changes, *, effect=CorrectionEffect.RE_MARK, who="chief", appeal=None) -> int:
    with transaction():
        return service.propose_correction(
            event=made.event,
            entry=db.session.get_one(Entry, made.entry_ids[entry]),
            effect=effect,
            changes=changes,
            reason="评分表第3项漏计，予以补记",
            actor=made.actor(who),
            at=NOON,
            appeal=db.session.get_one(Appeal, appeal) if appeal else None,
        ).id


def applied(made, correction_id, *, who="supervisor"):
    with transaction():
        service.apply_correction(
            correction=db.session.get_one(Correction, correction_id), actor=made.actor(who), at=NOON
        )


def re_mark(made, entry, aspect, value):
    line = next(one for one in lines(made, entry) if one.aspect == aspect)
    return re_marked(lines(made, entry), {line.place: value})


def ranks(made):
    return {line.number: line.rank for line in effects_lines(made)}


def effects_lines(made):
    class Named:
        def __init__(self, line):
            self.number, self.rank, self.total = line.data["number"], line.rank, line.total

    return [Named(line) for line in compute_event(made.event).listing("all").lines]


def test_the_preview_names_every_rank_prize_and_total_that_would_change_and_writes_nothing(made):
    correction = db.session.get_one(Correction, proposed(made, 0, re_mark(made, 0, "dough", 35_000)))
    before = db.session.scalar(sa.select(sa.func.count(MarkRevision.id)))
    _, moved, is_fresh = preview(correction)
    mine = {one.number: one for one in moved if one.ranking_key == "all"}
    assert is_fresh
    assert mine["001"].rank == ("4", "1")
    assert mine["001"].awards == ("", "金奖")
    assert mine["004"].awards == ("金奖", "银奖")
    assert any(one.ranking_key == "table:delegations" for one in moved)
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == before


def test_what_was_previewed_is_what_happens(made):
    correction_id = proposed(made, 0, re_mark(made, 0, "dough", 35_000))
    _, moved, _ = preview(db.session.get_one(Correction, correction_id))
    promised = {one.number: one.rank[1] for one in moved if one.ranking_key == "all"}
    applied(made, correction_id)
    assert {number: rank for number, rank in ranks(made).items() if number in promised} == promised
    stored = db.session.get_one(Correction, correction_id).effects
    assert [one["number"] for one in stored] == [one.number for one in moved]


def test_a_correction_is_a_new_revision_with_the_reason_that_names_the_old_one(made):
    applied(made, proposed(made, 0, re_mark(made, 0, "dough", 35_000)))
    row = db.session.scalars(sa.select(MarkRevision).order_by(MarkRevision.id.desc())).first()
    assert (row.source, row.value_milli, row.reason) == (
        MarkSource.CORRECTION,
        35_000,
        "评分表第3项漏计，予以补记",
    )
    assert db.session.get_one(MarkRevision, row.replaces_id).value_milli == 30_000


def test_who_proposed_a_correction_does_not_apply_it(made):
    with pytest.raises(SamePerson):
        applied(made, proposed(made, 0, re_mark(made, 0, "dough", 35_000)), who="chief")


def test_a_proposal_that_marks_have_overtaken_is_not_applied(made):
    correction_id = proposed(made, 0, re_mark(made, 0, "dough", 35_000))
    made.mark(1, "dough", 10_000)
    with pytest.raises(CorrectionOutdated):
        applied(made, correction_id)


def test_a_value_that_the_scheme_does_not_take_is_refused_and_nothing_changes(made):
    correction_id = proposed(made, 0, re_mark(made, 0, "dough", 41_000))
    with pytest.raises(CorrectionRefused):
        applied(made, correction_id)
    assert next(one for one in lines(made, 0) if one.aspect == "dough").milli == 30_000


def test_points_are_deducted_from_every_judges_mark_and_never_below_zero(app):
    from contest.judging.models import SeatKind

    made = make_field(seats=(SeatKind.JUDGE, SeatKind.JUDGE))
    with transaction():
        for seat in (0, 1):
            for entry in range(4):
                for aspect, value in (("dough", 3_000 + 4_000 * seat), ("pull", 50_000), ("theory", 80_000)):
                    made.put(entry, aspect, value, seat=seat)
    changes = deducted(lines(made, 0), rules_of(made.event), "dough", 5_000)
    assert [(one["old"], one["new"]) for one in changes] == [(3_000, 0), (7_000, 2_000)]


def test_a_void_module_leaves_the_entry_without_a_rank(made):
    changes = voided(lines(made, 3), "practice")
    applied(made, proposed(made, 3, changes, effect=CorrectionEffect.VOID))
    assert ranks(made)["004"] == ""


def test_an_empty_proposal_is_refused(made):
    with pytest.raises(CorrectionEmpty):
        proposed(made, 0, re_mark(made, 0, "dough", 30_000))


def test_a_correction_carries_out_an_upheld_appeal_only(made):
    one = published(made)
    appeal_id = file(made, one)
    with pytest.raises(AppealNotUpheld):
        proposed(made, 0, re_mark(made, 0, "dough", 35_000), appeal=appeal_id)
    decide(made, appeal_id, upheld=True)
    correction = db.session.get_one(
        Correction, proposed(made, 0, re_mark(made, 0, "dough", 35_000), appeal=appeal_id)
    )
    assert correction.appeal_id == appeal_id


def test_after_the_final_list_the_same_path_leads_to_an_amended_list(made):
    one = published(made)
    advanced(made, one, ListState.FINAL)
    applied(made, proposed(made, 0, re_mark(made, 0, "dough", 35_000)))
    assert db.session.scalar(sa.select(sa.func.count()).where(Sheet.frozen_at.is_(None))) == 0
    assert queries.rows_for(db.session.get_one(Publication, one))[0].data["number"] == "004"
    two = published(made, note="001 号和面补记 5 分")
    advanced(made, two, ListState.FINAL)
    older, newer = db.session.get_one(Publication, one), db.session.get_one(Publication, two)
    assert (older.superseded_by_id, newer.state, newer.revision) == (two, ListState.FINAL, 2)
    assert queries.rows_for(newer)[0].data["number"] == "001"


def test_an_appeal_is_taken_to_a_second_level_where_somebody_else_decides(made):
    appeal_id = file(made, published(made))
    decide(made, appeal_id)
    with transaction():
        appeal = db.session.get_one(Appeal, appeal_id)
        service.take_on(appeal=appeal, reason="未核对原始评分表", actor=made.actor("registrar"), at=NOON)
        assert (appeal.level, appeal.state.value) == (2, "open")
    with pytest.raises(SamePerson):
        decide(made, appeal_id, upheld=True)
    decide(made, appeal_id, who="chief", upheld=True)
    with pytest.raises(AppealFinal), transaction():
        appeal = db.session.get_one(Appeal, appeal_id)
        service.take_on(appeal=appeal, reason="再议", actor=made.actor("registrar"), at=NOON)


def test_the_second_level_closes_with_its_hours(made):
    appeal_id = file(made, published(made))
    decide(made, appeal_id)
    with pytest.raises(AppealFinal), transaction():
        appeal = db.session.get_one(Appeal, appeal_id)
        late = NOON + timedelta(hours=24, seconds=1)
        service.take_on(appeal=appeal, reason="迟", actor=made.actor("registrar"), at=late)


def test_an_edition_may_take_no_appeals_on_the_marks_themselves(made):
    with transaction():
        edition = made.event.sub_contest.edition
        service.change_setting(
            edition=edition,
            values={"closed_subjects": ["marking"]},
            version=0,
            actor=made.actor("organiser"),
            at=NOON,
        )
    one = published(made)
    with pytest.raises(SubjectClosed), transaction():
        service.file_appeal(
            publication=db.session.get_one(Publication, one),
            entry=db.session.get_one(Entry, made.entry_ids[0]),
            text="扣分过重",
            subject="marking",
            actor=made.actor("registrar"),
            at=NOON,
        )


def module_appeal(made, module="practice", subject="equipment", evidence=()):
    with transaction():
        return service.file_module_appeal(
            event=made.event,
            module_key=module,
            entry=db.session.get_one(Entry, made.entry_ids[0]),
            text="3 号工位电源故障 12 分钟",
            subject=subject,
            evidence=evidence,
            actor=made.actor("registrar"),
            at=NOON,
        ).id


def test_a_module_is_open_for_appeals_until_its_first_sheet_is_submitted(made):
    with pytest.raises(ModuleMarked):
        module_appeal(made)
    with transaction():
        db.session.execute(sa.update(Sheet).where(Sheet.module_key == "practice").values(submitted_at=None))
    assert open_modules(made.event) == ["practice"]
    appeal = db.session.get_one(Appeal, module_appeal(made))
    assert (appeal.publication_id, appeal.module_key) == (None, "practice")
    with pytest.raises(SubjectClosed):
        module_appeal(made, subject="marking")


def test_evidence_is_kept_and_what_is_no_picture_video_or_paper_is_refused(made):
    with transaction():
        db.session.execute(sa.update(Sheet).values(submitted_at=None))
    appeal = db.session.get_one(
        Appeal, module_appeal(made, evidence=[("工位.jpg", b"\xff\xd8\xff\xe0 photo")])
    )
    assert [(one.name, one.media_type) for one in appeal.files] == [("工位.jpg", "image/jpeg")]
    with pytest.raises(EvidenceRefused):
        module_appeal(made, evidence=[("x.svg", b"<svg onload=alert(1)>")])
