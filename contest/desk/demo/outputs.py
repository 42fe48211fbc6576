"""Everything a contest leaves behind, written into a folder: lists, sheets to sign, decision, certificates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.awards import decision_paper
from contest.awards import queries as awards
from contest.certificates import queries as certificates_queries
from contest.certificates import service as certificates
from contest.certificates.models import Certificate
from contest.db import db
from contest.desk.demo import ramen
from contest.desk.demo.staging import Held
from contest.results import exports, tally
from contest.results import queries as results


def write(folder: Path, held: Held, say: Callable[[str], None]) -> dict[str, int]:
    """Write all papers; returns counts (list rows, people in the decision, certificates)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "报名汇总表.xlsx").write_bytes(ramen.ROSTER.read_bytes())
    counts = {
        "rows": _lists(folder, held),
        "decision": _decision(folder, held),
        "certificates": _papers(folder, held),
    }
    say(
        f"{folder}: lists with {counts['rows']} people, decision for {counts['decision']}, "
        f"{counts['certificates']} certificates"
    )
    return counts


def _lists(folder: Path, held: Held) -> int:
    """Each list in its formats and its summary to sign; returns the rows of the individual list."""
    count = 0
    for key, publication_id in held.publications.items():
        publication = results.publication_for(SYSTEM, publication_id, may="results.view")
        rows = results.rows_for(publication)
        if key == "individual":
            count = len(rows)
        for suffix in ("xlsx", "pdf", "csv"):
            name = exports.file_name(publication, suffix)
            (folder / name).write_bytes(exports.file_of(publication, rows, suffix, "zh_CN"))
        sheet = tally.Sheet(
            heading=publication.snapshot.heading,
            lines=rows,
            state=exports.facts_of(publication, "zh_CN")[0][1],
            mark=publication.snapshot.digest,
            at=publication.published_at,
        )
        name = exports.file_name(publication, "pdf").replace(".pdf", "-成绩汇总表.pdf")
        (folder / name).write_bytes(tally.tally_pdf(sheet, size="a3"))
    return count


def _decision(folder: Path, held: Held) -> int:
    """The decision as a draft document; returns how many people it names."""
    if held.decision_id is None:
        return 0
    decision = awards.decision_for(SYSTEM, held.decision_id)
    for suffix in ("pdf", "docx"):
        (folder / f"授予称号的决定.{suffix}").write_bytes(decision_paper.file_of(decision, suffix))
    return len(decision_paper.lines_of(decision))


def _papers(folder: Path, held: Held) -> int:
    """Every certificate as a file of its own, one PDF to print, and the ZIP; returns how many."""
    ids = list(db.session.scalars(sa.select(Certificate.id).where(Certificate.event_id == held.event_id)))
    rows = certificates_queries.with_ids(ids)
    single = folder / "证书"
    single.mkdir(exist_ok=True)
    for paper in certificates.papers_of(rows):
        (single / f"{paper.number}_{paper.name}.pdf".replace("/", "_")).write_bytes(paper.content)
    certificates.merged(certificates.papers_of(rows), title="证书", into=folder / "证书（打印）.pdf")
    certificates.zipped(certificates.papers_of(rows), rule="delegation_number_name", into=folder / "证书.zip")
    return len(rows)
