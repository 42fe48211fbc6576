"""Appeals: filed by a team's registrar or the organiser, decided by supervision and arbitration."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import rules_of, scope_of
from contest.judging import service as judging
from contest.results import exports, queries, service
from contest.results.appeals import open_modules, second_until
from contest.results.correction_queries import correction_of_appeal, corrections_of, deciders, notices_for
from contest.results.forms import AppealForm, AssignForm, DecisionForm, PlainForm, RevokeForm
from contest.results.models import Appeal, AppealState, Publication
from contest.results.settings import SUBJECTS, setting_of
from contest.results.views.door import bp, carried_out, crumbs, locale, tabs, zoned

READERS = ("results.view", "appeals.file", "appeals.decide")
SUBJECT_WORDS = {
    "marking": lazy_gettext("Marks"),
    "procedure": lazy_gettext("Procedure"),
    "equipment": lazy_gettext("Equipment or site"),
    "eligibility": lazy_gettext("Eligibility"),
    "other": lazy_gettext("Other"),
}
STEP_WORDS = {
    "acknowledged": lazy_gettext("acknowledged"),
    "assigned": lazy_gettext("assigned"),
    "upheld": lazy_gettext("upheld"),
    "dismissed": lazy_gettext("dismissed"),
    "taken_on": lazy_gettext("taken to the second level"),
    "withdrawn": lazy_gettext("taken back"),
}
ACCEPTED = "application/pdf,image/jpeg,image/png,video/mp4"


@bp.get("/events/<int:event_id>/appeals")
@signed_in
def appeals(event_id: int) -> str:
    """The appeals of an event that the reader may see."""
    actor = current_actor()
    found = queries.appeals_for(actor, may=READERS, event_id=event_id)
    row = zoned(queries.event_of_appeals(actor, event_id, found))
    return render_template(
        "results/appeals.html",
        event=row,
        crumbs=crumbs(row, (_("Appeals"), None)),
        tabs=tabs(row, actor, "appeals"),
        appeals=found,
        words=SUBJECT_WORDS,
        title_of=lambda one: exports.title_of(one.snapshot.heading, locale()),
        against=lambda one: against(one, locale()),
        notices=notices_for(actor, event_id),
        corrections=corrections_of(event_id) if actor.may("results.view", **scope_of(row)) else [],
        may_correct=actor.may("results.correct", **scope_of(row)),
        may_set=actor.may("results.publish", **scope_of(row)),
        open_modules=_open_modules(row),
        open_lists=[one for one in queries.publications_of(event_id) if is_open(one)],
        may_file=actor.may("appeals.file", **scope_of(row)) or not actor.may("results.view", **scope_of(row)),
        AppealState=AppealState,
    )


def _open_modules(event: Event) -> list[str]:
    """Titles of modules that appeals may be filed about before they are marked."""
    if not setting_of(event.sub_contest.edition_id).is_module_open or event.rule_version is None:
        return []
    titles = module_titles(event)
    return [titles[key] for key in open_modules(event)]


def is_open(publication: Publication) -> bool:
    """Whether appeals against the list may be filed now."""
    until = publication.appeals_until
    return (
        publication.is_live
        and not publication.is_embargoed
        and publication.state.value == "provisional"
        and until is not None
        and now() <= until
    )


@bp.route("/publications/<int:publication_id>/appeal", methods=["GET", "POST"])
@signed_in
def file_appeal(publication_id: int) -> str | Response | tuple[str, int]:
    """The form of an appeal, for entries of the registrar's delegation or, for the organiser, any entry."""
    actor = current_actor()
    publication, entries = queries.open_publications_for(actor, publication_id)
    zoned(publication.event)
    form = AppealForm()
    form.entry_id.choices = [(one.id, f"{one.number} {one.name}".strip()) for one in entries]
    form.subject.choices = subject_choices(publication.event)
    made: list[int] = []

    def work() -> None:
        row, allowed = queries.open_publications_for(actor, publication_id)
        entry = next((one for one in allowed if one.id == form.entry_id.data), None)
        if entry is None:
            raise Missing()
        appeal = service.file_appeal(
            publication=row,
            entry=entry,
            text=form.text.data,
            subject=form.subject.data,
            evidence=pieces_of(form),
            actor=actor,
            at=now(),
        )
        made.append(appeal.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Filed. You find the decision on this page."), "good")
        return redirect(url_for("results.appeal", appeal_id=made[0]))
    page = render_template(
        "results/appeal_form.html",
        accepted=ACCEPTED,
        publication=publication,
        event=publication.event,
        crumbs=crumbs(publication.event, (_("Appeals"), url_for("results.appeals", event_id=publication.event_id)), (_("File an appeal"), None)),
        title=exports.title_of(publication.snapshot.heading, locale()),
        form=form,
        is_open=is_open(publication),
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


def subject_choices(event: Event, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The subjects that the edition takes, in words."""
    closed = {*setting_of(event.sub_contest.edition_id).closed_subjects, *without}
    return [(key, str(SUBJECT_WORDS[key])) for key in SUBJECTS if key not in closed]


def pieces_of(form: Any) -> list[tuple[str, bytes]]:
    """The files that came with a form, as (name, bytes)."""
    return [(one.filename, one.read()) for one in form.evidence.data or [] if getattr(one, "filename", "")]


@bp.get("/appeals/<int:appeal_id>")
@signed_in
def appeal(appeal_id: int) -> str:
    return appeal_page(appeal_id)


def appeal_page(appeal_id: int, **forms: Any) -> str:
    actor = current_actor()
    row = readable(appeal_id)
    event = zoned(row.event)
    scope = {**scope_of(event), "delegation": row.entry.delegation_id}
    decision = DecisionForm(formdata=None)
    decision.verdict.choices = verdicts()
    is_undecided = row.state is AppealState.OPEN
    may_decide = is_undecided and actor.may("appeals.decide", **scope) and row.filed_by != actor.account_id
    assigning = AssignForm(formdata=None, account_id=row.assigned_to)
    assigning.account_id.choices = deciders(event) if may_decide else []
    return render_template(
        "results/appeal.html",
        appeal=row,
        event=event,
        crumbs=crumbs(
            event, (_("Appeals"), url_for("results.appeals", event_id=event.id)), (row.entry.number, None)
        ),
        title=against(row, locale()),
        subject=SUBJECT_WORDS[row.subject],
        may_decide=may_decide,
        may_withdraw=is_undecided and actor.may("appeals.file", **scope),
        second_until=second_until(row) if actor.may("appeals.file", **scope) else None,
        is_late=is_undecided and row.decide_by is not None and now() > row.decide_by,
        may_correct=row.state is AppealState.UPHELD and actor.may("results.correct", **scope_of(event)),
        correction=correction_of_appeal(row) if actor.may("results.view", **scope_of(event)) else None,
        step_words=STEP_WORDS,
        photos=judging.evidence_for(actor, row.entry_id, row.module_key),
        module_titles=module_titles(event),
        **{
            "decision_form": decision,
            "withdraw_form": RevokeForm(formdata=None),
            "second_form": RevokeForm(formdata=None),
            "assign_form": assigning,
            "plain": PlainForm(),
        }
        | forms,
    )


def against(row: Appeal, language: str) -> str:
    """What the appeal is against: a list, or a module before it was marked."""
    if row.publication is not None:
        return exports.title_of(row.publication.snapshot.heading, language)
    return module_titles(row.event).get(row.module_key, row.module_key)


def module_titles(event: Event) -> dict[str, str]:
    """Module key → its title in the reader's language."""
    english = locale() == "en"
    return {
        one.key: (one.title_en if english else one.title_zh) or one.title_zh or one.title_en or one.key
        for one in rules_of(event).modules
    }


def verdicts() -> list[tuple[str, str]]:
    return [("upheld", _("Upheld: the marks or the list are corrected")), ("dismissed", _("Dismissed"))]


def readable(appeal_id: int) -> Appeal:
    actor = current_actor()
    for act in READERS:
        try:
            return queries.appeal_for(actor, appeal_id, may=act)
        except Missing:
            continue
    raise Missing()
