"""The page of the values that the rules name beside the marks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.widgets import HiddenInput

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.entries import inputs, queries
from contest.entries.models import Entry
from contest.entries.views.door import Page, bp, event_crumbs, event_side, is_chinese
from contest.errors import Missing, Refused

MESSAGES = {
    "input_bad": lazy_gettext("This value can't be taken. Correct it and save again."),
    "input_not_a_number": lazy_gettext("“%(value)s” is not a number that can be used here, for example 3.2."),
    "input_text_bad": lazy_gettext("“%(value)s” is not one of the values that the rules name."),
    "input_decimals": lazy_gettext("%(value)s has more than %(decimals)s decimals. Round it first."),
}


@bp.route("/entries/<int:entry_id>/values", methods=["GET", "POST"])
@signed_in
def values(entry_id: int) -> Page:
    """Difficulty, factor, veto … of an entry, each field as the rules name it."""
    entry = queries.entry_for(current_actor(), entry_id, may="entries.review")
    fields = inputs.fields_for(entry.event)
    if not fields:
        raise Missing()
    form, status = _form(entry, fields), 200
    if request.method == "POST":
        typed = {field.key: request.form.get(field.key, "") for field in fields}
        version, actor = request.form.get("version", 0, type=int), current_actor()
        try:
            with transaction():
                inputs.set_inputs(entry_id, typed, version=version, actor=actor, at=now())
            flash(_("Saved. Results computed from now on use these values."), "good")
            return redirect(url_for("entries.show", entry_id=entry_id))
        except Refused as refusal:
            status = refusal.status
            entry = queries.entry_for(current_actor(), entry_id, may="entries.review")
            form = _form(entry, fields, typed, version)
            text = web.sentence(refusal.code, refusal.params)
            wrong = form._fields.get(str(refusal.params.get("field", "")))
            if wrong is not None:
                wrong.errors = [text]
            else:
                form.form_errors = [text]
    page = render_template(
        "entries/values.html",
        entry=entry,
        form=form,
        fields=fields,
        side=event_side(entry.event, "entries"),
        crumbs=event_crumbs(entry.event, (_("Values beside the marks"), None)),
    )
    return page, status


def _form(
    entry: Entry,
    fields: tuple[inputs.InputField, ...],
    typed: dict[str, str] | None = None,
    version: int | None = None,
) -> web.BaseForm:
    """A form made from the rules; what was typed wins over what is stored."""

    def made(field: inputs.InputField) -> object:
        label = field.title_zh if is_chinese() else field.title_en
        default = (
            (typed or {}).get(field.key, inputs.value_of(entry, field))
            if typed
            else inputs.value_of(entry, field)
        )
        if field.values:
            known = list(dict.fromkeys(["", *field.values, default]))
            return SelectField(label, choices=[(value, value or "—") for value in known], default=default)
        return StringField(
            label, default=default, render_kw={"inputmode": "decimal"} if field.is_number else {}
        )

    kinds: dict[str, object] = {field.key: made(field) for field in fields}
    kinds["version"] = IntegerField(
        widget=HiddenInput(), default=version if version is not None else entry.version
    )
    return type("ValuesForm", (web.BaseForm,), kinds)(formdata=None)
