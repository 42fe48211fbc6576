"""A holder's people: duplicates merged and taken apart again, retention by policy, requests decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from contest import jobs, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.desk import expiry, merging
from contest.desk.views_record import FIELD_WORDS, WHY_WORDS
from contest.entries import duplicates, requests
from contest.entries import merging as rows
from contest.entries.erasing import KINDS
from contest.entries.models import RequestKind
from contest.errors import Refused

bp = Blueprint("holder_people", __name__)
Page = str | Response | tuple[str, int]

KIND_WORDS = {
    "contact": (
        lazy_gettext("Telephones and bank accounts"),
        lazy_gettext("For informing and paying people."),
    ),
    "identity": (
        lazy_gettext("Document numbers and particulars"),
        lazy_gettext("Document, date of birth, ethnic group, education, post. Certificates can't be fetched by the last six digits any more."),
    ),
    "uploads": (
        lazy_gettext("Files that came in"),
        lazy_gettext("Registration files, marks files, photos, evidence of appeals, printing files."),
    ),
    "names": (
        lazy_gettext("Names of people without an award"),
        lazy_gettext("In registers, lists and the log; a number stands for them. Places and totals stay."),
    ),
    "winners": (
        lazy_gettext("Names of people with an award"),
        lazy_gettext("Certificates keep number, award, date and state, but the papers are destroyed."),
    ),
}  # fmt: skip
MESSAGES = {
    "retention_nothing_due": lazy_gettext(
        "What is due is not what the page showed any more. Look at the preview again, then start."
    ),
    "retention_years": lazy_gettext("Years are whole numbers from %(low)s to %(high)s, or empty for good."),
    "request_running": lazy_gettext(
        "The person takes part in %(event)s, which is not over. Let them withdraw first, or decide afterwards."
    ),
}


class MergeForm(web.BaseForm):
    """Which of the two is kept, and why they are one."""

    keep = RadioField(lazy_gettext("Which one is kept?"), validators=[InputRequired()])
    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class UndoForm(web.BaseForm):
    """Why a merge was wrong."""

    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class DecideForm(web.BaseForm):
    """How a request is answered."""

    decision = RadioField(lazy_gettext("Decision"), validators=[InputRequired()])
    answer = TextAreaField(
        lazy_gettext("Answer"),
        description=lazy_gettext("The person reads it."),
        validators=[Length(max=1000)],
    )


def _done(form: Any, work: Callable[[], Any]) -> bool:
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.form_errors = [*(form.form_errors or []), web.sentence(refusal.code, refusal.params)]
        return False
    return True


def tabs(holder_id: int, current: str) -> list[dict[str, Any]]:
    """The pages about a holder's people."""
    pages = (
        ("duplicates_of", _("Duplicates")),
        ("retention_of", _("Retention")),
        ("requests_of", _("Requests")),
    )
    return [
        {
            "label": label,
            "href": url_for(f"holder_people.{name}", **({} if name == "requests_of" else {"holder_id": holder_id})),
            "current": name == current,
        }
        for name, label in pages
    ]  # fmt: skip


@bp.get("/holders/<int:holder_id>/duplicates")
@signed_in
def duplicates_of(holder_id: int) -> str:
    holder = merging.holder_for(current_actor(), holder_id)
    return render_template(
        "desk/duplicates.html", holder=holder, pairs=duplicates.candidates(holder_id), words=WHY_WORDS,
        merges=[(one, *merging.people_of(one)) for one in rows.merges_of(holder_id)],
        tabs=tabs(holder_id, "duplicates_of"), undo_form=UndoForm(),
    )  # fmt: skip


@bp.route("/people/<int:person_id>/merge/<int:other_id>", methods=["GET", "POST"])
@signed_in
def merge(person_id: int, other_id: int) -> Page:
    """Two rows side by side; the one that is kept takes everything over."""
    actor = current_actor()
    first, second = merging.person_for(actor, person_id), merging.person_for(actor, other_id)
    holder_id = first.holder_id
    form = MergeForm()
    form.keep.choices = [
        (str(one.id), _("%(name)s, %(document)s", name=one.name, document=one.id_masked)) for one in (first, second)
    ]  # fmt: skip

    def work() -> None:
        kept_id = int(form.keep.data)
        kept = merging.person_for(current_actor(), kept_id)
        other = merging.person_for(current_actor(), other_id if kept_id == person_id else person_id)
        merging.merge(kept, other, reason=form.reason.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and _done(form, work):
        flash(_("The two are one now. It can be taken back on this page."), "good")
        return redirect(url_for("holder_people.duplicates_of", holder_id=holder_id))
    both = [merging.person_for(current_actor(), one) for one in (person_id, other_id)]
    page = render_template(
        "desk/merge.html", both=both, form=form, events=[rows.editions_of(one.id) for one in both],
        in_the_way=rows.both_live(*both), back=url_for("holder_people.duplicates_of", holder_id=holder_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.route("/merges/<int:merge_id>/undo", methods=["GET", "POST"])
@signed_in
def undo(merge_id: int) -> Page:
    row, form = merging.merge_for(current_actor(), merge_id), UndoForm()
    holder_id = row.holder_id

    def work() -> None:
        merging.undo(
            merging.merge_for(current_actor(), merge_id), reason=form.reason.data or "", actor=current_actor(), at=now()
        )  # fmt: skip

    back = url_for("holder_people.duplicates_of", holder_id=holder_id)
    if form.validate_on_submit() and _done(form, work):
        flash(_("Taken back: both stand as before."), "good")
        return redirect(back)
    row = merging.merge_for(current_actor(), merge_id)
    kept, merged = merging.people_of(row)
    page = render_template("desk/merge_undo.html", merge=row, kept=kept, merged=merged, form=form, back=back)
    return page, 422 if form.is_submitted() else 200


@bp.route("/holders/<int:holder_id>/retention", methods=["GET", "POST"])
@signed_in
def retention_of(holder_id: int) -> Page:
    """The policy, what it would take out today, and the runs so far."""
    errors: dict[str, str] = {}
    merging.holder_for(current_actor(), holder_id)
    if request.method == "POST":
        web.BaseForm().validate_on_submit()
        years: dict[str, int | None] = {}
        for kind in KINDS:
            text = request.form.get(kind, "").strip()
            if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
                errors[kind] = web.sentence("retention_years", {"low": 1, "high": 99})
            else:
                years[kind] = int(text) if text else None
        if not errors:
            with transaction():
                merging.holder_for(current_actor(), holder_id)
                expiry.state_rules(holder_id, years, actor=current_actor(), at=now())
            flash(_("The policy is saved. Nothing was taken out yet."), "good")
            return redirect(url_for("holder_people.retention_of", holder_id=holder_id))
    return _retention(holder_id, errors), 422 if errors else 200


def _retention(holder_id: int, errors: dict[str, str]) -> str:
    holder = merging.holder_for(current_actor(), holder_id)
    known = expiry.rules_of(holder_id)
    return render_template(
        "desk/retention.html", holder=holder, due_text=due_text, kinds=KINDS, words=KIND_WORDS, errors=errors,
        typed={kind: request.form.get(kind, "") if errors else str(known.get(kind, "")) for kind in KINDS},
        due=expiry.due(holder_id, now().astimezone(web.local_zone()).date()), runs=expiry.jobs_of(holder_id),
        tabs=tabs(holder_id, "retention_of"),
    )  # fmt: skip


@bp.post("/holders/<int:holder_id>/retention/run")
@signed_in
def retention_run(holder_id: int) -> Response:
    """Take out what the preview showed; another number than shown is refused."""
    web.BaseForm().validate_on_submit()
    wanted = {
        kind: request.form.get(f"due-{kind}", 0, type=int) for kind in request.form.getlist("kind") if kind in KINDS
    }  # fmt: skip
    if not wanted:
        merging.holder_for(current_actor(), holder_id)
        flash(_("Nothing was ticked. Choose what is to be taken out."), "warn")
        return redirect(url_for("holder_people.retention_of", holder_id=holder_id))
    with transaction():
        merging.holder_for(current_actor(), holder_id)
        today = now().astimezone(web.local_zone()).date()
        job_id = expiry.start(holder_id, wanted, today=today, actor=current_actor(), at=now()).id
    jobs.deliver(job_id)
    flash(_("The work has begun. Reload to see how far it is."), "good")
    return redirect(url_for("holder_people.retention_of", holder_id=holder_id))


@bp.get("/person-requests")
@signed_in
def requests_of() -> str:
    """What people ask about their own data, as far as the reader decides it."""
    found = requests.waiting_for(current_actor())
    return render_template("desk/requests.html", rows=found, words=FIELD_WORDS)


@bp.route("/person-requests/<int:request_id>", methods=["GET", "POST"])
@signed_in
def request_one(request_id: int) -> Page:
    row, form = requests.request_for(current_actor(), request_id), DecideForm()
    form.decision.choices = [("accept", _("Agree to it")), ("refuse", _("Turn it down"))]

    def work() -> None:
        found = requests.request_for(current_actor(), request_id)
        accept, answer = form.decision.data == "accept", form.answer.data or ""
        if found.kind is RequestKind.DELETION:
            today = now().astimezone(web.local_zone()).date()
            expiry.decide_deletion(
                found, accept=accept, answer=answer, today=today, actor=current_actor(), at=now()
            )
        else:
            requests.decide(found, accept=accept, answer=answer, actor=current_actor(), at=now())

    if form.validate_on_submit() and _done(form, work):
        flash(_("Decided. The person reads the answer."), "good")
        return redirect(url_for("holder_people.requests_of"))
    row = requests.request_for(current_actor(), request_id)
    page = render_template(
        "desk/request.html", row=row, form=form, wanted=requests.wanted(row), words=FIELD_WORDS, known=_known(row)
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _known(row: Any) -> str:
    """What stands there now, masked where it is a telephone."""
    if row.field == "phone":
        return str(row.person.phone_masked)
    value = getattr(row.person, row.field, "") if row.field != "other" else ""
    return str(value or "")


def due_text(count: int, kind: str) -> str:
    """How many people or editions are due."""
    if kind == "uploads":
        return ngettext("%(num)s edition", "%(num)s editions", count)
    return ngettext("%(num)s person", "%(num)s people", count)
