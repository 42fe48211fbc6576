"""Unresolved ties, and the record of the lot or ruling that resolved them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest import words
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import queries as events
from contest.events.models import Event
from contest.results import exports, queries, service
from contest.results.blockers import ruling_kinds, tied_groups
from contest.results.compute import Computation, compute_event
from contest.results.forms import RevokeForm, RulingForm
from contest.results.models import RulingKind
from contest.results.rulings import rulings_of
from contest.results.tables import TABLE
from contest.results.views.door import bp, carried_out, crumbs, locale, read_ranks, tabs, zoned

PLACES = lazy_gettext("Give each of them a different place, 1 being the best.")


@bp.get("/events/<int:event_id>/results/ties")
@signed_in
def ties(event_id: int) -> str:
    """Every tie that no key decides, with a form for the lot or ruling, and all rulings on record."""
    return _page(event_id)


def _page(event_id: int, refused: RulingForm | None = None) -> str:
    actor = current_actor()
    row = zoned(events.event_for(actor, event_id, may="results.view"))
    read_ranks(row, "ties")
    computation = compute_event(row)
    facts = computation.inputs.roster.facts
    return render_template(
        "results/ties.html",
        event=row,
        crumbs=crumbs(row, (_("Ties"), None)),
        tabs=tabs(row, actor, "ties"),
        groups=_groups(computation, refused),
        rulings=[
            {
                "row": ruling,
                "list": _list_title(computation, ruling.ranking_key, _round_key(row, ruling.round_id)),
                "names": [facts[key].name if key in facts else key for key in ruling.order],
                "kind": words.term(ruling.kind, locale()),
            }
            for ruling in rulings_of(event_id)
        ],
        may_rule=actor.may("results.rule", **events.scope_of(row)),
        revoke_form=RevokeForm(),
    )


def _groups(computation: Computation, refused: RulingForm | None) -> list[dict[str, Any]]:
    facts = computation.inputs.roster.facts
    found = []
    for ranking_key, round_key in computation.list_keys():
        if ranking_key.startswith(TABLE):
            continue
        ranking = computation.ranking(ranking_key)
        for number, group in enumerate(tied_groups(computation, ranking_key, round_key)):
            mine = refused is not None and request.form.get("subjects") == " ".join(group)
            kinds = ruling_kinds(ranking)
            form = refused if mine and refused is not None else _ruling_form(kinds)
            standing = computation.standing(ranking_key, round_key)
            found.append(
                {
                    "id": f"{ranking_key}-{round_key}-{number}",
                    "title": _list_title(computation, ranking_key, round_key),
                    "is_blocker": ranking.ties == "never",
                    "ranking": ranking_key,
                    "round": round_key,
                    "rank": standing.row(group[0]).shown_rank,
                    "total": standing.row(group[0]).shown,
                    "subjects": group,
                    "names": [(key, facts[key].name, facts[key].number) for key in group],
                    "form": form if kinds else None,
                    "places": {key: request.form.get(f"place-{key}", "") if mine else "" for key in group},
                }
            )
    return found


def _ruling_form(kinds: list[RulingKind]) -> RulingForm:
    form = RulingForm(formdata=None)
    form.kind.choices = [(kind.value, words.term(kind, locale())) for kind in kinds]
    return form


def _list_title(computation: Computation, ranking_key: str, round_key: str) -> str:
    return exports.title_of(computation.listing(ranking_key, round_key).heading, locale())


def _round_key(row: Event, round_id: int | None) -> str:
    return next((one.key for one in row.rounds if one.id == round_id), "")


@bp.post("/events/<int:event_id>/results/ties")
@signed_in
def record_ruling(event_id: int) -> Response | tuple[str, int]:
    """Record a lot or ruling: the places typed for the subjects of one tie."""
    form = RulingForm()
    form.kind.choices = [(kind.value, words.term(kind, locale())) for kind in RulingKind]
    order = _typed_order()
    valid = form.validate_on_submit()
    if order is None:
        form.form_errors = [*form.form_errors, str(PLACES)]
    if not valid or order is None:
        return _page(event_id, form), 422

    def work() -> None:
        row = events.event_for(current_actor(), event_id, may="results.rule")
        round_id = next((one.id for one in row.rounds if one.key == request.form.get("round")), None)
        service.record_ruling(
            event=row,
            ranking_key=request.form.get("ranking", ""),
            kind=RulingKind(form.kind.data),
            order=order or [],
            reason=form.reason.data,
            actor=current_actor(),
            at=now(),
            round_id=round_id if request.form.get("round") else None,
        )

    if not carried_out(form, work):
        return _page(event_id, form), 422
    flash(_("Recorded. The list follows it from now on."), "good")
    return redirect(url_for("results.ties", event_id=event_id))


def _typed_order() -> list[str] | None:
    """The subjects in the order of the places typed; None unless these are 1, 2, … each once."""
    subjects = request.form.get("subjects", "").split()
    typed = {key: request.form.get(f"place-{key}", "").strip() for key in subjects}
    places = {
        key: int(text) for key, text in typed.items() if text.isascii() and text.isdigit() and len(text) < 4
    }
    if not subjects or sorted(places.values()) != list(range(1, len(subjects) + 1)):
        return None
    return sorted(places, key=places.__getitem__)


@bp.post("/rulings/<int:ruling_id>/revoke")
@signed_in
def revoke_ruling(ruling_id: int) -> Response:
    form = RevokeForm()
    event_id = queries.ruling_for(current_actor(), ruling_id, may="results.rule").event_id

    def work() -> None:
        ruling = queries.ruling_for(current_actor(), ruling_id, may="results.rule")
        service.revoke_ruling(ruling=ruling, reason=form.reason.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work, "reason"):
        flash(_("Revoked. It stays on record and no longer counts."), "good")
    else:
        flash(" ".join(str(text) for text in form.reason.errors), "bad")
    return redirect(url_for("results.ties", event_id=event_id))
