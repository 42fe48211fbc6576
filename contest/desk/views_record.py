"""A person's record: the own one with its downloads and requests, and the one that the office looks up."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from contest import papers, web
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, roles_required, signed_in
from contest.awards import kinds
from contest.awards.promotions import NAMES
from contest.db import now, transaction
from contest.desk import merging, record_export, record_search
from contest.desk import record as records
from contest.entries import requests
from contest.entries.models import RequestKind
from contest.errors import Refused

bp = Blueprint("records", __name__)
Page = str | Response | tuple[str, int]

FIELD_WORDS = {
    "name": lazy_gettext("Name"),
    "gender": lazy_gettext("Gender"),
    "ethnicity": lazy_gettext("Ethnic group"),
    "born_on": lazy_gettext("Date of birth"),
    "education": lazy_gettext("Education"),
    "phone": lazy_gettext("Telephone"),
    "other": lazy_gettext("Something else"),
}
WHY_WORDS = {
    "same_document": lazy_gettext("Same document number"),
    "near_document": lazy_gettext("Same name, document number one slip apart"),
    "same_birth": lazy_gettext("Similar name, same date of birth"),
}


class AskForm(web.BaseForm):
    """What a person asks about the own data."""

    kind = RadioField(lazy_gettext("What do you ask for?"), validators=[InputRequired()])
    field = SelectField(lazy_gettext("What is to be put right"), validators=[])
    value = StringField(
        lazy_gettext("How it should read"),
        description=lazy_gettext("A date as 1990-01-05; gender as 男 or 女."),
        validators=[Length(max=200)],
    )
    text = TextAreaField(lazy_gettext("Why, or what else we should know"), validators=[Length(max=1000)])


def level_name(key: str) -> str:
    """A level in the reader's language; a dash where none is known."""
    zh, en = NAMES.get(key, (key, key))
    return (en if str(get_locale()) == "en" else zh) or "—"


def _words() -> dict[str, Any]:
    """What the template of a record calls."""
    english = str(get_locale()) == "en"
    return {
        "level_name": level_name,
        "rights_of": lambda record, title: kinds.rights_of(record.kinds.get(title.key), english=english),
        "label_of": lambda one: one.label_en or one.label if english else one.label,
    }


@bp.get("/me/record")
@roles_required(Role.CONTESTANT)
def mine() -> str:
    return render_template(
        "desk/record.html", record=records.own_record(current_actor().person_id or 0), is_own=True, **_words()
    )


@bp.get("/me/record.<any(json, pdf):kind>")
@roles_required(Role.CONTESTANT)
def download(kind: str) -> Response:
    """Everything that is kept of the person, to take along."""
    record, at = records.own_record(current_actor().person_id or 0), now()
    name = f"{record.person.name}_{_('Record')}"
    if kind == "json":
        plain = record_export.as_plain(record, at=at)
        content, media = json.dumps(plain, ensure_ascii=False, indent=1).encode(), "application/json"
    else:
        html = render_template("desk/papers/record.html", record=record, at=at, **_words())
        is_demo = any(one.edition.is_demo for one in record.entries)
        lang = "en" if str(get_locale()) == "en" else "zh-CN"
        content = papers.pdf(html, title=name, made_at=at, demo=is_demo, lang=lang)
        media = "application/pdf"
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/me/requests", methods=["GET", "POST"])
@roles_required(Role.CONTESTANT)
def ask() -> Page:
    """Ask for a correction or to be taken out, and read how earlier requests were answered."""
    person_id = current_actor().person_id or 0
    form = AskForm()
    form.kind.choices = [
        (RequestKind.CORRECTION.value, _("Put something right")),
        (RequestKind.DELETION.value, _("Take my personal data out")),
    ]
    form.field.choices = [(key, FIELD_WORDS[key]) for key in requests.FIELDS]
    if form.validate_on_submit() and _asked(form, person_id):
        flash(_("Your request was sent. The answer will stand on this page."), "good")
        return redirect(url_for("records.ask"))
    page = render_template(
        "desk/ask.html", form=form, rows=requests.of_person(person_id), wanted=requests.wanted, words=FIELD_WORDS
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _asked(form: AskForm, person_id: int) -> bool:
    kind = RequestKind(form.kind.data)
    is_correction = kind is RequestKind.CORRECTION
    try:
        with transaction():
            requests.ask(
                person_id, kind, field=form.field.data if is_correction else "",
                value=form.value.data or "" if is_correction else "", text=form.text.data or "",
                actor=current_actor(), at=now(),
            )  # fmt: skip
    except Refused as refusal:
        target = form.value if refusal.code == "request_value" else form.kind
        target.errors = [web.sentence(refusal.code, refusal.params)]
        return False
    return True


@bp.get("/people")
@signed_in
def people() -> str:
    """Look somebody up by name, unit or document number."""
    text = request.args.get("q", "")[:100]
    return render_template(
        "desk/people.html", q=text, rows=record_search.people_for(current_actor(), text), level_name=level_name,
        managed=merging.holders_for(current_actor()),
    )  # fmt: skip


@bp.get("/people/<int:person_id>")
@signed_in
def person(person_id: int) -> str:
    record = records.record_for(current_actor(), person_id)
    judges = record_search.judges_like(current_actor(), record.person)
    return render_template("desk/record.html", record=record, is_own=False, judges=judges, **_words())


@bp.post("/people/<int:person_id>/judging/<int:judge_id>")
@signed_in
def link_judge(person_id: int, judge_id: int) -> Response:
    """Say that a judge of this name is this person."""
    web.BaseForm().validate_on_submit()
    with transaction():
        record = records.record_for(current_actor(), person_id)
        record_search.link_judge(record.person, judge_id, actor=current_actor(), at=now())
    flash(_("The judging service now stands in this record."), "good")
    return redirect(url_for("records.person", person_id=person_id))
