"""Taking personal data out of all rooms at once, while places, totals, numbers and bundles stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit, files, papers, personal
from contest.accounts.access import Actor
from contest.awards.models import Award, BankAccount, Promotion, Title, Verdict
from contest.certificates.models import Certificate, Letter, Recipient
from contest.db import db
from contest.entries import erasing
from contest.entries.erasing import CONTACT, IDENTITY, UPLOADS
from contest.entries.models import Member, Person, RosterImport
from contest.events.models import Contest, Edition, Event, SubContest
from contest.files import StoredFile
from contest.jobs import Job
from contest.judging.models import MarkFile, OutboxFile, Sheet
from contest.judging.note_models import SheetPhoto
from contest.results import restating
from contest.results.models import Appeal, AppealFile

GONE = "本文件已按个人信息保存期限销毁。This file was destroyed when its retention period ended.\n"


def winners(ids: Iterable[int]) -> set[int]:
    """Those who received a prize, a title or a paper, alone or with their team: their names have a rule of their own."""
    wanted = sorted(set(ids))
    found: set[int] = set()
    granted = Award.verdict == Verdict.GRANTED
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        shared = sa.select(Award.entry_id).where(granted, Award.person_id.is_(None))
        found |= set(
            db.session.scalars(
                sa.union(
                    sa.select(Award.person_id).where(Award.person_id.in_(part), granted),
                    sa.select(Title.person_id).where(Title.person_id.in_(part)),
                    sa.select(Certificate.person_id).where(Certificate.person_id.in_(part)),
                    sa.select(Letter.person_id).where(Letter.person_id.in_(part)),
                    sa.select(Member.person_id).where(
                        Member.person_id.in_(part), Member.entry_id.in_(shared)
                    ),
                )
            )
        )
    return {one for one in found if one}


def erase_people(
    kind: str, ids: Sequence[int], *, holder_id: int, why: str, actor: Actor, at: datetime
) -> int:
    """Take one kind of data out of these people's rows; those done before are left. Returns how many it was done for.

    Raises ListAltered before anything is written.
    """
    todo = sorted(set(ids) - erasing.erased(kind, "person", ids))
    people = erasing.with_duplicates(todo)
    if not todo:
        return 0
    if kind == CONTACT:
        erasing.erase_contact(people)
        db.session.execute(
            sa.delete(BankAccount).where(BankAccount.person_id.in_([one.id for one in people]))
        )
    elif kind == IDENTITY:
        erasing.erase_identity(people)
    else:
        _erase_names(people, holder_id, at)
    erasing.note(holder_id, kind, {"person": todo}, why=why, actor_id=actor.account_id, at=at)
    audit.record(
        actor, "personal.erased", None, contest_id=0, reason=why, at=at,
        changes={"kind": [None, kind], "people": [None, todo]},
    )  # fmt: skip
    return len(todo)


def _erase_names(people: Sequence[Person], holder_id: int, at: datetime) -> None:
    ids = [one.id for one in people]
    new = {one.id: erasing.pseudonym(one.merged_into_id or one.id) for one in people}
    restating.rename(restating.snapshots_with(ids), new)
    for award in db.session.scalars(sa.select(Award).where(Award.person_id.in_(ids))):
        if award.recipient == award.name:  # a coach is known by name
            award.recipient = new[award.person_id or 0]
        award.name = new[award.person_id or 0]
    for model in (Title, Promotion, Recipient):
        for row in db.session.scalars(sa.select(model).where(model.person_id.in_(ids))):
            row.name = new[row.person_id or 0]
    _erase_papers(ids, new)
    _erase_shared(people, new)
    names = erasing.erase_names(people, at)
    _erase_log(names, ids, holder_id)


def _erase_papers(ids: Sequence[int], new: Mapping[int, str]) -> None:
    """Papers keep number, award, date and state; the file itself is destroyed and says so."""
    for model in (Certificate, Letter):
        for one in db.session.scalars(sa.select(model).where(model.person_id.in_(ids))):
            _erase_paper(one, {one.name: new[one.person_id or 0]})


def _erase_paper(one: Certificate | Letter, names: Mapping[str, str]) -> None:
    fields = _without(one.fields, names, inside=True)
    name = _without(one.name, names, inside=False)
    if (fields, name) == (one.fields, one.name):
        return
    one.fields, one.name = fields, name
    if one.file_id is not None:
        note = f"<h1>{one.number}</h1><p>{GONE}</p>"
        destroy([one.file_id], content=papers.pdf(note, title=one.number, identifier=f"erased-{one.number}"))


def _erase_shared(people: Sequence[Person], new: Mapping[int, str]) -> None:
    """Awards and papers of whole teams that go by their members' names: only the names of these people."""
    entries: dict[int, dict[str, str]] = {}
    by_id = {one.id: one for one in people}
    for member in db.session.scalars(sa.select(Member).where(Member.person_id.in_(list(by_id)))):
        entries.setdefault(member.entry_id, {})[by_id[member.person_id].name] = new[member.person_id]
    for award in db.session.scalars(
        sa.select(Award).where(Award.person_id.is_(None), Award.entry_id.in_(list(entries)))
    ):
        award.name = _without(award.name, entries[award.entry_id or 0], inside=False)
    for model in (Certificate, Letter):
        for one in db.session.scalars(
            sa.select(model).where(model.person_id.is_(None), model.entry_id.in_(list(entries)))
        ):
            _erase_paper(one, entries[one.entry_id or 0])


def destroy(file_ids: Iterable[int], *, content: bytes | None = None) -> int:
    """Destroy stored files: their bytes go, their rows stay and hold a sentence that says so. Returns how many."""
    count = 0
    for row in db.session.scalars(sa.select(StoredFile).where(StoredFile.id.in_(sorted(set(file_ids))))):
        plain = content or GONE.encode()
        told = personal.encrypt_bytes(plain) if row.name.endswith(".sealed") else plain
        kept = files.keep_all([told])[0]
        if kept.digest == row.digest:
            continue
        old, row.digest, row.size = row.digest, kept.digest, kept.size
        db.session.flush()
        shared = db.session.scalar(
            sa.select(sa.func.count()).select_from(StoredFile).where(StoredFile.digest == old)
        )
        if not shared:
            files.path_of(old).unlink(missing_ok=True)
        count += 1
    return count


def erase_uploads(edition_ids: Sequence[int], *, holder_id: int, why: str, actor: Actor, at: datetime) -> int:
    """Destroy the files that came in for editions, and the printing files made of them."""
    todo = sorted(set(edition_ids) - erasing.erased(UPLOADS, "edition", edition_ids))
    if not todo:
        return 0
    count = destroy(files_of(todo))
    erasing.note(holder_id, UPLOADS, {"edition": todo}, why=why, actor_id=actor.account_id, at=at)
    audit.record(
        actor, "files.destroyed", None, contest_id=0, reason=why, at=at,
        changes={"editions": [None, todo], "files": [None, count]},
    )  # fmt: skip
    return len(todo)


def files_of(edition_ids: Sequence[int]) -> set[int]:
    """Ids of the stored files of editions that hold personal data: rosters, marks, photos, evidence, printing files."""
    events = (
        sa.select(Event.id)
        .join(SubContest, Event.sub_contest_id == SubContest.id)
        .where(SubContest.edition_id.in_(edition_ids))
    )
    found = set(
        db.session.scalars(
            sa.union(
                sa.select(RosterImport.file_id).where(RosterImport.edition_id.in_(edition_ids)),
                sa.select(MarkFile.file_id).where(MarkFile.event_id.in_(events)),
                sa.select(OutboxFile.file_id).where(OutboxFile.event_id.in_(events)),
                sa.select(AppealFile.file_id)
                .join(Appeal, AppealFile.appeal_id == Appeal.id)
                .where(Appeal.event_id.in_(events)),
                sa.select(SheetPhoto.file_id)
                .join(Sheet, SheetPhoto.sheet_id == Sheet.id)
                .where(Sheet.event_id.in_(events)),
            )
        )
    )
    inside = set(db.session.scalars(events))
    contests = sa.select(Edition.contest_id).where(Edition.id.in_(edition_ids))
    for job in db.session.scalars(sa.select(Job).where(Job.contest_id.in_(contests))):
        result = job.result or {}
        if result.get("event") in inside:
            found |= {int(result[kind]) for kind in ("pdf", "zip") if result.get(kind)}
    return found


def _erase_log(names: Mapping[str, str], ids: Sequence[int], holder_id: int) -> None:
    """Names in the log's values and of who acted; the chain holds, because it covers salted commitments of both."""
    contests = [0, *db.session.scalars(sa.select(Contest.id).where(Contest.holder_id == holder_id))]
    line, own = audit.Change, set(ids)
    lines = db.session.execute(
        sa.select(line.id, line.subject_kind, line.subject_id, line.account_name, line.values)
        .where(line.contest_id.in_(contests))
        .execution_options(yield_per=1000)
    )
    changed: list[dict[str, Any]] = []
    for number, kind, subject_id, actor, values in lines:
        is_own = kind == "Person" and subject_id in own
        new = {} if is_own else _without(values, names, inside=False)
        who = names.get(actor, actor)
        if new != values or who != actor:
            changed.append({"id": number, "values": new, "account_name": who})
    if changed:
        db.session.execute(sa.update(line), changed)
    db.session.flush()


def _without(value: Any, names: Mapping[str, str], *, inside: bool) -> Any:
    """The value with names replaced: whole ones, those in a row of names, and `inside` longer texts where told."""
    if isinstance(value, Mapping):
        return {key: _without(one, names, inside=inside) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, names, inside=inside) for one in value]
    if not isinstance(value, str):
        return value
    if inside:
        for old, new in names.items():
            value = value.replace(old, new) if len(old) > 1 else value
    return "、".join(names.get(part, part) for part in value.split("、"))
