"""The account of numbers: on the screen, as a paper to sign, as a workbook."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug import Response

from contest import papers, web
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import account, account_sheet, queries
from contest.certificates.models import CertificateState
from contest.certificates.views.door import bp, sent
from contest.db import now
from contest.events.models import Contest
from contest.events.queries import contest_for
from contest.words import term

STATES = {
    account.BEING_MADE: lazy_gettext("taken, paper not made yet"),
    account.ELSEWHERE: lazy_gettext("another contest of this issuer"),
    account.MISSING: lazy_gettext("never used"),
}
KINDS = {
    "prize": lazy_gettext("Award"),
    "team": lazy_gettext("Award (team)"),
    "title": lazy_gettext("Title"),
    "honour": lazy_gettext("Honour"),
    "coach": lazy_gettext("Coach"),
    "appointment": lazy_gettext("Letter of appointment"),
    "participation": lazy_gettext("Participation"),
}


def _words() -> dict[str, Any]:
    """States and kinds in the reader's language."""
    locale = str(get_locale())
    states = {one.value: term(one, locale) for one in CertificateState}
    states |= {key: str(text) for key, text in STATES.items()}
    return {"states": states, "kinds": {key: str(text) for key, text in KINDS.items()}}


def _contest(contest_id: int) -> Contest:
    return contest_for(current_actor(), contest_id, may=queries.ACT)


@bp.get("/contests/<int:contest_id>/numbers")
@signed_in
def numbers_of(contest_id: int) -> str:
    contest = _contest(contest_id)
    crumbs = [
        (_("Start"), url_for("desk.home")),
        (contest.name, url_for("events.contest", contest_id=contest_id)),
        (_("Account of numbers"), None),
    ]
    return render_template(
        "certificates/numbers.html", contest=contest, sequences=account.of_contest(contest), crumbs=crumbs, **_words()
    )  # fmt: skip


@bp.get("/contests/<int:contest_id>/numbers.pdf")
@signed_in
def numbers_paper(contest_id: int) -> Response:
    """To print, sign and file."""
    contest, at = _contest(contest_id), now()
    html = render_template(
        "certificates/papers/numbers.html", contest=contest, sequences=account.of_contest(contest), at=at, **_words()
    )  # fmt: skip
    lang = "en" if str(get_locale()) == "en" else "zh-CN"
    title = _("Account of numbers")
    content = papers.pdf(html, title=title, made_at=at, demo=_is_demo(contest), lang=lang)
    return sent(content, f"{contest.name}-{title}.pdf")


def _is_demo(contest: Contest) -> bool:
    return any(edition.is_demo for edition in contest.editions)


@bp.get("/contests/<int:contest_id>/numbers.xlsx")
@signed_in
def numbers_sheet(contest_id: int) -> Response:
    """One row a number."""
    contest = _contest(contest_id)
    headings = [
        _("Serial"), _("Number"), _("State"), _("Name"), _("Kind"), _("Event or list"), _("Issued"), _("Replaced by"),
        _("Reason"),
    ]  # fmt: skip
    content = account_sheet.xlsx(
        account.of_contest(contest), headings=headings, neutral=web.neutral, **_words()
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return sent(content, f"{contest.name}-{_('Account of numbers')}.xlsx", kind, inline=False)
