"""The blueprint and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from contest import web
from contest.awards.models import Award
from contest.db import transaction
from contest.errors import Refused
from contest.events.models import Edition
from contest.scoring.awarding.sentences import REASONS
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.awarding.wording import sentence

bp = Blueprint("awards", __name__)

MESSAGES = {
    "list_not_ready": lazy_gettext(
        "The list is not in the state this needs. Prizes need a confirmed list, titles a final one: bring the list "
        "there first."
    ),
    "list_not_live": lazy_gettext(
        "This list was withdrawn or superseded. Draw the awards from the list that counts now."
    ),
    "nothing_proposed": lazy_gettext(
        "No proposed title waits for a decision under this name. Propose titles from a final list first."
    ),
    "title_settled": lazy_gettext(
        "The title of %(name)s was conferred, refused or revoked already. Reload to see where it stands."
    ),
    "title_not_conferred": lazy_gettext(
        "Only a conferred title can be revoked; refuse the proposal of %(name)s instead."
    ),
    "decision_closed": lazy_gettext(
        "This decision confers already (%(number)s): its text and people stand. Draft another for more people."
    ),
    "decision_empty": lazy_gettext(
        "Nobody is left in this decision. Draft a new one once titles are proposed."
    ),
    "decision_count_differs": lazy_gettext(
        "The text speaks of %(text)s people, the list has %(rows)s. Write {count} where the number belongs: it always "
        "follows the list."
    ),
    "decision_place_unknown": lazy_gettext("Nothing fills %(place)s. Use only: %(known)s."),
    "award_reason_needed": lazy_gettext("A reason is kept with this act. Write it down."),
    "conferral_incomplete": lazy_gettext(
        "Authority, document number and date together make a conferral. Fill in all three."
    ),
    "title_notice_running": lazy_gettext(
        "The public notice runs until %(until)s. Go on the day after, or refuse whoever should not be on it."
    ),
    "title_notice_short": lazy_gettext(
        "The notice lasts to %(least)s at least. Choose that day or a later one."
    ),
    "title_notice_overlong": lazy_gettext(
        "A notice of more than a year is a mistyped date. Check both days."
    ),
    "promotion_settled": lazy_gettext(
        "The promotion of %(name)s has moved on since. Reload to see where it stands."
    ),
    "promotions_none": lazy_gettext(
        "This list grants no promotion that is not proposed already. See the list below."
    ),
    "promotion_second_person": lazy_gettext(
        "Whoever proposed does not approve. Ask somebody else of supervision and arbitration."
    ),
    "template_unusable": lazy_gettext("This is no xlsx workbook. Save it as .xlsx and upload it again."),
    "template_macros": lazy_gettext("The workbook holds macros. Save it as .xlsx without them."),
    "template_too_large": lazy_gettext(
        "Unpacked, the workbook has more than 40 MiB. Take pictures and old sheets out."
    ),
    "template_place_unknown": lazy_gettext(
        "Nothing fills %(place)s. Download the shipped workbook: it has every placeholder there is."
    ),
    "template_no_row": lazy_gettext(
        "No row holds placeholders such as {{姓名}}. Write one below the headings; it is repeated for each person."
    ),
    "account_invalid": lazy_gettext("An account number has 8 to 32 digits. Copy it from the card."),
    "money_invalid": lazy_gettext(
        "“%(value)s” is no amount here. Write yuan with at most two decimals, e.g. 3000 or 1500.50."
    ),
    "question_settled": lazy_gettext("This question was settled before. Reload to see how."),
    "earlier_headings_missing": lazy_gettext(
        "No sheet has a heading row with 姓名 and 证件号码. Use the template, or name the two columns so."
    ),
    "earlier_rows_bad": lazy_gettext(
        "Nothing was taken over: %(rows)s rows need mending. Mend them in your file and upload it again."
    ),
    "earlier_empty": lazy_gettext("Empty. Fill it in."),
    "earlier_twice": lazy_gettext("The same ID number stands in row %(other)s. Keep one of the two."),
    "earlier_year": lazy_gettext("Not a year from 1900 to %(last)s. Write it with four digits."),
    "earlier_kind": lazy_gettext("Unknown kind of document. Use one of: %(known)s."),
}


def carried_out(form: Any, work: Callable[[], Any], field: str | None = None) -> bool:
    """Run one service call in a transaction; a refusal becomes an error of the form, with what was typed kept."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        text = web.sentence(refusal.code, refusal.params)
        if field is None:
            form.form_errors = [*(form.form_errors or []), text]
        else:
            getattr(form, field).errors = [text]
        return False
    return True


def crumbs(edition: Edition, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Edition › awards › …"""
    home = (
        url_for("desk.edition", edition_id=edition.id)
        if "desk.edition" in current_app.view_functions
        else None
    )
    own = url_for("awards.edition", edition_id=edition.id) if more else None
    return [(web.called(edition), home), (_("Awards and titles"), own), *more]


def tabs(edition: Edition, current: str) -> list[dict[str, Any]]:
    """The pages of an edition's awards."""
    pages: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("edition", _("Prizes and proposals"), {"edition_id": edition.id}),
        ("register", _("Register of titles"), {"edition": edition.id}),
        ("kinds", _("Ladders and rights"), {"edition_id": edition.id}),
        ("promotion_list", _("Promotions"), {"edition_id": edition.id}),
        ("money", _("Prize money"), {"edition_id": edition.id}),
        ("earlier", _("Earlier holders"), {"edition_id": edition.id}),
    )
    return [
        {"label": label, "href": url_for(f"awards.{name}", **values), "current": name == current}
        for name, label, values in pages
    ]


def language() -> str:
    """zh or en, as the scoring core's sentences take it."""
    return "en" if str(get_locale()).startswith("en") else "zh"


def label_of(award: Any) -> str:
    """An award's or title's name in the reader's language."""
    return award.label_en or award.label if language() == "en" else award.label


def reason_of(award: Award) -> str:
    """Why an award was granted, refused or left open, as a sentence."""
    reason = award.reason
    if not reason or reason.get("code") not in REASONS:
        return ""
    params = {
        name: tuple(value) if isinstance(value, list) else value for name, value in reason["params"].items()
    }
    return sentence(Reason(reason["code"], params), language())
