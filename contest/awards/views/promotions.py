"""Promotions of an edition: proposed from final lists, approved by supervision, reported, recorded."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import promotion_report, promotions, queries
from contest.awards import templates as workbook_templates
from contest.awards.forms import PlainForm, ReasonForm, RecordForm, TemplateForm
from contest.awards.models import PromotionState
from contest.awards.promotions import NAMES
from contest.awards.views.door import bp, carried_out, crumbs, language, reason_of, tabs
from contest.awards.views.steps import download
from contest.db import now, transaction
from contest.errors import Refused
from contest.events.queries import edition_for

Page = str | Response | tuple[str, int]


def level_name(key: str) -> str:
    """A level in the reader's language; a dash where none is known."""
    zh, en = NAMES.get(key, (key, key))
    return (en if language() == "en" else zh) or "—"


@bp.get("/editions/<int:edition_id>/promotions")
@signed_in
def promotion_list(edition_id: int) -> str:
    return _page(edition_id)


def _page(edition_id: int, **more: Any) -> str:
    actor = current_actor()
    edition = promotions.edition_for(actor, edition_id)
    scope = {"holder": edition.contest.holder_id, "contest": edition.contest_id}
    may_manage = actor.may("awards.manage", **scope)
    rows = promotions.of_edition(actor, edition_id)
    return render_template(
        "awards/promotions.html",
        edition=edition,
        rows=rows,
        lists=promotions.lists_with_promotions(actor, edition_id),
        to_approve=[
            one for one in promotions.of_edition(actor, edition_id, "promotions.approve")
            if one.state is PromotionState.PROPOSED
        ],
        reportable=any(one.state in promotion_report.LISTED for one in rows),
        may_manage=may_manage,
        template=promotion_report.template_of(edition.contest.holder_id) if may_manage else None,
        level_name=level_name,
        reason_of=reason_of,
        once=promotions.ONCE,
        crumbs=crumbs(edition, (_("Promotions"), None)),
        tabs=tabs(edition, "promotion_list") if may_manage else [],
        **{"template_form": TemplateForm()} | more,
    )  # fmt: skip


@bp.post("/publications/<int:publication_id>/promotions/propose")
@signed_in
def promotions_propose(publication_id: int) -> Response:
    PlainForm().validate_on_submit()
    with transaction():
        publication = queries.publication_for(current_actor(), publication_id)
        edition_id = publication.event.sub_contest.edition_id
        count = len(promotions.propose(publication, actor=current_actor(), at=now()))
    flash(
        ngettext("%(num)s promotion proposed.", "%(num)s promotions proposed.", count),
        "good" if count else "warn",
    )
    return redirect(url_for("awards.promotion_list", edition_id=edition_id))


@bp.post("/editions/<int:edition_id>/promotions/approve")
@signed_in
def promotions_approve(edition_id: int) -> Response:
    ids = request.form.getlist("promotion", type=int)
    if not ids:
        flash(_("Nobody was chosen. Tick the people whose promotion you approve."), "warn")
        promotions.edition_for(current_actor(), edition_id)
        return redirect(url_for("awards.promotion_list", edition_id=edition_id))
    with transaction():
        rows = promotions.chosen(current_actor(), edition_id, ids, "promotions.approve")
        count = promotions.approve(rows, actor=current_actor(), at=now())
    flash(ngettext("%(num)s promotion approved.", "%(num)s promotions approved.", count), "good")
    return redirect(url_for("awards.promotion_list", edition_id=edition_id))


@bp.route("/promotions/<int:promotion_id>", methods=["GET", "POST"])
@signed_in
def promotion(promotion_id: int) -> Page:
    """One promotion: the form notes the assessment body's confirmation."""
    form = RecordForm(prefix="record-")

    def work() -> None:
        promotions.record(
            promotions.promotion_for(current_actor(), promotion_id, "awards.manage"),
            certificate_number=form.certificate_number.data or "", recorded_on=form.recorded_on.data,
            actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Recorded: the level now stands with the person."), "good")
        return redirect(url_for("awards.promotion", promotion_id=promotion_id))
    return _one(promotion_id, form=form), 422 if form.is_submitted() else 200


def _one(promotion_id: int, **forms: Any) -> str:
    actor = current_actor()
    row = promotions.promotion_for(actor, promotion_id)
    edition = row.award.publication.event.sub_contest.edition
    event = row.award.publication.event
    may_manage = actor.may(
        "awards.manage", holder=edition.contest.holder_id, contest=edition.contest_id, sub_contest=event.sub_contest_id, event=event.id
    )  # fmt: skip
    back = url_for("awards.promotion_list", edition_id=edition.id)
    return render_template(
        "awards/promotion.html", promotion=row, level_name=level_name, reason=reason_of(row.award), may_manage=may_manage,
        open_states=promotions.OPEN, once=promotions.ONCE,
        crumbs=crumbs(edition, (_("Promotions"), back), (row.name, None)),
        **{"form": RecordForm(formdata=None, prefix="record-"), "reason_form": ReasonForm(formdata=None)} | forms,
    )  # fmt: skip


@bp.post("/promotions/<int:promotion_id>/refuse")
@signed_in
def promotion_refuse(promotion_id: int) -> Page:
    form = ReasonForm()

    def work() -> None:
        row = promotions.promotion_for(current_actor(), promotion_id)
        promotions.refuse(row, reason=form.reason.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Recorded, with the reason."), "good")
        return redirect(url_for("awards.promotion", promotion_id=promotion_id))
    return _one(promotion_id, reason_form=form), 422


@bp.post("/editions/<int:edition_id>/promotions/list.xlsx")
@signed_in
def promotions_file(edition_id: int) -> Response:
    """The list in the assessment body's workbook; what is taken here counts as reported."""
    PlainForm().validate_on_submit()
    with transaction():
        edition = edition_for(current_actor(), edition_id, may="awards.manage")
        content = promotion_report.workbook(
            edition, reason_of, web.neutral, full=request.form.get("full") == "1", actor=current_actor(), at=now()
        )  # fmt: skip
        name = edition.name
    return download(content, f"{name}-{_('Promotions')}.xlsx")


@bp.get("/editions/<int:edition_id>/promotions/template.xlsx")
@signed_in
def promotions_template(edition_id: int) -> Response:
    edition_for(current_actor(), edition_id, may="awards.manage")
    return download(workbook_templates.default(), "promotions.xlsx")


@bp.post("/editions/<int:edition_id>/promotions/template")
@signed_in
def promotions_template_replace(edition_id: int) -> Page:
    form = TemplateForm()
    edition_for(current_actor(), edition_id, may="awards.manage")
    if form.validate_on_submit():
        upload = request.files["file"]
        content, name = upload.read(), upload.filename or ""
        try:
            with transaction():
                edition = edition_for(current_actor(), edition_id, may="awards.manage")
                promotion_report.replace(edition, content, name, actor=current_actor(), at=now())
        except Refused as refusal:
            form.file.errors = [web.sentence(refusal.code, refusal.params)]
        else:
            flash(_("From now on this workbook is filled."), "good")
            return redirect(url_for("awards.promotion_list", edition_id=edition_id))
    return _page(edition_id, template_form=form), 422
