"""The job that makes a batch: papers chunk by chunk, then one PDF to print and one ZIP."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest import files, jobs
from contest.accounts.access import Actor
from contest.certificates import making, ordering, printing, rendering
from contest.certificates.models import Certificate, Letter
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
    rows = making.REGISTERS[_register(work)](work.params["certificates"])
    live = [one for one in rows if one.file_id is not None and one.void_at is None]
    if not live:
        return {"made": 0}
    name = work.params["name"]
    with tempfile.TemporaryDirectory(dir=files.workshop()) as folder:
        book, bundle = Path(folder) / "book.pdf", Path(folder) / "papers.zip"
        printing.merged(making.papers_of(live), title=name, into=book)
        printing.zipped(
            making.papers_of(live),
            rule=work.params["naming"],
            into=bundle,
            pictures=bool(work.params.get("pictures")),
        )
        kept = {"pdf": files.keep_file(book), "zip": files.keep_file(bundle)}
    with transaction():
        ids = {
            kind: making.keep_bundle(
                one, name=f"{printing.file_name(name)}.{kind}", media_type=f"application/{kind}",
                contest_id=work.contest_id, actor_id=work.created_by,
            ).id
            for kind, one in kept.items()
        }  # fmt: skip
        return {"made": len(live), **ids}


def _register(work: Work) -> str:
    return str(work.params.get("register", making.CERTIFICATES))


@job_kind(KIND, finish=_finish)
def _make(work: Work) -> None:
    ids = [work.params["certificates"][place] for place in work.places]
    making.make(ids, register=_register(work), sample=rendering.compared_of(work.number, SAMPLE))
    work.step(len(ids))


def start(
    papers: Sequence[Certificate | Letter], *, name: str, naming: str, contest_id: int, actor: Actor, at: datetime,
    event_id: int = 0, roll_id: int = 0, order: str = "delegation", pictures: bool = False,
) -> Job:  # fmt: skip
    """Start making these papers, in printing order; `jobs.deliver(job.id)` after the commit.

    One of event_id (certificates) and roll_id (letters) says whose. pictures: a PNG beside each PDF in the ZIP.
    Raises KeyError for a naming rule that is not in `printing.NAMING` or an order not in `ordering.ORDERS`.
    """
    if naming not in printing.NAMING:
        raise KeyError(naming)
    ordered = ordering.in_order(papers, order)
    return jobs.start(
        KIND,
        {
            "register": making.LETTERS if roll_id else making.CERTIFICATES, "event": event_id, "roll": roll_id,
            "certificates": [one.id for one in ordered], "name": name, "naming": naming, "pictures": pictures,
        },
        total=len(ordered), actor=actor, at=at, contest_id=contest_id, chunk_size=rendering.CHUNK,
    )  # fmt: skip
