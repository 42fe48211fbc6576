"""Ladders of titles and the rights they open: what the holder says of each title its rules can give."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import words
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import kinds as catalogue
from contest.awards import queries, service
from contest.awards.forms import KindForm
from contest.awards.models import TitleKind, TitleLevel
from contest.awards.views.door import bp, carried_out, crumbs, language, tabs
from contest.db import now
from contest.errors import Missing
from contest.events.models import Edition
from contest.events.queries import edition_for


def _known(edition: Edition) -> dict[str, str]:
    """Key → name of every title the edition's rules can give, and those described before."""
    found = service.title_keys(queries.publications_for(current_actor(), edition.id))
    for key, kind in catalogue.kinds_of(edition.contest.holder_id).items():
        found.setdefault(key, kind.label)
    return found or {"technical_expert": "技术能手"}


@bp.get("/editions/<int:edition_id>/title-kinds")
@signed_in
def kinds(edition_id: int) -> str:
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    described = catalogue.kinds_of(edition.contest.holder_id)
    names = _known(edition)
    return render_template(
        "awards/kinds.html",
        edition=edition,
        described=list(described.values()),
        others=[(key, name) for key, name in names.items() if key not in described],
        rights_of=lambda kind: catalogue.rights_of(kind, english=language() == "en"),
        crumbs=crumbs(edition, (_("Ladders and rights"), None)),
        tabs=tabs(edition, "kinds"),
    )


@bp.route("/editions/<int:edition_id>/title-kinds/<title_key>", methods=["GET", "POST"])
@signed_in
def kind(edition_id: int, title_key: str) -> str | Response | tuple[str, int]:
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    known = _known(edition)
    if title_key not in known:
        raise Missing()
    row = catalogue.kinds_of(edition.contest.holder_id).get(title_key)
    form = KindForm(data=_shown(row, known[title_key], edition))
    form.level.choices = [(one.value, words.term(one, str(get_locale()))) for one in TitleLevel]

    def work() -> None:
        fresh = edition_for(current_actor(), edition_id, may="awards.manage")
        values = {name: getattr(form, name).data or "" for name in catalogue.FIELDS}
        service.describe(
            fresh.contest.holder_id, title_key, values | {"level": TitleLevel(form.level.data)},
            version=form.version.data or 0, contest_id=fresh.contest_id, actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Saved."), "good")
        return redirect(url_for("awards.kinds", edition_id=edition_id))
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    back = url_for("awards.kinds", edition_id=edition_id)
    page = render_template(
        "awards/kind.html", edition=edition, form=form, name=known[title_key], back=back,
        crumbs=crumbs(edition, (_("Ladders and rights"), back), (known[title_key], None)),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _shown(row: TitleKind | None, name: str, edition: Edition) -> dict[str, object]:
    if row is None:
        return {"version": 0, "label": name, "level": "provincial", "authority": edition.contest.holder.name}
    return {"version": row.version, **{field: getattr(row, field) for field in catalogue.FIELDS}}
