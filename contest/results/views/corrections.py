"""Corrections: proposed from an entry's marks, seen with all they move, applied or rejected by another person."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest import words
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.errors import Invalid
from contest.events import queries as events
from contest.events.models import Event
from contest.events.queries import rules_of, scope_of
from contest.results import correction_queries, exports, queries, service
from contest.results.corrections import preview
from contest.results.forms import CorrectionForm, PlainForm, RevokeForm
from contest.results.mark_lines import MarkLine, deducted, marks_of, re_marked, voided
from contest.results.models import Correction, CorrectionEffect, CorrectionState
from contest.results.views.door import bp, carried_out, crumbs, locale, read_ranks, zoned
from contest.scoring.field import UNITS
from contest.scoring.marktext import thousandths
from contest.scoring.numbers import decimal_text

ACT = "results.correct"


class MarkUnreadable(Invalid):
    """A typed mark is no number with at most three decimals."""

    code = "correction_mark_unreadable"


@bp.route("/events/<int:event_id>/corrections/new", methods=["GET", "POST"])
@signed_in
def propose_correction(event_id: int) -> str | Response | tuple[str, int]:
    """Choose entry and effect (by GET), then what changes; `appeal` is the upheld appeal that it carries out."""
    event = zoned(events.event_for(current_actor(), event_id, may=ACT))
    entry_id, appeal_id = request.args.get("entry", 0, int), request.args.get("appeal", 0, int)
    effect = next((one for one in CorrectionEffect if one.value == request.args.get("effect")), None)
    if not entry_id or effect is None:
        return _choose(event, entry_id, appeal_id)
    correction_queries.entry_of(event_id, entry_id)
    lines, form = marks_of(event_id, entry_id), _form(event)
    made: list[int] = []

    def work() -> None:
        row = events.event_for(current_actor(), event_id, may=ACT)
        correction = service.propose_correction(
            event=row,
            entry=correction_queries.entry_of(event_id, entry_id),
            effect=effect,
            changes=_changes(row, effect, marks_of(event_id, entry_id), form),
            reason=form.reason.data,
            actor=current_actor(),
            at=now(),
            appeal=queries.appeal_for(current_actor(), appeal_id, may="results.view") if appeal_id else None,
        )
        made.append(correction.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Proposed. Look at what it moves; another person applies it."), "good")
        return redirect(url_for("results.correction", correction_id=made[0]))
    page = render_template(
        "results/correction_form.html",
        event=event,
        entry=correction_queries.entry_of(event_id, entry_id),
        effect=effect,
        CorrectionEffect=CorrectionEffect,
        crumbs=_crumbs(event, _("New correction")),
        lines=_rows(event, lines),
        form=form,
        typed=request.form,
    )
    return (page, 422) if request.method == "POST" else page


def _choose(event: Event, entry_id: int, appeal_id: int) -> str:
    return render_template(
        "results/correction_choice.html",
        event=event,
        crumbs=_crumbs(event, _("New correction")),
        entries=[
            (one.id, f"{one.number} {one.name}".strip()) for one in correction_queries.entries_of(event.id)
        ],
        effects=[(one.value, words.term(one, locale())) for one in CorrectionEffect],
        entry_id=entry_id,
        appeal_id=appeal_id or "",
    )


def _crumbs(event: Event, last: str) -> list[tuple[str, str | None]]:
    return crumbs(event, (_("Appeals"), url_for("results.appeals", event_id=event.id)), (last, None))


def _form(event: Event) -> CorrectionForm:
    form, titles = CorrectionForm(), node_titles(event)
    rules = rules_of(event)
    form.aspect.choices = [(one.key, titles[one.key]) for one in rules.aspects()]
    form.module.choices = [(one.key, titles[one.key]) for one in rules.modules]
    return form


def node_titles(event: Event) -> dict[str, str]:
    """Title of each node of the scheme in the reader's language."""
    english = locale() == "en"
    return {
        node.key: (node.title_en if english else node.title_zh) or node.title_zh or node.title_en or node.key
        for module in rules_of(event).modules
        for node in module.walk()
    }


def _rows(event: Event, lines: Sequence[MarkLine]) -> list[dict[str, Any]]:
    titles = node_titles(event)
    return [
        {
            "field": field_name(line),
            "module": titles.get(line.module, line.module),
            "aspect": titles.get(line.aspect, line.aspect),
            "seat": line.seat,
            "round": line.round_key,
            "attempt": line.attempt,
            "value": mark_shown(line.milli, line.state),
        }
        for line in lines
    ]


def field_name(line: MarkLine) -> str:
    """The name of the form field of a mark."""
    return f"mark-{line.sheet}-{line.aspect}-{line.attempt}"


def mark_shown(milli: int | None, state: str) -> str:
    """A mark as people read it; the word of its state where it has no value."""
    if milli is None:
        return str({"absent": lazy_gettext("absent"), "void": lazy_gettext("void")}.get(state, state))
    return decimal_text(Fraction(milli, UNITS))


def _changes(
    event: Event, effect: CorrectionEffect, lines: Sequence[MarkLine], form: CorrectionForm
) -> list[dict[str, object]]:
    if effect is CorrectionEffect.VOID:
        return voided(lines, form.module.data or "")
    if effect is CorrectionEffect.DEDUCTION:
        return deducted(lines, rules_of(event), form.aspect.data or "", _milli(form.points.data or ""))
    wanted = {}
    for line in lines:
        text = request.form.get(field_name(line), "").strip()
        if text:
            wanted[line.place] = _milli(text)
    return re_marked(lines, wanted)


def _milli(text: str) -> int:
    found = thousandths(unicodedata.normalize("NFKC", text).replace("。", "."))
    if isinstance(found, str) or found < 0:
        raise MarkUnreadable(value=text[:20])
    return found


@bp.get("/corrections/<int:correction_id>")
@signed_in
def correction(correction_id: int) -> str:
    """A correction with its marks and everything that it moves, or moved."""
    return _page(correction_id)


def _page(correction_id: int, **forms: Any) -> str:
    actor = current_actor()
    row = correction_queries.correction_for(actor, correction_id, may="results.view")
    event = zoned(row.event)
    read_ranks(event, "correction")
    computation, moved, is_fresh = preview(row)
    is_open = row.state is CorrectionState.PROPOSED
    told = [one.plain for one in moved] if is_open else row.effects
    titles = {
        key: exports.title_of(computation.listing(*key).heading, locale()) for key in computation.list_keys()
    }
    may = actor.may(ACT, **scope_of(event))
    return render_template(
        "results/correction.html",
        correction=row,
        event=event,
        crumbs=_crumbs(event, _("Correction")),
        changes=_told(event, row),
        effects=_by_list(told, titles),
        is_open=is_open,
        is_fresh=is_fresh,
        may_apply=is_open and may and row.proposed_by != actor.account_id,
        may_reject=is_open and may,
        may_publish=row.state is CorrectionState.APPLIED and actor.may("results.publish", **scope_of(event)),
        **{"plain": PlainForm(), "reject_form": RevokeForm(formdata=None)} | forms,
    )


def _told(event: Event, row: Correction) -> list[dict[str, str]]:
    titles = node_titles(event)
    return [
        {
            "aspect": titles.get(one["aspect"], one["aspect"]),
            "seat": one["seat"],
            "old": mark_shown(one["old"], one["old_state"]),
            "new": mark_shown(one["new"], one["new_state"]),
        }
        for one in row.changes
    ]


def _by_list(
    effects: Sequence[Mapping[str, Any]], titles: Mapping[tuple[str, str], str]
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in effects:
        found.setdefault((one["ranking_key"], one["round_key"]), []).append(one)
    return [(titles.get(key, key[0]), rows) for key, rows in found.items()]


@bp.post("/corrections/<int:correction_id>/apply")
@signed_in
def apply_correction(correction_id: int) -> Response | tuple[str, int]:
    form = PlainForm()

    def work() -> None:
        row = correction_queries.correction_for(current_actor(), correction_id, may=ACT)
        service.apply_correction(correction=row, actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Applied. Publish the lists that it moved again: each becomes an amended revision."), "good")
        return redirect(url_for("results.correction", correction_id=correction_id))
    return _page(correction_id, plain=form), 409


@bp.post("/corrections/<int:correction_id>/reject")
@signed_in
def reject_correction(correction_id: int) -> Response | tuple[str, int]:
    form = RevokeForm()

    def work() -> None:
        row = correction_queries.correction_for(current_actor(), correction_id, may=ACT)
        service.reject_correction(
            correction=row, reason=form.reason.data or "", actor=current_actor(), at=now()
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Left aside. No mark was changed."), "good")
        return redirect(url_for("results.correction", correction_id=correction_id))
    return _page(correction_id, reject_form=form), 422
