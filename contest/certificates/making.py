"""Making the papers of numbered certificates: rendered outside the transaction, stored by digest inside one.

Everything here may be done twice: a certificate that has its paper is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from contest import files
from contest.certificates import designs, letter_queries, printing, queries, rendering
from contest.certificates.layouts import Layout
from contest.certificates.models import Certificate, Letter
from contest.certificates.pages import Record
from contest.certificates.printing import Paper
from contest.certificates.refusals import BatchRefused, NotReady
from contest.db import db, now, transaction
from contest.files import Kept, StoredFile

CERTIFICATES, LETTERS = "certificates", "letters"
REGISTERS: dict[str, Callable[[Sequence[int]], Sequence[Certificate | Letter]]] = {
    CERTIFICATES: queries.with_ids,
    LETTERS: letter_queries.with_ids,
}


def record_of(certificate: Certificate | Letter) -> Record:
    """What a certificate's paper says, exactly as it was fixed when its number was given."""
    fields = certificate.fields
    return Record(certificate.number, fields["values"], fields["url"], fields["title"])


def make(
    ids: Sequence[int], *, register: str = CERTIFICATES, way: str = "layered", sample: int = 3,
    step: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Render and store the papers of these certificates that have none yet; returns how many were made.

    Opens its own transaction for each batch of equal layout and wording; the bytes are on disk before it begins.
    register: whose ids they are. sample: how many papers of each are compared with plain rendering. Raises BatchRefused, PixelsDiffer.
    """
    todo = [one for one in REGISTERS[register](ids) if one.file_id is None and one.void_at is None]
    todo.sort(key=kind_of)
    # Plain values leave the session with the rows, because the storing transaction starts anew.
    batches = [
        [(one.id, record_of(one), one.issued_at) for one in group] for _, group in groupby(todo, key=kind_of)
    ]
    kinds = [kind_of(next(group)) for _, group in groupby(todo, key=kind_of)]
    made = 0
    for (key, wording, demo), batch in zip(kinds, batches, strict=True):
        layout = designs.load(key).with_texts(dict(wording))
        records = [record for _, record, _ in batch]
        contents = _rendered(layout, records, batch[0][2], demo, way, sample)
        kept = files.keep_all(contents[record.key] for record in records)
        with transaction():
            _enter(register, {one: file for (one, _, _), file in zip(batch, kept, strict=True)})
        made += len(batch)
        if step is not None:
            step(len(batch))
    return made


def _rendered(
    layout: Layout, records: list[Record], made_at: datetime, demo: bool, way: str, sample: int
) -> dict[str, bytes]:
    papers: dict[str, bytes] = {}
    report = rendering.render_batch(
        layout,
        records,
        lambda record, content: papers.update({record.key: content}),
        made_at=made_at,
        demo=demo,
        way=way,
        sample=sample,
    )
    if report.refusals:
        raise BatchRefused(
            [{"name": one.key, "code": one.code, "params": one.params} for one in report.refusals]
        )
    return papers


def kind_of(one: Certificate | Letter) -> tuple[str, tuple[tuple[str, str], ...], bool]:
    """What papers of one batch have in common: layout, wording, and whether they are of the demo."""
    return one.layout, tuple(sorted(one.fields.get("texts", {}).items())), bool(one.fields.get("demo"))


def _enter(register: str, kept: dict[int, Kept]) -> None:
    """Give these certificates their papers; one that got its paper meanwhile keeps it."""
    rows = [one for one in REGISTERS[register](list(kept)) if one.file_id is None]
    for one in rows:
        one.file = files.row_of(
            kept[one.id], name=f"{printing.file_name(one.number)}_{printing.file_name(one.name)}.pdf",
            media_type="application/pdf", contest_id=one.edition.contest_id, actor_id=one.issued_by, at=now(),
        )  # fmt: skip
    db.session.flush()


def content_of(certificate: Certificate | Letter) -> bytes:
    """The stored bytes. Raises NotReady while they are being made."""
    if certificate.file is None:
        raise NotReady(number=certificate.number)
    return files.read(certificate.file)


def papers_of(certificates: Iterable[Certificate | Letter]) -> Iterator[Paper]:
    """Finished papers in the order given, with what names them; each is read when it is asked for."""
    for one in certificates:
        yield Paper(one.number, one.name, one.delegation, content_of(one))


def keep_bundle(
    kept: Kept, *, name: str, media_type: str, contest_id: int, actor_id: int | None
) -> StoredFile:
    """Enter a printing file or a ZIP of a batch; returns the flushed row."""
    row = files.row_of(
        kept, name=name, media_type=media_type, contest_id=contest_id, actor_id=actor_id, at=now()
    )
    db.session.add(row)
    db.session.flush()
    return row
