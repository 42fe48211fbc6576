"""Re-checks by a recorded seed, and the findings that the marking itself leaves open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.db import db, transaction
from contest.entries.models import Organisation
from contest.judging.models import Judge, MarkRevision, Seat, SeatHolder, Sheet
from contest.results import service
from contest.results.blockers import blockers, findings_of
from contest.results.compute import compute_event
from contest.results.models import Recheck
from contest.results.recheck_paper import report_pdf
from contest.results.rechecks import by_seed, tally_of
from contest.results.refusals import Blocked, RecheckClosed, RecheckOpen, SettingInvalid
from tests.results.builders import NOON, advanced, fill, make_field, published
from tests.results.test_corrections import proposed, re_mark

PEOPLE = [f"选手{number}" for number in range(1, 21)]


@pytest.fixture
def made(app):
    field = make_field(PEOPLE)
    fill(field, [(20 + place % 20, 50, 80 - place) for place in range(20)])
    return field


def draw(made, *, top=3, share=15, seed="红球 07"):
    with transaction():
        return service.draw_recheck(
            event=made.event,
            ranking_key="all",
            top=top,
            share_bp=share * 100,
            seed=seed,
            actor=made.actor("scorekeeper"),
            at=NOON,
        ).id


def row(recheck_id) -> Recheck:
    return db.session.get_one(Recheck, recheck_id)


def compare(made, recheck_id, wrong=()):
    for item_id in [item.id for item in row(recheck_id).items if item.checked_at is None]:
        with transaction():
            bad = item_id in wrong
            service.check_item(
                recheck=row(recheck_id),
                item_id=item_id,
                wrong=int(bad),
                note="漏计 1 分" if bad else "",
                actor=made.actor("scorekeeper"),
                at=NOON,
            )


def close(made, recheck_id):
    with transaction():
        service.close_recheck(recheck=row(recheck_id), actor=made.actor("chief"), at=NOON)


def test_all_first_places_and_at_least_the_share_of_the_others_are_chosen(made):
    items = row(draw(made)).items
    entries = {why: {one.sheet.entry_id for one in items if one.why == why} for why in ("top", "sample")}
    assert (len(entries["top"]), len(entries["sample"])) == (3, 3)  # 15 % of 17 is 2.55
    assert all(one.marks for one in items)
    assert len(items) == 2 * 6  # both modules of each


def test_the_choice_follows_from_the_seed_and_the_numbers_alone():
    numbers = [(place, f"{place:03d}") for place in range(1, 30)]
    assert by_seed("a", numbers) == by_seed("a", reversed(numbers))
    assert by_seed("a", numbers) != by_seed("b", numbers)


@pytest.mark.parametrize("top,share", [(0, 15), (3, 14), (3, 101)])
def test_a_smaller_share_than_fifteen_percent_is_refused(made, top, share):
    with pytest.raises(SettingInvalid):
        draw(made, top=top, share=share)


def test_a_recheck_ends_when_every_sheet_was_compared(made):
    one = draw(made)
    with pytest.raises(RecheckOpen):
        close(made, one)
    compare(made, one)
    close(made, one)
    assert (row(one).closed_name, tally_of(row(one)).rate_bp) == ("chief", 0)
    with pytest.raises(RecheckClosed):
        close(made, one)


def test_more_than_five_percent_of_wrong_marks_adds_every_other_sheet(made):
    one = draw(made)
    first = [item.id for item in row(one).items[:2]]
    compare(made, one, wrong=first)
    assert tally_of(row(one)).is_above
    close(made, one)
    assert (row(one).closed_at, row(one).is_everything, len(row(one).items)) == (None, True, 40)
    compare(made, one)
    close(made, one)
    assert row(one).closed_at is not None


def test_a_running_recheck_holds_up_confirming_and_not_the_provisional_list(made):
    one = draw(made)
    listed = published(made)
    from contest.results.models import ListState

    with pytest.raises(Blocked):
        advanced(made, listed, ListState.CONFIRMED)
    compare(made, one)
    close(made, one)


def test_the_report_names_seed_rate_and_each_wrong_sheet(made):
    from io import BytesIO

    from pypdf import PdfReader

    one = draw(made, share=100)
    compare(made, one, wrong=[row(one).items[0].id])
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(report_pdf(row(one), made.event, "zh_CN"))).pages
    )
    assert "红球 07" in text and "漏计 1 分" in text and "差错率" in text


def codes(made, **only):
    found = findings_of(compute_event(made.event), "all")
    return {one.code: one for one in found}


def test_a_mark_that_arrived_after_the_lock_blocks(made):
    assert "marks_after_lock" not in codes(made)
    with transaction():
        made.put(0, "dough", 22_000)
        last = db.session.scalars(sa.select(sa.func.max(MarkRevision.id))).one()
        sheet = db.session.get_one(MarkRevision, last).sheet
        sheet.locked_at = NOON - timedelta(minutes=5)
    assert codes(made)["marks_after_lock"].params["count"] >= 1
    assert blockers(codes(made).values(), appeals_too=False)


def test_a_correction_with_a_reason_is_no_late_mark(made):
    assert proposed_and_applied(made).state.value == "applied"
    assert "marks_after_lock" not in codes(made)


def proposed_and_applied(made):
    from contest.results.models import Correction

    correction_id = proposed(made, 0, re_mark(made, 0, "dough", 25_000))
    later = NOON + timedelta(hours=1)
    with transaction():
        correction = db.session.get_one(Correction, correction_id)
        return service.apply_correction(correction=correction, actor=made.actor("supervisor"), at=later)


def test_a_proposed_correction_waits_before_the_list_is_confirmed(made):
    proposed(made, 0, re_mark(made, 0, "dough", 25_000))
    assert codes(made)["corrections_waiting"].params == {"count": 1}


def test_sheets_marked_by_somebody_of_the_same_unit_block(made):
    assert "judged_in_conflict" not in codes(made)
    with transaction():
        event = made.event
        judge = Judge(
            edition_id=event.sub_contest.edition_id,
            name="李评",
            unit_name="示范集团",
            account_id=made.people["judge"],
        )
        db.session.add(judge)
        db.session.flush()
        seat = db.session.get_one(Seat, made.seat_ids[0])
        seat.holders.append(SeatHolder(judge_id=judge.id, from_at=NOON))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 1
    assert codes(made)["judged_in_conflict"].params["count"] == db.session.scalar(
        sa.select(sa.func.count(Sheet.id))
    )


def test_sessions_that_were_marked_on_different_items_are_told(app):
    from contest.entries import service as entries

    made = make_field(PEOPLE)
    with transaction():
        drawn = entries.draw_by_seed(
            made.event_id,
            seed="0123456789abcdef",
            public_value="红",
            benches=10,
            actor=made.actor("organiser"),
            at=NOON,
        )
        entries.lock_draw(drawn.id, actor=made.actor("organiser"), at=NOON)
        second = {place.entry_id for place in drawn.places if place.session == "2"}
        for place, entry_id in enumerate(made.entry_ids):
            for aspect in ("dough", "theory") if entry_id in second else ("dough", "pull", "theory"):
                made.put(place, aspect, 30_000)
    finding = codes(made)["papers_differ"]
    assert finding.params == {"module": "practice", "sessions": ["1", "2"]}
    with transaction():
        for place, entry_id in enumerate(made.entry_ids):
            if entry_id in second:
                made.put(place, "pull", 30_000)
    assert "papers_differ" not in codes(made)
