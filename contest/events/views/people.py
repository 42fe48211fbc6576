"""Pages of roles: who may do what in an edition, and who organises for a holder."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import words
from contest.accounts import invitations
from contest.accounts import queries as accounts
from contest.accounts.codes import qr_svg
from contest.accounts.forms import GrantForm
from contest.accounts.invitations import GRANTABLE, Invitation, Place
from contest.accounts.models import Account, Grant, Role, ScopeKind
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Missing, Refused
from contest.events import queries
from contest.events.models import Edition
from contest.events.views.door import bp, contest_steps, crumbs_of, done_or_told
from contest.events.views.holders import Page
from contest.web import called, sentence


def places_of(edition: Edition) -> dict[str, Place]:
    """What a role in an edition may cover, for this person: the contest, its sub-contests, its events."""
    actor, contest = current_actor(), edition.contest
    top = {"holder": contest.holder_id, "contest": contest.id}
    found = [
        Place(
            ScopeKind.CONTEST,
            contest.id,
            _("the whole contest “%(name)s”", name=called(contest)),
            contest.id,
            top,
        )
    ]
    for sub in edition.sub_contests:
        above = {**top, "sub_contest": sub.id}
        label = _("sub-contest “%(name)s”", name=called(sub))
        found.append(Place(ScopeKind.SUB_CONTEST, sub.id, label, contest.id, above))
        for event in sub.events:
            label = _("event “%(name)s”", name=called(event))
            found.append(Place(ScopeKind.EVENT, event.id, label, contest.id, {**above, "event": event.id}))
    return {place.key: place for place in found if actor.may("accounts.grant", **place.above)}


def places_of_holder(holder_id: int) -> dict[str, Place]:
    """A role for a holder covers all its contests."""
    holder = queries.holder_for(current_actor(), holder_id, may="accounts.grant")
    place = Place(
        ScopeKind.HOLDER,
        holder.id,
        _("all contests of “%(name)s”", name=called(holder)),
        0,
        {"holder": holder.id},
    )
    return {place.key: place}


def _edition(edition_id: int) -> tuple[Edition, dict[str, Place]]:
    edition = queries.edition_for(current_actor(), edition_id, may="contest.view")
    places = places_of(edition)
    if not places:
        raise Missing()
    return edition, places


@bp.route("/editions/<int:edition_id>/people", methods=["GET", "POST"])
@signed_in
def people(edition_id: int) -> Page:
    edition, places = _edition(edition_id)
    scopes = {ScopeKind.HOLDER: {edition.contest.holder_id}}
    grants = accounts.grants_within(scopes, edition.contest_id)
    context = {
        "back": url_for("events.people", edition_id=edition_id),
        "title": called(edition),
        "crumbs": crumbs_of(edition, _("Roles and people")),
        "steps": contest_steps(edition),
        "revoke": "events.people_revoke",
        "relink": "events.people_link",
        "values": {"edition_id": edition_id},
        "kind": edition.contest.kind.value,
    }
    return _page(places, grants, list(GRANTABLE), context)


@bp.route("/holders/<int:holder_id>/people", methods=["GET", "POST"])
@signed_in
def holder_people(holder_id: int) -> Page:
    places = places_of_holder(holder_id)
    holder = queries.holder_for(current_actor(), holder_id, may="accounts.grant")
    grants = accounts.grants_within({ScopeKind.HOLDER: {holder_id}}, -1)
    context = {
        "back": url_for("events.holder_people", holder_id=holder_id),
        "title": called(holder),
        "crumbs": [
            (_("Contests"), url_for("events.index")),
            (_("Holders"), url_for("events.holders")),
            (called(holder), None),
        ],
        "steps": [],
        "revoke": "events.holder_people_revoke",
        "relink": "events.holder_people_link",
        "values": {"holder_id": holder_id},
        "kind": "skills",
    }
    return _page(places, grants, [Role.ORGANISER], context)


def _page(places: dict[str, Place], grants: list[Grant], roles: list[Role], context: dict[str, Any]) -> Page:
    form = GrantForm()
    known = {grant.account_id: grant.account.name for grant in grants}
    form.account.choices = [(0, _("a new person")), *sorted(known.items(), key=lambda pair: pair[1])]
    form.role.choices = [(role.value, words.term(role, str(get_locale()), context["kind"])) for role in roles]
    form.place.choices = [(place.key, place.label) for place in places.values()]
    if form.validate_on_submit():
        answer = _invited(form, places, context)
        if answer is not None:
            return answer
    rows = [(grant, places.get(f"{grant.scope_kind.value}:{grant.scope_id}")) for grant in grants]
    page = render_template("accounts/people.html", form=form, rows=rows, actor=current_actor(), **context)
    return page, 422 if request.method == "POST" else 200


def _invited(form: GrantForm, places: dict[str, Place], context: dict[str, Any]) -> Page | None:
    """Carry the form out: the page with the link, or back with a word; None when it was refused."""
    try:
        with transaction():
            made = invitations.invite(
                role=Role(form.role.data),
                place=places[form.place.data],
                places=places,
                name=form.name.data or "",
                login=form.login.data or "",
                account_id=form.account.data or None,
                actor=current_actor(),
                at=now(),
            )
    except Refused as refusal:
        field = form[str(refusal.params["field"])] if refusal.params.get("field") in form else None
        text = sentence(refusal.code, refusal.params)
        if field is not None:
            field.errors = [*field.errors, text]
        else:
            form.form_errors = [*form.form_errors, text]
        return None
    if made.token:
        return _shown_once(made.account, made.token, context)
    flash(_told(made), "good")
    return redirect(context["back"])


def _told(made: Invitation) -> str:
    return _("%(name)s has the role now and signs in as before.", name=made.account.name)


def _shown_once(account: Account, token: str, context: dict[str, Any]) -> str:
    address = f"{current_app.config['CONTEST'].base_url}{url_for('accounts.open_link', token=token)}"
    return render_template(
        "accounts/invitation.html",
        account=account,
        address=address,
        qr=qr_svg(address, title=_("Sign-in link of %(name)s", name=account.name)),
        back=context["back"],
        crumbs=context["crumbs"],
    )


@bp.post("/editions/<int:edition_id>/people/<int:grant_id>/revoke")
@signed_in
def people_revoke(edition_id: int, grant_id: int) -> Response:
    edition, places = _edition(edition_id)
    grants = accounts.grants_within({ScopeKind.HOLDER: {edition.contest.holder_id}}, edition.contest_id)
    _revoke(grants, grant_id, places)
    return redirect(url_for("events.people", edition_id=edition_id))


@bp.post("/holders/<int:holder_id>/people/<int:grant_id>/revoke")
@signed_in
def holder_people_revoke(holder_id: int, grant_id: int) -> Response:
    places = places_of_holder(holder_id)
    _revoke(accounts.grants_within({ScopeKind.HOLDER: {holder_id}}, -1), grant_id, places)
    return redirect(url_for("events.holder_people", holder_id=holder_id))


def _revoke(grants: list[Grant], grant_id: int, places: dict[str, Place]) -> None:
    grant = next((one for one in grants if one.id == grant_id), None)
    place = places.get(f"{grant.scope_kind.value}:{grant.scope_id}") if grant else None
    if grant is None or place is None:
        abort(404)
    done_or_told(
        lambda: invitations.take_back(
            accounts.grant_by_id(grant_id),
            place=place,
            actor=current_actor(),
            at=now(),
            reason=request.form.get("reason", ""),
        ),
        _("The role is taken back. It stopped counting at once."),
    )


@bp.post("/editions/<int:edition_id>/people/<int:account_id>/link")
@signed_in
def people_link(edition_id: int, account_id: int) -> Page:
    edition, places = _edition(edition_id)
    grants = accounts.grants_within({ScopeKind.HOLDER: {edition.contest.holder_id}}, edition.contest_id)
    context = {
        "back": url_for("events.people", edition_id=edition_id),
        "crumbs": crumbs_of(edition, _("Roles and people")),
    }
    return _relinked(grants, account_id, places, context)


@bp.post("/holders/<int:holder_id>/people/<int:account_id>/link")
@signed_in
def holder_people_link(holder_id: int, account_id: int) -> Page:
    places = places_of_holder(holder_id)
    context = {"back": url_for("events.holder_people", holder_id=holder_id), "crumbs": []}
    return _relinked(accounts.grants_within({ScopeKind.HOLDER: {holder_id}}, -1), account_id, places, context)


def _relinked(
    grants: list[Grant], account_id: int, places: dict[str, Place], context: dict[str, Any]
) -> Page:
    if account_id not in {grant.account_id for grant in grants}:
        abort(404)
    try:
        with transaction():
            account = accounts.account_by_id(account_id)
            token = invitations.new_link(account, places=places, actor=current_actor(), at=now())
    except invitations.LinkNotYours as refusal:
        flash(sentence(refusal.code), "bad")
        return redirect(context["back"])
    return _shown_once(account, token, context)
