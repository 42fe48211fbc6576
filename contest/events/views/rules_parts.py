"""The rules editor's forms: one page for each part, generated from what is registered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import signed_in
from contest.errors import Missing, Refused
from contest.events import rule_parts, scheme
from contest.events.forms import plans, plans_frame, plans_ranking, plans_scheme
from contest.events.forms.fields import is_chinese
from contest.events.forms.parts import PartForm, Plan, form_for, titled
from contest.events.forms.rows import award_word, award_words
from contest.events.views.desk_of_rules import Desk, context_of, desk_of, keep, read_errors
from contest.events.views.door import bp
from contest.events.views.holders import Page
from contest.scoring.problems import RulesError
from contest.scoring.registry import ALL
from contest.web import sentence

FRAME = ("general", "team", "total")
MAKERS: dict[str, Any] = {
    "general": plans_frame.general,
    "team": plans_frame.team,
    "total": plans_frame.total,
    "rounds": plans_frame.one_round,
    "advance": plans_frame.advance,
    "rankings": plans_ranking.ranking,
    "awards": plans_ranking.award,
    "tables": plans_ranking.table,
}


@bp.get("/events/<int:event_id>/rules/frame")
@signed_in
def rules_frame(event_id: int) -> Page:
    desk = desk_of(event_id, may="contest.view")
    return render_template("events/rules_frame.html", title_of=title_of, **context_of(desk, "rules_frame"))


@bp.get("/events/<int:event_id>/rules/rankings")
@signed_in
def rules_rankings(event_id: int) -> Page:
    desk = desk_of(event_id, may="contest.view")
    return render_template(
        "events/rules_rankings.html",
        title_of=title_of,
        words_of=partial(words_of, desk.document),
        award_word=award_word,
        **context_of(desk, "rules_rankings"),
    )


def title_of(item: Mapping[str, Any]) -> str:
    """The title of a part in the reader's language, else its key."""
    first, second = ("title_zh", "title_en") if is_chinese() else ("title_en", "title_zh")
    return str(item.get(first) or item.get(second) or item.get("key", ""))


def words_of(document: Mapping[str, Any], registry_name: str, chosen: Any) -> str:
    """A chosen function by its title, with its parameters; a node of the scheme by the node's own title."""
    if isinstance(chosen, Mapping) and chosen.get("by") == "node":
        titles = {row.node.get("key"): title_of(row.node) for row in scheme.rows(document)}
        return titles.get(str(chosen.get("node")), str(chosen.get("node")))
    by = str(chosen.get("by", "")) if isinstance(chosen, Mapping) else str(chosen)
    registry = next(one for one in ALL if one.name == registry_name)
    title = titled(registry.get(by)) if by in registry else by
    given = (
        {name: value for name, value in chosen.items() if name != "by"} if isinstance(chosen, Mapping) else {}
    )
    simple = [str(value) for value in given.values() if not isinstance(value, list | Mapping | bool)]
    return f"{title} ({', '.join(simple)})" if simple else title


def _plans(desk: Desk, section: str, key: str) -> list[Plan]:
    if section == "nodes":
        row = next((row for row in scheme.rows(desk.document) if row.node.get("key") == key), None)
        if row is None:
            raise Missing()
        return plans_scheme.node(desk.document, row)
    if section not in MAKERS:
        raise Missing()
    return list(MAKERS[section](desk.document))


@bp.route("/events/<int:event_id>/rules/<section>/edit", methods=["GET", "POST"])
@signed_in
def part(event_id: int, section: str) -> Page:
    """One part of the rules: a node, a round, a ranking, an award, a table, the frame."""
    desk = desk_of(event_id)
    key, within = request.args.get("key", ""), request.args.get("within", "")
    wanted = _plans(desk, section, key)
    try:
        values = rule_parts.values_of(desk.document, section, key, within)
    except rule_parts.PartGone:
        raise Missing() from None
    form = form_for(wanted, values, version=desk.version, known=plans.known_parts(desk.document))
    if (
        form.is_submitted()
        and not form.is_refresh
        and form.validate()
        and _kept(form, event_id, section, key, within)
    ):
        flash(_("Noted in the draft. Save the draft as a version when all is right."), "good")
        return redirect(_back(event_id, section, key))
    page = render_template(
        "events/rules_part.html",
        form=form,
        award_words=award_words(),
        section=section,
        part_key=key,
        back=_back(event_id, section, key),
        heading=title_of(values) if section not in FRAME else "",
        **context_of(desk, _tab(section)),
    )
    return page, 422 if form.is_submitted() and not form.is_refresh else 200


def _kept(form: PartForm, event_id: int, section: str, key: str, within: str) -> bool:
    try:
        keep(
            event_id,
            lambda document: rule_parts.with_part(document, section, form.collected(), key, within),
            version=form.read_version,
            what=f"{section} {within} {key}".replace("  ", " ").strip(),
        )
    except RulesError as error:
        form.form_errors = [*form.form_errors, *read_errors(error)]
    except rule_parts.PartGone:
        form.form_errors = [*form.form_errors, _("This part was deleted meanwhile.")]
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.form_errors = [*form.form_errors, sentence(refusal.code, refusal.params)]
        form.version.data, form.version.raw_data = str(desk_of(event_id).version), None
    else:
        return True
    return False


def _tab(section: str) -> str:
    if section == "nodes":
        return "rules"
    return "rules_frame" if section in (*FRAME, "rounds", "advance") else "rules_rankings"


def _back(event_id: int, section: str, key: str) -> str:
    anchor = f"node-{key}" if section == "nodes" else key or None
    return url_for(f"events.{_tab(section)}", event_id=event_id, _anchor=anchor)


@bp.post("/events/<int:event_id>/rules/<section>/do")
@signed_in
def part_do(event_id: int, section: str) -> Response:
    """Add, move or delete a round, ranking, award or table."""
    if section not in rule_parts.LISTS:
        raise Missing()
    act, _sign, key = request.form.get("do", "").partition(":")
    within = request.form.get("within", "")
    made: list[str] = []

    def change(document: dict[str, Any]) -> Mapping[str, Any]:
        return _changed(document, section, act, key, made)

    version = request.form.get("version", "0")
    try:
        keep(
            event_id,
            change,
            version=int(version) if version.isdigit() else -1,
            what=f"{act} {section} {key}".strip(),
        )
    except rule_parts.PartGone:
        flash(_("This part was deleted meanwhile."), "warn")
    except RulesError as error:
        flash(" ".join(read_errors(error)), "bad")
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(sentence(refusal.code, refusal.params), "bad")
    if made:
        return redirect(
            url_for("events.part", event_id=event_id, section=section, key=made[0], within=within or None)
        )
    return redirect(url_for(f"events.{_tab(section)}", event_id=event_id))


def _changed(
    document: dict[str, Any], section: str, act: str, key: str, made: list[str]
) -> Mapping[str, Any]:
    """Carry out the button of a list; `made` gets the key of a new part."""
    within = request.form.get("within", "")
    if act == "add":
        new, new_key = rule_parts.with_new(
            document,
            section,
            title=request.form.get("title", "").strip(),
            title_field="title_zh" if is_chinese() else "title_en",
            key=request.form.get("key", "").strip(),
            within=within,
        )
        made.append(new_key)
        return new
    if act == "delete":
        return rule_parts.without_part(document, section, key, within)
    return rule_parts.moved_part(document, section, key, act, within)
