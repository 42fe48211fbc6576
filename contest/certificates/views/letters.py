"""One paper of a roll, and one's own: the paper, its archival copy, and what may happen to it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import archiving, letter_queries, numbers, pixels, service
from contest.certificates.forms import ReasonForm
from contest.certificates.models import Letter
from contest.certificates.views.door import (
    badge_sent,
    base_url,
    bp,
    carried_out,
    instance,
    own_of,
    own_page,
    roll_crumbs,
    sent,
)
from contest.certificates.views.numbers import KINDS
from contest.db import now
from contest.errors import Missing
from contest.web import called


def _letter(letter_id: int) -> Letter:
    return letter_queries.letter_for(current_actor(), letter_id)


@bp.get("/letters/<int:letter_id>")
@signed_in
def letter(letter_id: int) -> str:
    return _page(_letter(letter_id))


def _page(row: Letter, **forms: Any) -> str:
    roll = row.recipient.roll
    home = (roll.name, url_for("certificates.roll", roll_id=roll.id))
    return render_template(
        "certificates/letter.html", letter=row, roll=roll, state=service.state_of(row), reason=service.reason_of(row),
        code=numbers.shown_code(row.verify_code), is_signed=archiving.can_sign(instance()),
        crumbs=roll_crumbs(roll.edition, home, (row.number, None)),
        **{"reason_form": ReasonForm(), "refused_act": ""} | forms,
    )  # fmt: skip


@bp.get("/letters/<int:letter_id>.pdf")
@signed_in
def letter_paper(letter_id: int) -> Response:
    row = _letter(letter_id)
    return sent(service.content_of(row), row.file.name if row.file else "")


@bp.get("/letters/<int:letter_id>-archive.pdf")
@signed_in
def letter_archive(letter_id: int) -> Response:
    """The same as PDF/A, signed where there is a key."""
    row = _letter(letter_id)
    return sent(archiving.copy_of(row, instance()), f"{row.number}_{row.name}_PDFA.pdf", inline=False)


@bp.post("/letters/<int:letter_id>/<any(reissue, void, revoke):act>")
@signed_in
def letter_settle(letter_id: int, act: str) -> Response | tuple[str, int]:
    """Issue anew with a new number, void a spoilt paper, or revoke."""
    form, made = ReasonForm(), []

    def work() -> None:
        row = _letter(letter_id)
        values: dict[str, Any] = {"reason": form.reason.data or "", "actor": current_actor(), "at": now()}
        if act == "reissue":
            made.append(service.reissue_letter(row, base_url=base_url(), **values).id)
        else:
            {"void": service.void, "revoke": service.revoke}[act](row, **values)

    if form.validate_on_submit() and carried_out(form, work):
        if made:
            service.make(made, register=service.LETTERS)
            flash(_("Issued anew. The old number now reads “replaced”."), "good")
            return redirect(url_for("certificates.letter", letter_id=made[0]))
        flash(_("Recorded, with the reason."), "good")
        return redirect(url_for("certificates.letter", letter_id=letter_id))
    return _page(_letter(letter_id), reason_form=form, refused_act=act), 422


@bp.get("/my-letter/<int:letter_id>")
def own_letter_page(letter_id: int) -> str | Response:
    """One's own to look at and to keep."""
    whose = own_of()
    if whose is None:
        return redirect(url_for("certificates.mine"))
    row = letter_queries.own_letter(letter_id, **whose)
    roll = row.recipient.roll
    return own_page(
        row, title=str(KINDS.get(roll.kind, roll.name)), event=called(roll.event or roll.edition),
        pdf=url_for("certificates.own_letter", letter_id=row.id, kind="pdf"),
        png=url_for("certificates.own_letter", letter_id=row.id, kind="png"),
        archive=url_for("certificates.own_letter_archive", letter_id=row.id),
        badge=url_for("certificates.own_letter_badge", letter_id=row.id),
    )  # fmt: skip


@bp.get("/my-letter/<int:letter_id>.<any(pdf, png):kind>")
def own_letter(letter_id: int, kind: str) -> Response:
    """One's own: as it was issued, or as a picture, which a phone keeps more easily."""
    whose = own_of()
    if whose is None:
        return redirect(url_for("certificates.mine"))
    row = letter_queries.own_letter(letter_id, **whose)
    if row.file is None or (kind == "png" and not pixels.is_available()):
        raise Missing()
    content = service.content_of(row)
    if kind == "pdf":
        return sent(content, row.file.name, inline=False)
    return sent(pixels.png(content, dpi=150), row.file.name.replace(".pdf", ".png"), "image/png")


@bp.get("/my-letter/<int:letter_id>-archive.pdf")
def own_letter_archive(letter_id: int) -> Response:
    """One's own as PDF/A, signed where there is a key."""
    whose = own_of()
    if whose is None:
        return redirect(url_for("certificates.mine"))
    row = letter_queries.own_letter(letter_id, **whose)
    return sent(archiving.copy_of(row, instance()), f"{row.number}_PDFA.pdf", inline=False)


@bp.get("/my-letter/<int:letter_id>-badge.jwt")
def own_letter_badge(letter_id: int) -> Response:
    """One's own as an Open Badges credential."""
    whose = own_of()
    if whose is None:
        return redirect(url_for("certificates.mine"))
    return badge_sent(letter_queries.own_letter(letter_id, **whose))
