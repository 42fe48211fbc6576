"""One certificate of the register: its paper, and what may happen to it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import archiving, numbers, queries, service
from contest.certificates.forms import ReasonForm
from contest.certificates.models import Certificate
from contest.certificates.views.door import (
    badge_sent,
    base_url,
    bp,
    carried_out,
    crumbs,
    instance,
    label_of,
    sent,
)
from contest.db import now


@bp.get("/certificates/<int:certificate_id>")
@signed_in
def show(certificate_id: int) -> str:
    return _page(queries.certificate_for(current_actor(), certificate_id))


def _page(row: Certificate, **forms: Any) -> str:
    return render_template(
        "certificates/show.html",
        certificate=row,
        state=service.state_of(row),
        reason=service.reason_of(row),
        code=numbers.shown_code(row.verify_code),
        label=label_of(row.award),
        is_signed=archiving.can_sign(instance()),
        crumbs=crumbs(row.event, (row.number, None)),
        **{"reason_form": ReasonForm(), "refused_act": ""} | forms,
    )


@bp.get("/certificates/<int:certificate_id>.pdf")
@signed_in
def paper(certificate_id: int) -> Response:
    row = queries.certificate_for(current_actor(), certificate_id)
    return sent(service.content_of(row), row.file.name if row.file else "")


@bp.get("/certificates/<int:certificate_id>-archive.pdf")
@signed_in
def archive(certificate_id: int) -> Response:
    """The same as PDF/A, signed where there is a key."""
    row = queries.certificate_for(current_actor(), certificate_id)
    return sent(archiving.copy_of(row, instance()), f"{row.number}_{row.name}_PDFA.pdf", inline=False)


@bp.get("/certificates/<int:certificate_id>-badge.jwt")
@signed_in
def badge(certificate_id: int) -> Response:
    """The same as an Open Badges credential."""
    row = queries.certificate_for(current_actor(), certificate_id)
    return badge_sent(row)


@bp.post("/certificates/<int:certificate_id>/<any(reissue, void, revoke):act>")
@signed_in
def settle(certificate_id: int, act: str) -> Response | tuple[str, int]:
    """Issue anew with the present name and a new number, void a spoilt paper, or revoke."""
    form, made = ReasonForm(), []

    def work() -> None:
        row = queries.certificate_for(current_actor(), certificate_id)
        values: dict[str, Any] = {"reason": form.reason.data or "", "actor": current_actor(), "at": now()}
        if act == "reissue":
            made.append(service.reissue(row, base_url=base_url(), **values).id)
        else:
            {"void": service.void, "revoke": service.revoke}[act](row, **values)

    if form.validate_on_submit() and carried_out(form, work):
        if made:
            service.make(made)
            flash(_("Issued anew. The old number now reads “replaced”."), "good")
            return redirect(url_for("certificates.show", certificate_id=made[0]))
        flash(_("Recorded, with the reason."), "good")
        return redirect(url_for("certificates.show", certificate_id=certificate_id))
    row = queries.certificate_for(current_actor(), certificate_id)
    return _page(row, reason_form=form, refused_act=act), 422
