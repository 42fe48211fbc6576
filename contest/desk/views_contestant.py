"""A contestant's doors: sign in by number, name and last six of the ID; the own day, results, papers."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from werkzeug import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from contest import web
from contest.accounts import sessions
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, roles_required
from contest.certificates import service as papers
from contest.certificates.refusals import NoSuchCertificate
from contest.db import now, transaction
from contest.desk import queries, service, views_agenda
from contest.results import exports
from contest.results import service as results
from contest.results.models import ListState, Publication
from contest.scoring.explain_words import STATES

bp = Blueprint("contestant", __name__)


class ContestantForm(web.BaseForm):
    """What a contestant has at hand: badge and ID card."""

    number = StringField(_("Team or contestant number"), validators=[InputRequired(), Length(max=40)])
    name = StringField(_("Name"), validators=[InputRequired(), Length(max=80)])
    digits = StringField(_("Last six of the ID number"), validators=[InputRequired(), Length(min=6, max=6)])


@bp.route("/contestant", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    form = ContestantForm()
    if request.method == "GET":  # the QR code of a label brings the number along
        form.number.data = request.args.get("number", "")[:40]
    if not form.validate_on_submit():
        return render_template("desk/contestant_sign_in.html", form=form), 422 if form.errors else 200
    ip = request.remote_addr or ""
    try:
        with transaction():
            row, secret = service.sign_in_contestant(
                number=form.number.data,
                name=form.name.data,
                digits=form.digits.data,
                at=now(),
                ip=ip,
                device=request.user_agent.string,
            )
            sessions.keep(row, secret)
    except NoSuchCertificate as refusal:
        with transaction():
            papers.note_failure(form.number.data, ip, at=now())
        form.digits.errors = [web.sentence(refusal.code)]
        return render_template("desk/contestant_sign_in.html", form=form), 422
    return redirect(url_for("contestant.me"))


@bp.get("/me")
@roles_required(Role.CONTESTANT)
def me() -> str:
    """Schedule, bench, state, own published results, papers."""
    person_id = current_actor().person_id or 0
    return render_template(
        "desk/me.html",
        days=queries.days_of(person_id),
        title_of=lambda heading: exports.title_of(heading, str(get_locale())),
        label_of=lambda award: (award.label_en if str(get_locale()) == "en" else "") or award.label,
        may_appeal=_may_appeal,
        is_wechat="MicroMessenger" in request.user_agent.string,
    )


def _may_appeal(publication: Publication) -> bool:
    """Whether the window of a list is still open; a list confirmed early, on the teams' waivers, takes no more."""
    until = publication.appeals_until
    return publication.state is ListState.PROVISIONAL and until is not None and now() < until


@bp.get("/me/results/<int:publication_id>")
@roles_required(Role.CONTESTANT)
def result(publication_id: int) -> str:
    """The own total of a published list, down to every mark; judges by their seats, not by name."""
    day, publication, kind, subject_id = queries.own_line(current_actor().person_id or 0, publication_id)
    language = str(get_locale())
    breakdown = results.breakdown_of(publication, kind=kind, subject_id=subject_id)
    return render_template(
        "desk/result.html",
        day=day,
        publication=publication,
        breakdown=breakdown,
        members=breakdown.members if breakdown else {},
        remarks=results.remarks_for(publication, kind=kind, subject_id=subject_id),
        place=next((rank for one, rank, *_rest in day.lists if one.id == publication_id), ""),
        title=exports.title_of(publication.snapshot.heading, language),
        seats=results.seat_labels(publication.event_id),
        state_words=STATES | {"value": ("", "")},
        language="en" if language == "en" else "zh",
        may_appeal=_may_appeal,
    )


@bp.get("/me/calendar.ics")
@roles_required(Role.CONTESTANT)
def calendar() -> Response:
    """The own events for the calendar of a phone."""
    days = queries.days_of(current_actor().person_id or 0)
    text = views_agenda.calendar(days, base_url=current_app.config["CONTEST"].base_url, at=now())
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="contest.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
