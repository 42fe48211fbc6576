"""A person's record as plain values, for the person's own download."""

from __future__ import annotations

from datetime import date, datetime

from contest.awards import kinds
from contest.awards.models import TitleState
from contest.desk.record import Record

Plain = dict[str, object]


def as_plain(record: Record, *, at: datetime) -> Plain:
    """Everything of the record; states and roles by their keys, document and telephone masked."""
    return {
        "made_at": at.isoformat(),
        "person": _person(record),
        "entries": _entries(record),
        "results": _results(record),
        "titles": _titles(record),
        "earlier_titles": [
            {"title": one.title_key, "year": one.year, "document_number": one.document_number}
            for one in record.earlier
        ],
        "levels": _levels(record),
        "certificates": _papers(record),
        "judging": [
            {"edition": one.edition.name, "year": one.edition.year, "unit": one.judge.unit_name}
            for one in record.judging
        ],
    }


def _on(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _person(record: Record) -> Plain:
    person = record.person
    return {
        "name": person.name, "gender": person.gender, "ethnicity": person.ethnicity, "born_on": _on(person.born_on),
        "document": person.id_masked, "telephone": person.phone_masked, "education": person.education,
        "level": person.level, "level_on": _on(person.level_on), "level_certificate": person.level_certificate,
    }  # fmt: skip


def _entries(record: Record) -> list[Plain]:
    return [
        {
            "edition": one.edition.name, "year": one.edition.year, "event": one.event.name, "number": one.number,
            "unit": one.unit, "role": one.role, "state": one.state.value, "left": one.left,
        }
        for one in record.entries
    ]  # fmt: skip


def _results(record: Record) -> list[Plain]:
    return [
        {
            "edition": one.edition.name, "event": one.event.name, "ranking": one.publication.ranking_key,
            "revision": one.publication.revision, "state": one.publication.state.value, "rank": one.rank,
            "total": one.total, "award": one.award,
        }
        for one in record.results
    ]  # fmt: skip


def _titles(record: Record) -> list[Plain]:
    return [
        {
            "title": one.label,
            "state": one.state.value,
            "authority": one.decision.authority if one.decision else None,
            "document_number": one.decision.document_number if one.decision else None,
            "dated_on": _on(one.decision.dated_on) if one.decision else None,
            "rights": kinds.rights_of(record.kinds.get(one.key), english=False)
            if one.state is TitleState.CONFERRED
            else [],
        }
        for one in record.titles
    ]


def _levels(record: Record) -> list[Plain]:
    return [
        {
            "before": one.level_before, "after": one.level_after, "certificate_number": one.certificate_number,
            "on": _on(one.recorded_on),
        }
        for one in record.promotions
    ]  # fmt: skip


def _papers(record: Record) -> list[Plain]:
    return [
        {
            "number": one.certificate.number, "edition": one.edition.name, "award": one.label,
            "issued_at": one.certificate.issued_at.isoformat(), "state": one.state.value,
            "verify_code": one.certificate.verify_code,
        }
        for one in record.papers
    ]  # fmt: skip
