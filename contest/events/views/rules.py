"""The rules editor: the marking scheme as a table, saving a version, starting from a ready rule set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.events import queries, scheme, service
from contest.events.forms.fields import exact, is_chinese, narrow
from contest.events.forms.offering import preset_choices
from contest.events.forms.parts import titled
from contest.events.refusals import RulesRefused
from contest.events.views.desk_of_rules import Desk, blank_rules, context_of, desk_of, keep, language
from contest.events.views.door import bp
from contest.events.views.holders import Page
from contest.scoring import presets
from contest.scoring.problems import RulesError
from contest.scoring.registry import KINDS
from contest.scoring.rules import RuleSet
from contest.web import sentence

NUMBERS = ("maximum", "weight")


@bp.get("/events/<int:event_id>/rules")
@signed_in
def rules(event_id: int) -> Page:
    return _scheme_page(desk_of(event_id, may="contest.view"), {}, [])


def _scheme_page(desk: Desk, typed: Mapping[str, str], errors: list[tuple[str, str]]) -> Page:
    context = context_of(desk, "rules")
    if desk.is_blank:
        others = [
            one for one in queries.events_for(current_actor(), may="contest.configure") if one.rule_version
        ]
        return render_template("events/rules_start.html", presets=preset_choices(), others=others, **context)
    modules = desk.document.get("modules", [])
    page = render_template(
        "events/rules_scheme.html",
        rows=scheme.rows(desk.document),
        kinds={item.key: titled(item) for item in KINDS},
        weight_sum=scheme.total_of(modules, "weight"),
        maximum_sum=scheme.total_of(modules, "maximum"),
        shown=scheme.shown,
        title_field="title_zh" if is_chinese() else "title_en",
        typed=typed,
        errors=errors,
        bad={name for name, _text in errors},
        **context,
    )
    return page, 422 if errors else 200


@bp.post("/events/<int:event_id>/rules/scheme")
@signed_in
def scheme_save(event_id: int) -> Page | Response:
    """Everything typed into the table is taken; then the button's own act (add, move, delete) is done."""
    desk = desk_of(event_id)
    edits, errors = _edits(desk.document)
    act, _sign, key = request.form.get("do", "").partition(":")
    if errors:
        return _scheme_page(desk, request.form, errors)
    made: list[str] = []

    def change(document: dict[str, Any]) -> Mapping[str, Any]:
        for node_key, values in edits.items():
            document = scheme.with_values(document, node_key, values)
        return _acted(document, act, key, made)

    try:
        keep(event_id, change, version=_version(), what=f"{act or 'table'} {key}".strip())
    except scheme.NodeGone:
        flash(_("That line was deleted meanwhile. See the scheme as it is now."), "warn")
    except RulesError as error:
        return _scheme_page(
            desk, request.form, [("", problem.sentence(language())) for problem in error.problems]
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _scheme_page(desk, request.form, [("", sentence(refusal.code, refusal.params))])
    return redirect(url_for("events.rules", event_id=event_id, _anchor=f"node-{made[0] if made else key}"))


def _version() -> int:
    text = request.form.get("version", "0")
    return int(text) if text.isdigit() else -1


def _edits(document: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]]]:
    """What was typed into the table: node key → fields; and what can't be read, by the input's name."""
    title_field = "title_zh" if is_chinese() else "title_en"
    edits: dict[str, dict[str, Any]] = {}
    errors: list[tuple[str, str]] = []
    for key in scheme.keys(document):
        values: dict[str, Any] = {}
        if f"title:{key}" in request.form:
            values[title_field] = request.form[f"title:{key}"].strip() or None
        for field in NUMBERS:
            text = request.form.get(f"{field}:{key}")
            if text is None:
                continue
            try:
                values[field] = exact(narrow(text).removesuffix("%")) if text.strip() else None
            except ValueError:
                errors.append(
                    (f"{field}:{key}", _("“%(text)s” is not a number. Write 60, 0.5 or 1/3.", text=text[:40]))
                )
        edits[key] = values
    return edits, errors


def _acted(document: dict[str, Any], act: str, key: str, made: list[str]) -> Mapping[str, Any]:
    """Carry out the button of a line; `made` gets the key of a new node."""
    if act == "add":
        made.append(scheme.free_key(document, key))
        new = {"key": made[0]}
        return scheme.with_node(document, key, new)
    if act in ("up", "down", "in", "out"):
        return scheme.moved(document, key, act)
    if act == "delete":
        return scheme.without(document, key)
    return document


@bp.post("/events/<int:event_id>/rules/start")
@signed_in
def rules_start(event_id: int) -> Response:
    """Begin from a ready rule set, from another event's rules, or with nothing."""
    desk = desk_of(event_id)
    preset, other = request.form.get("preset", ""), request.form.get("other", "")
    if preset:
        document = presets.load(preset).to_dict() if preset in presets.names() else {}
    elif other.isdigit():
        source = queries.event_for(current_actor(), int(other), may="contest.configure")
        document = queries.rules_of(source).to_dict()
    else:
        document = {}

    def change(_empty: dict[str, Any]) -> Mapping[str, Any]:
        return document or blank_rules(desk.event)

    try:
        keep(event_id, change, version=_version(), what=f"start {preset or other}".strip(), preset=preset)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(sentence(refusal.code, refusal.params), "bad")
    return redirect(url_for("events.rules", event_id=event_id))


@bp.post("/events/<int:event_id>/rules/save")
@signed_in
def rules_save(event_id: int) -> Page | Response:
    """Make the draft the next version."""
    reason = request.form.get("reason", "")
    try:
        with transaction():
            desk = desk_of(event_id)
            preset = desk.draft.preset if desk.draft else ""
            number = service.save_rules(
                desk.event,
                RuleSet.from_dict(desk.document),
                reason=reason,
                preset=preset,
                actor=current_actor(),
                at=now(),
            ).number
    except RulesRefused as refusal:
        flash(sentence(refusal.code, refusal.params), "bad")
    except RulesError:
        flash(
            _("The rules contradict themselves, so they were not saved as a version. Mend what is listed."),
            "bad",
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(sentence(refusal.code, refusal.params), "bad")
    else:
        flash(_("Saved as version %(n)s. Do the dry run now.", n=number), "good")
        return redirect(url_for("events.trial", event_id=event_id))
    return redirect(url_for("events.rules", event_id=event_id))


@bp.post("/events/<int:event_id>/rules/discard")
@signed_in
def rules_discard(event_id: int) -> Response:
    with transaction():
        service.discard_draft(desk_of(event_id).event, actor=current_actor(), at=now())
    flash(_("The changes are dropped; the version in force is shown."), "info")
    return redirect(url_for("events.rules", event_id=event_id))


@bp.get("/events/<int:event_id>/rules/versions")
@signed_in
def rules_versions(event_id: int) -> Page:
    desk = desk_of(event_id, may="contest.view")
    return render_template(
        "events/rules_versions.html",
        versions=queries.versions_of(desk.event),
        **context_of(desk, "rules_versions"),
    )
