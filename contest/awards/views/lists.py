"""An edition's prizes and proposals: drawn up from its lists, open questions settled."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import queries, reporting, service
from contest.awards.forms import DraftForm, NoticeForm, PlainForm, SettleForm, SubmissionForm
from contest.awards.models import AwardKind, Verdict
from contest.awards.views.door import bp, carried_out, crumbs, label_of, reason_of, tabs
from contest.db import now, transaction
from contest.events.models import Edition
from contest.events.queries import edition_for
from contest.results import service as results
from contest.results.models import Publication
from contest.results.settings import releasing_states


@bp.get("/editions/<int:edition_id>/awards")
@signed_in
def edition(edition_id: int) -> str:
    return _page(edition_for(current_actor(), edition_id, may="contest.view"))


def _page(row: Edition, **forms: Any) -> str:
    actor = current_actor()
    lists = queries.publications_for(actor, row.id)
    counts = queries.counts_of([one.id for one in lists])
    waiting: dict[str, list[Any]] = {}
    for title in queries.waiting_titles(actor, row.id):
        waiting.setdefault(title.key, []).append(title)
    questions = [
        award
        for one in lists
        for award in queries.awards_of(one.id, kinds=[AwardKind.TITLE])
        if award.verdict is Verdict.ASKED
    ]
    return render_template(
        "awards/edition.html",
        edition=row,
        crumbs=crumbs(row),
        tabs=tabs(row, "edition"),
        lists=[_list_row(one, counts) for one in lists],
        questions=questions,
        waiting=waiting,
        decisions=queries.decisions_for(actor, row.id),
        plain=PlainForm(),
        label_of=label_of,
        reason_of=reason_of,
        may_manage=actor.may("awards.manage", holder=row.contest.holder_id, contest=row.contest_id),
        may_read_in_full=reporting.may_read_in_full(
            actor, [one.award for rows in waiting.values() for one in rows]
        ),
        **{"draft_form": DraftForm(), "notice_form": NoticeForm(), "submission_form": SubmissionForm()}
        | forms,
    )


def steps_page(row: Edition, **forms: Any) -> str:
    """The page again, with a form of the steps to the authority that was not taken."""
    return _page(row, **forms)


def _list_row(one: Publication, counts: dict[Any, int]) -> dict[str, Any]:
    drawn = sum(
        count
        for (list_id, kind, _verdict), count in counts.items()
        if list_id == one.id and kind in (AwardKind.PRIZE, AwardKind.PROMOTION)
    )
    decided = sum(
        count
        for (list_id, kind, _verdict), count in counts.items()
        if list_id == one.id and kind is AwardKind.TITLE
    )
    return {
        "publication": one,
        "title": one.snapshot.heading.get("title") or one.ranking_key,
        "drawn": drawn,
        "decided": decided,
        "prizes": counts.get((one.id, AwardKind.PRIZE, Verdict.GRANTED), 0),
        "titles": counts.get((one.id, AwardKind.TITLE, Verdict.GRANTED), 0),
        "asked": counts.get((one.id, AwardKind.TITLE, Verdict.ASKED), 0),
        "may_draw": one.state in releasing_states(one.event.sub_contest.edition_id, "prize") and not drawn,
        "may_propose": one.state in releasing_states(one.event.sub_contest.edition_id, "title") and not decided and bool(service.title_keys([one])),
    }  # fmt: skip


@bp.get("/publications/<int:publication_id>/awards")
@signed_in
def awards(publication_id: int) -> str:
    publication = queries.publication_for(current_actor(), publication_id)
    if results.must_log(publication):  # prizes tell places
        with transaction():
            results.log_reading(publication=publication, door="awards", actor=current_actor(), at=now())
    only = request.args.get("verdict", "granted")
    rows = [one for one in queries.awards_of(publication_id) if only == "all" or one.verdict.value == only]
    return render_template(
        "awards/awards.html",
        publication=publication,
        edition=publication.event.sub_contest.edition,
        crumbs=crumbs(publication.event.sub_contest.edition, (web.called(publication.event), None)),
        rows=rows,
        only=only,
        verdicts=list(Verdict),
        label_of=label_of,
        reason_of=reason_of,
    )


@bp.post("/publications/<int:publication_id>/awards/draw-up")
@signed_in
def draw_up(publication_id: int) -> Response:
    PlainForm().validate_on_submit()
    with transaction():
        publication = queries.publication_for(current_actor(), publication_id)
        made = service.draw_up(publication, actor=current_actor(), at=now())
        count = sum(1 for one in made if one.is_granted)
        edition_id = publication.event.sub_contest.edition_id
    flash(ngettext("%(num)s prize drawn up.", "%(num)s prizes drawn up.", count), "good")
    return redirect(url_for("awards.edition", edition_id=edition_id))


@bp.post("/publications/<int:publication_id>/titles/propose")
@signed_in
def propose(publication_id: int) -> Response:
    PlainForm().validate_on_submit()
    with transaction():
        publication = queries.publication_for(current_actor(), publication_id)
        count = len(service.propose_titles(publication, actor=current_actor(), at=now()))
        edition_id = publication.event.sub_contest.edition_id
    flash(ngettext("%(num)s title proposed.", "%(num)s titles proposed.", count), "good" if count else "warn")
    return redirect(url_for("awards.edition", edition_id=edition_id))


@bp.route("/awards/<int:award_id>/settle", methods=["GET", "POST"])
@signed_in
def settle(award_id: int) -> str | Response | tuple[str, int]:
    award = queries.award_for(current_actor(), award_id)
    edition = award.publication.event.sub_contest.edition
    form = SettleForm()
    choices = service.awards_open_to(award)
    form.grant.choices = [
        *(
            (key, _("Propose: %(title)s", title=en if web.choose_locale() == "en" else zh))
            for key, zh, en in choices
        ),
        ("", _("Propose nothing")),
    ]

    def work() -> None:
        service.settle(
            queries.award_for(current_actor(), award_id), grant=bool(form.grant.data), key=form.grant.data or "",
            reason=form.reason.data or "", actor=current_actor(), at=now(),
        )  # fmt: skip

    edition_id = edition.id
    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Settled, with the reason on record."), "good")
        return redirect(url_for("awards.edition", edition_id=edition_id))
    award = queries.award_for(current_actor(), award_id)
    page = render_template(
        "awards/settle.html", award=award, form=form, reason=reason_of(award), label=label_of(award),
        crumbs=crumbs(award.publication.event.sub_contest.edition, (_("Open question"), None)), edition_id=edition_id,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post("/editions/<int:edition_id>/decisions")
@signed_in
def draft(edition_id: int) -> Response | tuple[str, int]:
    form, made = DraftForm(), []

    def work() -> None:
        row = edition_for(current_actor(), edition_id, may="awards.manage")
        titles = [
            one
            for one in queries.waiting_titles(current_actor(), edition_id)
            if one.key == form.title_key.data
        ]
        decision = service.draft(
            row, titles, authority=form.authority.data or "", actor=current_actor(), at=now()
        )
        made.append(decision.id)

    if form.validate_on_submit() and carried_out(form, work):
        return redirect(url_for("awards.decision", decision_id=made[0]))
    return _page(edition_for(current_actor(), edition_id, may="contest.view"), draft_form=form), 422
