"""Issuing an event's certificates: what is ready, the wording with a true preview, the batch and its files."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from contest import files, jobs, web
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import (
    designs,
    layouts,
    letter_queries,
    numbers,
    pixels,
    queries,
    rendering,
    service,
    wording,
)
from contest.certificates.batch import KIND
from contest.certificates.forms import BundleForm, IssueForm, PlainForm
from contest.certificates.pages import Record
from contest.certificates.views.door import (
    base_url,
    bp,
    bundled,
    carried_out,
    crumbs,
    label_of,
    refusal_words,
    sent,
)
from contest.db import now, transaction
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import event_for
from contest.jobs import LIVE

PAGE = 50


@bp.get("/events/<int:event_id>/certificates")
@signed_in
def event(event_id: int) -> str:
    return _page(
        event_for(current_actor(), event_id, may=queries.ACT), IssueForm(formdata=None, dated_on=now().date())
    )


def _page(row: Event, form: IssueForm) -> str:
    plan = service.planned(row.id, _chosen())
    text = request.args.get("q", "")
    rows = queries.certificates_for(current_actor(), row.id, text=text)
    page = max(1, request.args.get("page", 1, type=int))
    kinds = {(one.kind, one.layout) for one in plan.planned}
    contest_id = row.sub_contest.edition.contest_id
    found = [job for job in jobs.recent(contest_id) if job.kind == KIND and job.params.get("event") == row.id]
    return render_template(
        "certificates/event.html",
        event=row, plan=plan, form=form, crumbs=crumbs(row), q=text, label_of=label_of, plain=PlainForm(),
        wordings=[_wording(kind, key, row) for kind, key in sorted(kinds)], contest_id=contest_id,
        certificates=[(one, service.state_of(one)) for one in rows[(page - 1) * PAGE : page * PAGE]],
        valid=sum(1 for one in queries.live_of_event(row.id) if one.file_id), ready=plan.ready,
        total=len(rows), page=page, pages=-(-len(rows) // PAGE) or 1, size=PAGE,
        jobs=found, is_busy=any(job.state in LIVE for job in found), sentence=web.sentence,
        unmade=queries.unmade(row.id), bundle=BundleForm(formdata=None), has_preview=pixels.is_available(),
        problems=[
            {"severity": "blocker", "text": f"{one['name']}: {refusal_words(one)}"}
            for one in getattr(form, "problems", [])
        ],
    )  # fmt: skip


def _wording(kind: str, key: str, row: Event) -> dict[str, Any]:
    layout = designs.load(key)
    last = queries.last_texts(row.id).get(key, {})
    english = web.choose_locale() == "en"
    fields = [
        {
            "name": f"text-{key}-{one.name}",
            "label": one.label_en if english else one.label_zh,
            "value": request.form.get(f"text-{key}-{one.name}", last.get(one.name, layout.text_of(one.name))),
            "is_long": "\n" in one.default or len(one.default) > 24,
        }
        for one in layout.fields
    ]
    offered = designs.choices(row.sub_contest.edition.contest_id, kind)
    return {
        "kind": kind, "key": key, "title": layout.title_en if english else layout.title_zh, "fields": fields,
        "choices": [(one, en if english else zh) for one, zh, en in offered],
        "size": (round(561 * min(1.0, layout.width / layout.height)), round(561 * min(layout.height / layout.width, 1.0))),
    }  # fmt: skip


def _chosen() -> dict[str, str]:
    """Kind → key of the layout, as sent."""
    return {
        name.removeprefix("layout-"): value
        for name, value in request.form.items()
        if name.startswith("layout-")
    }


def _texts() -> dict[str, dict[str, str]]:
    """The organiser's wording as sent; only where it differs from what the layout says by itself."""
    found: dict[str, dict[str, str]] = {}
    for key in set(_chosen().values()) or set(layouts.names()):
        layout = designs.load(key)
        for one in layout.fields:
            value = request.form.get(f"text-{key}-{one.name}")
            if value is not None and value.replace("\r\n", "\n") != layout.text_of(one.name):
                found.setdefault(key, {})[one.name] = value.replace("\r\n", "\n").strip()
    return found


@bp.post("/events/<int:event_id>/certificates/choose")
@signed_in
def choose(event_id: int) -> str:
    """The same page with other layouts; what was typed stays."""
    return _page(event_for(current_actor(), event_id, may=queries.ACT), IssueForm())


@bp.post("/events/<int:event_id>/certificates")
@signed_in
def issue(event_id: int) -> Response | tuple[str, int]:
    form, started = IssueForm(), []
    texts = _texts()

    def work() -> None:
        row = event_for(current_actor(), event_id, may=queries.ACT)
        edition = row.sub_contest.edition
        made = service.issue(
            row,
            base_url=base_url(),
            dated_on=form.dated_on.data,
            texts=texts,
            chosen=_chosen(),
            actor=current_actor(),
            at=now(),
        )
        job = service.start_batch(
            made, event_id=event_id, name=_("%(event)s certificates", event=row.name), naming=form.naming.data,
            contest_id=edition.contest_id, order=form.order.data, pictures=form.pictures.data, actor=current_actor(),
            at=now(),
        )  # fmt: skip
        started.append((job.id, len(made)))

    if form.validate_on_submit() and carried_out(form, work):
        job_id, count = started[0]
        jobs.deliver(job_id)
        flash(ngettext("%(num)s certificate has its number and is being made.", "%(num)s certificates have their numbers and are being made.", count), "good")  # fmt: skip
        return redirect(url_for("certificates.event", event_id=event_id))
    return _page(event_for(current_actor(), event_id, may=queries.ACT), form), 422


@bp.post("/events/<int:event_id>/certificates/finish")
@signed_in
def finish(event_id: int) -> Response:
    """Make the papers whose numbers were taken by a job that was stopped."""
    PlainForm().validate_on_submit()
    with transaction():
        row = event_for(current_actor(), event_id, may=queries.ACT)
        rows = queries.with_ids(queries.unmade(event_id))
        job = service.start_batch(
            rows, event_id=event_id, name=_("%(event)s certificates", event=row.name), naming="delegation_number_name",
            contest_id=row.sub_contest.edition.contest_id, actor=current_actor(), at=now(),
        )  # fmt: skip
        job_id = job.id
    jobs.deliver(job_id)
    return redirect(url_for("certificates.event", event_id=event_id))


@bp.route("/events/<int:event_id>/certificates/preview", methods=["GET", "POST"])
@signed_in
def preview(event_id: int) -> Response:
    """The first paper of a layout as it would be printed, with the wording as sent; takes no number."""
    row = event_for(current_actor(), event_id, may=queries.ACT)
    key = request.args.get("layout") or ""
    kind = request.args.get("kind") or ""
    texts = _texts() if request.method == "POST" else queries.last_texts(event_id)
    one = next((one for one in service.planned(event_id).planned if not kind or one.kind == kind), None)
    if one is None:
        raise Missing()
    contest_id = row.sub_contest.edition.contest_id
    if key and key not in {offered for offered, _, _ in designs.choices(contest_id, one.kind)} | {one.layout}:
        raise Missing()
    code = numbers.ALPHABET[:16]
    values = wording.values_for(
        one.award, one.title, number="——", name=one.name, dated_on=now().date(), code=numbers.shown_code(code)
    )
    key = key or one.layout
    layout = designs.load(key).with_texts(texts.get(key, {}))
    content = rendering.plain(
        layout, Record("preview", values, f"{base_url()}/verify/{code}", one.name),
        demo=row.sub_contest.edition.is_demo, made_at=None,
    )  # fmt: skip
    if request.args.get("as") == "png" and pixels.is_available():
        return Response(pixels.png(content, dpi=96), mimetype="image/png")
    return sent(content, _("preview") + ".pdf")


@bp.get("/events/<int:event_id>/certificates/all.<any(pdf, zip):kind>")
@signed_in
def bundle(event_id: int, kind: str) -> Response:
    """All valid papers of an event: one PDF in the chosen order, or a ZIP."""
    row = event_for(current_actor(), event_id, may=queries.ACT)
    held = [
        one
        for one in queries.certificates_for(current_actor(), event_id)
        if one.file_id is not None and service.state_of(one).value == "valid"
    ]
    return bundled(held, kind, name=_("%(event)s certificates", event=row.name))


def _job(job_id: int) -> tuple[jobs.Job, str]:
    """A batch that the actor may steer, and the page it belongs to. Raises Missing."""
    job = jobs.job_with(job_id)
    if job.kind != KIND:
        raise Missing()
    if roll_id := int(job.params.get("roll", 0)):
        letter_queries.roll_for(current_actor(), roll_id)
        return job, url_for("certificates.roll", roll_id=roll_id)
    event_id = int(job.params.get("event", 0))
    event_for(current_actor(), event_id, may=queries.ACT)
    return job, url_for("certificates.event", event_id=event_id)


@bp.post("/certificate-jobs/<int:job_id>/<any(pause, cancel, resume):act>")
@signed_in
def steer(job_id: int, act: str) -> Response:
    """Pause, cancel or resume a batch."""
    PlainForm().validate_on_submit()
    with transaction():
        job, home = _job(job_id)
        getattr(jobs, act)(job, actor=current_actor(), at=now())
    if act == "resume":
        jobs.deliver(job_id)
    return redirect(home)


@bp.get("/certificate-jobs/<int:job_id>/<any(pdf, zip):kind>")
@signed_in
def job_file(job_id: int, kind: str) -> Response:
    """The printing file or the ZIP of one batch."""
    job, _home = _job(job_id)
    file_id = (job.result or {}).get(kind)
    if not file_id:
        raise Missing()
    stored = queries.stored_file(file_id)
    return send_file(files.opened(stored), stored.media_type, as_attachment=True, download_name=stored.name)
