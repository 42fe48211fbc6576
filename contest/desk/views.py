"""Doors across rooms: the start page, an edition at a glance, a contestant's own pages."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, url_for
from flask_babel import LazyString, get_locale, lazy_gettext
from flask_babel import gettext as _

from contest import web
from contest.accounts.access import ACTS
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, signed_in
from contest.desk import (
    queries,
    scans,
    views_archive,
    views_badges,
    views_ceremony,
    views_contestant,
    views_documents,
    views_labels,
    views_people,
    views_progress,
    views_record,
    views_scans,
    views_statistics,
)
from contest.events.models import Edition
from contest.results import exports, public

bp = Blueprint("desk", __name__)

MESSAGES = {
    "ceremony_text_long": lazy_gettext("A presenter or note has at most %(length)s characters. Shorten it."),
    "retention_unknown": lazy_gettext("There is no such period. Choose one of the list."),
    "document_without_list": lazy_gettext(
        "None of these lists is in the state that the document needs. Bring a list there first, then draft it."
    ),
    "document_closed": lazy_gettext(
        "The document %(number)s has its number and date: its text stands. Draft another one for what changed."
    ),
    "document_place_unknown": lazy_gettext("Nothing fills %(place)s. Use only: %(known)s."),
    "document_incomplete": lazy_gettext(
        "A date is needed, and a number where the document has a red heading. Fill them in."
    ),
    "document_list_gone": lazy_gettext(
        "A list of this document was withdrawn or superseded. Draft the document anew from the list that counts now."
    ),
    "document_embargoed": lazy_gettext(
        "A list of this document is under embargo. End the embargo first, then show the document."
    ),
    "document_not_issued": lazy_gettext(
        "Enter number and date of the signed document first, then add its scan."
    ),
    "scan_refused": lazy_gettext("A scan is a PDF, JPEG or PNG of at most %(size)s MB. Choose another file."),
}
STAFF = (
    Role.ADMINISTRATOR,
    Role.ORGANISER,
    Role.REGISTRAR,
    Role.CHIEF_JUDGE,
    Role.SCOREKEEPER,
    Role.CODER,
    Role.SUPERVISOR,
)


def init_app(app: Flask) -> None:
    """Register the room's doors and the menus of every page."""
    app.register_blueprint(bp)
    app.register_blueprint(views_contestant.bp)
    app.register_blueprint(views_badges.bp)
    app.register_blueprint(views_labels.bp)
    app.register_blueprint(views_ceremony.bp)
    app.register_blueprint(views_documents.bp)
    app.register_blueprint(views_scans.bp)
    app.register_blueprint(views_archive.bp)
    app.register_blueprint(views_progress.bp)
    app.register_blueprint(views_statistics.bp)
    app.register_blueprint(views_record.bp)
    app.register_blueprint(views_people.bp)
    web.register_messages(MESSAGES | views_people.MESSAGES)
    web.register_messages(views_labels.MESSAGES)
    app.context_processor(menus)


def menus() -> dict[str, object]:
    """What the frames show at the top: for the public always the same, for others by their roles."""
    return {
        "main_nav": main_nav,
        "public_nav": public_nav,
        "has_public_documents": scans.has_public,
    }


def public_nav() -> list[dict[str, str]]:
    """The same for everybody: it stands on cached pages."""
    return [
        {"label": _("Published lists"), "href": url_for("results.lists")},
        {"label": _("Verify a certificate"), "href": url_for("certificates.verify_form")},
        {"label": _("Contestants"), "href": url_for("contestant.sign_in")},
    ]


def main_nav() -> list[dict[str, str]]:
    """By roles; what a link leads to is authorised there again."""
    actor = current_actor()
    if actor.is_anonymous:
        return public_nav()
    items = [{"label": _("Start"), "href": url_for("desk.home")}]
    if actor.has_role(Role.ADMINISTRATOR, Role.ORGANISER):
        items.append({"label": _("Contests"), "href": url_for("events.index")})
    if actor.has_role(Role.ORGANISER, Role.REGISTRAR):
        items.append({"label": _("People's records"), "href": url_for("records.people")})
    if actor.has_role(Role.JUDGE, Role.CHIEF_JUDGE):
        items.append({"label": _("My score sheets"), "href": url_for("tablet.home")})
    if actor.has_role(Role.CONTESTANT):
        items.append({"label": _("My day"), "href": url_for("contestant.me")})
        items.append({"label": _("My record"), "href": url_for("records.mine")})
    return [*items, {"label": _("Published lists"), "href": url_for("results.lists")}]


@bp.get("/")
def home() -> str:
    """For the public: newest lists; for staff: the editions they work in and what waits for them."""
    actor = current_actor()
    lists = [
        (one, exports.title_of(one.snapshot.heading, str(get_locale())))
        for one in public.lists(public.Wanted())[0][:12]
    ]
    if actor.is_anonymous or not actor.has_role(*STAFF):
        return render_template("desk/home.html", lists=lists, editions=[])
    return render_template("desk/home.html", lists=lists, editions=queries.editions_of(actor))


# The pages of a whole edition by the part of the work they belong to: act that is asked for, words, endpoint, icon.
DOORS: list[tuple[LazyString, list[tuple[str, LazyString, str, str]]]] = [
    (
        lazy_gettext("Registration"),
        [
            ("entries.view", lazy_gettext("Entries"), "entries.index", "user"),
            ("entries.edit", lazy_gettext("Import a registration file"), "entries.roster", "upload"),
            ("entries.view", lazy_gettext("Registrations"), "entries.registrations", "ok"),
            ("entries.review", lazy_gettext("Delegations"), "entries.delegations", "flag"),
        ],
    ),
    (
        lazy_gettext("On the day"),
        [
            ("accounts.grant", lazy_gettext("People and roles"), "events.people", "lock"),
            ("entries.review", lazy_gettext("Badges"), "badges.choose", "print"),
            ("entries.review", lazy_gettext("Labels and envelopes"), "labels.choose", "print"),
            ("marks.progress", lazy_gettext("Progress"), "progress.show", "wait"),
        ],
    ),
    (
        lazy_gettext("Results and awards"),
        [
            ("", lazy_gettext("Published lists"), "results.edition_lists", "search"),
            ("awards.manage", lazy_gettext("Awards and titles"), "awards.edition", "ok"),
            ("promotions.approve", lazy_gettext("Promotions"), "awards.promotion_list", "ok"),
            ("money.manage", lazy_gettext("Prize money"), "awards.money", "file"),
            ("awards.manage", lazy_gettext("Award ceremony"), "ceremony.show", "flag"),
        ],
    ),
    (
        lazy_gettext("Papers and records"),
        [
            ("awards.manage", lazy_gettext("Official documents"), "documents.index", "file"),
            (
                "certificates.issue",
                lazy_gettext("Appointments, coaches, participation"),
                "certificates.rolls",
                "file",
            ),
            ("awards.manage", lazy_gettext("Statistics"), "statistics.edition", "search"),
            ("awards.manage", lazy_gettext("Archive"), "archive.show", "lock"),
        ],
    ),
]


@bp.get("/editions/<int:edition_id>")
@signed_in
def edition(edition_id: int) -> str:
    """Every event of an edition with where it stands and what is next."""
    edition_row, stands = queries.edition_at_a_glance(current_actor(), edition_id)
    return render_template(
        "desk/edition.html", edition=edition_row, stands=stands, links=links_of, doors=doors_of(edition_row)
    )


def doors_of(edition_row: Edition) -> list[tuple[LazyString, list[dict[str, object]]]]:
    """Pages of the whole edition that the actor's roles have a use for, by the part of the work they belong to."""
    actor = current_actor()
    found = [
        (
            heading,
            [
                {"label": label, "href": url_for(endpoint, edition_id=edition_row.id), "icon": icon}
                for act, label, endpoint, icon in doors
                if not act or any(grant.role in ACTS[act] for grant in actor.grants)
            ],
        )
        for heading, doors in DOORS
    ]
    return [(heading, doors) for heading, doors in found if doors]


def links_of(key: str, event_id: int, edition_id: int) -> str:
    """Where a step of an event is worked on."""
    return {
        "setup": lambda: url_for("events.event_setup", event_id=event_id),
        "registration": lambda: url_for("entries.index", edition_id=edition_id),
        "draw": lambda: url_for("entries.draw", event_id=event_id),
        "judges": lambda: url_for("judging.panels", event_id=event_id),
        "marks": lambda: url_for("judging.board", event_id=event_id),
        "results": lambda: url_for("results.event", event_id=event_id),
        "papers": lambda: url_for("certificates.event", event_id=event_id),
    }[key]()
