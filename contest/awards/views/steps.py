"""Proposed titles on their way up: the public notice, the letter to the authority, the list in its usual columns."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import flash, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import words
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import kinds, notice_paper, queries, service, workbooks
from contest.awards.forms import NoticeForm, PlainForm, SubmissionForm
from contest.awards.models import Title, TitleState
from contest.awards.reporting import Particulars
from contest.awards.views.door import bp, carried_out
from contest.awards.views.lists import steps_page
from contest.db import now, transaction
from contest.entries.people import KIND_NAMES
from contest.errors import Missing
from contest.events.queries import edition_for
from contest.web import day, neutral

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = Response | tuple[str, int]


def _proposed(edition_id: int, key: str | None) -> list[Title]:
    waiting = queries.waiting_titles(current_actor(), edition_id, with_drafted=True)
    return [one for one in waiting if one.key == key and one.state is TitleState.PROPOSED]


@bp.post("/editions/<int:edition_id>/titles/notice")
@signed_in
def notice(edition_id: int) -> Page:
    form, ends = NoticeForm(prefix="notice-"), []

    def work() -> None:
        edition_for(current_actor(), edition_id, may="awards.manage")
        ends.append(
            service.give_notice(
                _proposed(edition_id, form.title_key.data), starts_on=form.starts_on.data,
                ends_on=form.ends_on.data, actor=current_actor(), at=now(),
            )
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The notice runs until %(until)s.", until=day(ends[0])), "good")
        return redirect(url_for("awards.edition", edition_id=edition_id))
    row = edition_for(current_actor(), edition_id, may="awards.manage")
    return steps_page(row, notice_form=form), 422


@bp.post("/editions/<int:edition_id>/titles/submit")
@signed_in
def submit_all(edition_id: int) -> Page:
    form = SubmissionForm(prefix="submission-")

    def work() -> None:
        edition_for(current_actor(), edition_id, may="awards.manage")
        service.submit_all(
            _proposed(edition_id, form.title_key.data), number=form.number.data or "", sent_on=form.sent_on.data,
            outcome=form.outcome.data or "", actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Noted as submitted."), "good")
        return redirect(url_for("awards.edition", edition_id=edition_id))
    row = edition_for(current_actor(), edition_id, may="awards.manage")
    return steps_page(row, submission_form=form), 422


@bp.get("/editions/<int:edition_id>/titles/<title_key>/notice.pdf")
@signed_in
def notice_file(edition_id: int, title_key: str) -> Response:
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    titles = [one for one in _proposed(edition_id, title_key) if one.notice_from]
    if not titles:
        raise Missing()
    return Response(notice_paper.pdf(edition, titles), mimetype="application/pdf")


@bp.post("/editions/<int:edition_id>/titles/report.xlsx")
@signed_in
def report(edition_id: int) -> Response:
    """The list for the authority; with full numbers only for those who may read them, each taking on record."""
    PlainForm().validate_on_submit()
    with transaction():
        edition = edition_for(current_actor(), edition_id, may="awards.manage")
        lines = service.title_report(
            edition, full=request.form.get("full") == "1", actor=current_actor(), at=now()
        )
        levels = kinds.kinds_of(edition.contest.holder_id)
        word: Callable[[object], str] = lambda one: words.term(one, str(get_locale()))  # noqa: E731
        rows = [
            _line(
                number,
                title,
                one,
                word(levels[title.key].level) if title.key in levels else "",
                word(title.state),
            )
            for number, (title, one) in enumerate(lines, 1)
        ]
        name = edition.name
    content = workbooks.workbook(_("Titles"), _headings(), rows, neutral, title=f"{name} {_('Titles')}")
    return download(content, f"{name}-{_('Titles')}.xlsx")


def download(content: bytes, name: str, kind: str = XLSX) -> Response:
    """A file to be kept, never cached."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, mimetype=kind, headers=headers)


def _headings() -> list[tuple[str, int]]:
    return [
        (_("No."), 6), (_("Name"), 12), (_("Gender"), 6), (_("Ethnic group"), 10), (_("Date of birth"), 12),
        (_("Kind of document"), 14), (_("Document number"), 22), (_("Education"), 10), (_("Organisation"), 28),
        (_("Post"), 14), (_("Trade"), 14), (_("Level held"), 12), (_("Contest"), 30), (_("Event"), 16), (_("Rank"), 7),
        (_("Title"), 18), (_("Level"), 10), (_("State"), 10), (_("Authority"), 20), (_("Reference of the document"), 20),
        (_("Date"), 12), (_("Telephone"), 16),
    ]  # fmt: skip


def _line(number: int, title: Title, one: Particulars, level: str, state: str) -> list[object]:
    decision = title.decision if title.decision and title.decision.conferred_at else None
    return [
        number, title.name, one.gender, one.ethnicity, one.born_on or "", KIND_NAMES.get(one.id_kind, "") if one.id_kind else "",
        one.id_number, one.education, title.unit, one.job, one.trade, one.level, one.contest, one.event, title.award.rank,
        title.label, level, state, decision.authority if decision else "", decision.document_number if decision else "",
        decision.dated_on or "" if decision else "", one.phone,
    ]  # fmt: skip
