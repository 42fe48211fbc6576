"""Lists of recipients: judges, coaches, organisers, participants; looked through, then issued from."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from contest import jobs, web
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import letter_queries, overprint, pixels, queries, roll_lines, service
from contest.certificates.forms import ROLL_WORDS, BundleForm, PlainForm, RollForm, RollIssueForm
from contest.certificates.models import Roll
from contest.certificates.views import roll_papers
from contest.certificates.views.door import base_url, bp, carried_out, refusal_words, roll_crumbs
from contest.db import now, transaction
from contest.entries.queries import edition_for
from contest.errors import Missing, Refused
from contest.events import queries as events
from contest.events.models import Edition, Event
from contest.jobs import LIVE

PAGE = 50


def _edition(edition_id: int) -> Edition:
    return edition_for(current_actor(), edition_id, may=queries.ACT)


@bp.get("/editions/<int:edition_id>/rolls")
@signed_in
def rolls(edition_id: int) -> str:
    return _list_page(_edition(edition_id), _form(edition_id, RollForm(formdata=None)))


def _form(edition_id: int, form: RollForm) -> RollForm:
    """The events the actor may issue for; the whole edition only for those who may issue in all of it."""
    actor = current_actor()
    own = events.events_for(actor, may=queries.ACT, edition_id=edition_id)
    try:
        events.edition_for(actor, edition_id, may=queries.ACT)
        whole = [("", _("the whole edition (lists of your own only)"))]
    except Missing:
        whole = []
    form.event_id.choices = [*((str(one.id), web.called(one)) for one in own), *whole]
    return form


def _list_page(edition: Edition, form: RollForm, bad: tuple[roll_lines.BadLine, ...] = ()) -> str:
    rows = letter_queries.rolls_for(current_actor(), edition.id)
    return render_template(
        "certificates/rolls.html", edition=edition, form=form, rolls=rows, bad=bad, reason_of=_reason,
        counts=letter_queries.counts_of([one.id for one in rows]), words=ROLL_WORDS, crumbs=roll_crumbs(edition),
    )  # fmt: skip


def _reason(one: roll_lines.BadLine) -> str:
    return web.sentence(one.code, one.params)


@bp.post("/editions/<int:edition_id>/rolls")
@signed_in
def roll_new(edition_id: int) -> Response | tuple[str, int]:
    """Draw or type a list; with one bad line nothing is kept."""
    edition, form, made = _edition(edition_id), _form(edition_id, RollForm()), []
    reading = roll_lines.Reading((), ())
    kind, _colon, source = (form.of.data or "").partition(":")
    if form.validate_on_submit() and source == "typed":
        reading = _typed(form)

    def work() -> None:
        edition, event = _place(edition_id, form.event_id.data)
        roll = service.draft_roll(
            edition, event, kind=kind, source=source, name=form.name.data or "", role=(form.role.data or "").strip(),
            is_of_bodies=form.are_bodies.data, lines=reading.lines, actor=current_actor(), at=now(),
        )  # fmt: skip
        made.append(roll.id)

    if not form.errors and not reading.bad and form.validate_on_submit() and carried_out(form, work):
        return redirect(url_for("certificates.roll", roll_id=made[0]))
    if reading.bad:
        form.form_errors = [_("Nothing was kept: mend the lines named below, then send the list again.")]
    return _list_page(edition, form, reading.bad), 422


def _place(edition_id: int, event_id: str) -> tuple[Edition, Event | None]:
    """The edition and, unless it is all of it, the event: each authorised."""
    if not event_id:
        return events.edition_for(current_actor(), edition_id, may=queries.ACT), None
    event = events.event_for(current_actor(), int(event_id), may=queries.ACT)
    if event.sub_contest.edition_id != edition_id:
        raise Missing()
    return event.sub_contest.edition, event


def _typed(form: RollForm) -> roll_lines.Reading:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return roll_lines.of_text(form.text.data or "", are_bodies=form.are_bodies.data)
    try:
        return roll_lines.of_file(upload.read(), upload.filename, are_bodies=form.are_bodies.data)
    except Refused as refusal:
        form.file.errors = [web.sentence(refusal.code, refusal.params)]
        return roll_lines.Reading((), ())


@bp.get("/rolls/<int:roll_id>")
@signed_in
def roll(roll_id: int) -> str:
    row = letter_queries.roll_for(current_actor(), roll_id)
    return page(row, roll_papers.issue_form(row, fresh=True))


def page(row: Roll, form: RollIssueForm) -> str:
    """A roll with what may be done: looked through, issued from, its papers."""
    text, number = request.args.get("q", ""), max(1, request.args.get("page", 1, type=int))
    letters = letter_queries.letters_of(row.id, text=text)
    waiting = service.waiting(row)
    found = [job for job in jobs.recent(row.edition.contest_id) if job.params.get("roll") == row.id]
    shown = letters[(number - 1) * PAGE : number * PAGE]
    valid = sum(1 for one in letters if one.file_id and not one.is_settled)
    return render_template(
        "certificates/roll.html", roll=row, form=form, waiting=waiting, q=text, plain=PlainForm(), valid=valid,
        letters=[(one, service.state_of(one)) for one in shown], total=len(letters), page=number, size=PAGE,
        pages=-(-len(letters) // PAGE) or 1, jobs=found, is_busy=any(job.state in LIVE for job in found),
        sentence=web.sentence, unmade=letter_queries.unmade(row.id), bundle=BundleForm(formdata=None),
        wording=roll_papers.wording_of(row, form) if waiting else None, has_preview=pixels.is_available(),
        problems=_problems(row, form) if waiting else [], word=ROLL_WORDS.get(f"{row.kind}:{row.source}", row.kind),
        crumbs=roll_crumbs(row.edition, (row.name, None)), printers=overprint.printers_of(row.edition.contest_id),
    )  # fmt: skip


def _problems(row: Roll, form: RollIssueForm) -> list[dict[str, Any]]:
    """What stands in the way of issuing with the layout and wording as they are now."""
    found = getattr(form, "problems", None) or roll_papers.problems_of(row, form)
    return [{"severity": "blocker", "text": f"{one['name']}: {refusal_words(one)}"} for one in found]


@bp.post("/rolls/<int:roll_id>/recipients")
@signed_in
def roll_keep(roll_id: int) -> Response:
    """Leave out whoever is not ticked."""
    PlainForm().validate_on_submit()
    with transaction():
        row = letter_queries.roll_for(current_actor(), roll_id)
        ids = [int(one) for one in request.form.getlist("keep") if one.isdigit()]
        left = service.keep_only(row, ids, actor=current_actor(), at=now())
    flash(ngettext("%(num)s recipient was left out.", "%(num)s recipients were left out.", left), "good")
    return redirect(url_for("certificates.roll", roll_id=roll_id))


@bp.post("/rolls/<int:roll_id>/discard")
@signed_in
def roll_discard(roll_id: int) -> Response:
    PlainForm().validate_on_submit()
    with transaction():
        row = letter_queries.roll_for(current_actor(), roll_id)
        edition_id = row.edition_id
        service.discard_roll(row, actor=current_actor(), at=now())
    flash(_("The list was taken away. Nobody had a paper of it."), "good")
    return redirect(url_for("certificates.rolls", edition_id=edition_id))


@bp.post("/rolls/<int:roll_id>/choose")
@signed_in
def roll_choose(roll_id: int) -> str:
    """The same page with another layout; what was typed stays."""
    row = letter_queries.roll_for(current_actor(), roll_id)
    return page(row, roll_papers.issue_form(row))


@bp.post("/rolls/<int:roll_id>/issue")
@signed_in
def roll_issue(roll_id: int) -> Response | tuple[str, int]:
    """Freeze the list, give the numbers, start making the papers."""
    form, started = roll_papers.issue_form(letter_queries.roll_for(current_actor(), roll_id)), []

    def work() -> None:
        row = letter_queries.roll_for(current_actor(), roll_id)
        made = service.issue_letters(
            row, base_url=base_url(), dated_on=form.dated_on.data, layout=form.layout.data,
            texts=roll_papers.texts_sent(form.layout.data), pattern=form.pattern.data or "", actor=current_actor(), at=now(),
        )  # fmt: skip
        job = service.start_batch(
            made, roll_id=roll_id, name=row.name, naming=form.naming.data, order=form.order.data,
            pictures=form.pictures.data, contest_id=row.edition.contest_id, actor=current_actor(), at=now(),
        )  # fmt: skip
        started.append((job.id, len(made)))

    if form.validate_on_submit() and carried_out(form, work):
        jobs.deliver(started[0][0])
        flash(ngettext("%(num)s paper has its number and is being made.", "%(num)s papers have their numbers and are being made.", started[0][1]), "good")  # fmt: skip
        return redirect(url_for("certificates.roll", roll_id=roll_id))
    return page(letter_queries.roll_for(current_actor(), roll_id), form), 422


@bp.post("/rolls/<int:roll_id>/finish")
@signed_in
def roll_finish(roll_id: int) -> Response:
    """Make the papers whose numbers were taken by a job that was stopped."""
    PlainForm().validate_on_submit()
    with transaction():
        row = letter_queries.roll_for(current_actor(), roll_id)
        rows = letter_queries.with_ids(letter_queries.unmade(roll_id))
        job_id = service.start_batch(
            rows, roll_id=roll_id, name=row.name, naming="delegation_number_name",
            contest_id=row.edition.contest_id, actor=current_actor(), at=now(),
        ).id  # fmt: skip
    jobs.deliver(job_id)
    return redirect(url_for("certificates.roll", roll_id=roll_id))
