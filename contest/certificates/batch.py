"""The job that makes a batch: papers chunk by chunk, then one PDF to print and one ZIP."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest import files, jobs
from contest.accounts.access import Actor
from contest.certificates import making, printing, queries, rendering
from contest.certificates.models import Certificate
from contest.db import transaction
from contest.jobs import job_kind

if TYPE_CHECKING:
    from contest.chunks import Work
    from contest.jobs import Job

KIND = "certificates.make"
SAMPLE = 3  # papers of a batch's first chunk that are compared with plain rendering


def _finish(work: Work) -> dict[str, Any]:
    """One PDF in printing order and one ZIP, stored; their ids are the job's result.

    Papers are read one by one and written to files: a whole batch would not fit into memory.
    """
    rows = queries.with_ids(work.params["certificates"])
    live = [one for one in rows if one.file_id is not None and one.void_at is None]
    if not live:
        return {"made": 0}
    name = work.params["name"]
    with tempfile.TemporaryDirectory(dir=files.workshop()) as folder:
        book, bundle = Path(folder) / "book.pdf", Path(folder) / "papers.zip"
        printing.merged(making.papers_of(live), title=name, into=book)
        printing.zipped(making.papers_of(live), rule=work.params["naming"], into=bundle)
        kept = {"pdf": files.keep_file(book), "zip": files.keep_file(bundle)}
    with transaction():
        ids = {
            kind: making.keep_bundle(
                one, name=f"{printing.file_name(name)}.{kind}", media_type=f"application/{kind}",
                contest_id=work.contest_id, actor_id=work.created_by,
            ).id
            for kind, one in kept.items()
        }  # fmt: skip
        return {"made": len(live), **ids, "event": work.params["event"]}


@job_kind(KIND, finish=_finish)
def _make(work: Work) -> None:
    ids = [work.params["certificates"][place] for place in work.places]
    making.make(ids, sample=rendering.compared_of(work.number, SAMPLE))
    work.step(len(ids))


def start(
    certificates: list[Certificate],
    *,
    event_id: int,
    name: str,
    naming: str,
    contest_id: int,
    actor: Actor,
    at: datetime,
) -> Job:
    """Start making these papers, in printing order; `jobs.deliver(job.id)` after the commit. Raises KeyError for a
    naming rule that is not in `printing.NAMING`."""
    if naming not in printing.NAMING:
        raise KeyError(naming)
    ordered = sorted(certificates, key=printing_order)
    return jobs.start(
        KIND,
        {"certificates": [one.id for one in ordered], "name": name, "naming": naming, "event": event_id},
        total=len(ordered), actor=actor, at=at, contest_id=contest_id, chunk_size=rendering.CHUNK,
    )  # fmt: skip


def printing_order(one: Certificate) -> tuple[int, str, str]:
    """By delegation in official order, then the entry's number, then the certificate's."""
    delegation = one.entry.delegation if one.entry is not None else None
    return (
        delegation.official_order if delegation else 1_000_000,
        one.entry.number if one.entry else "",
        one.number,
    )
