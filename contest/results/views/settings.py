"""How an edition handles its results: steps of a list, appeals, public notice, release of papers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import words
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import queries as events
from contest.events.models import Edition
from contest.results import service
from contest.results.forms import SettingForm
from contest.results.settings import RELEASES, RELEASING, SECONDED, SUBJECTS, TEXTS, setting_of
from contest.results.views.appeals import SUBJECT_WORDS
from contest.results.views.door import bp, carried_out, locale

ACT = "results.publish"
VALUES = (
    "closed_subjects", "is_module_open", "decision_hours", "second_hours", "notice_days", "check_people",
    "second_person", *TEXTS,
)  # fmt: skip


@bp.route("/editions/<int:edition_id>/results-settings", methods=["GET", "POST"])
@signed_in
def settings(edition_id: int) -> str | Response | tuple[str, int]:
    """How an edition handles appeals, public notice and the release of papers."""
    edition = events.edition_for(current_actor(), edition_id, may=ACT)
    row = setting_of(edition_id)
    shown = {name: row.releases.get(name) or default for name, default in RELEASES.items()}
    form = SettingForm(obj=row, data=shown)
    _choices(form)

    def work() -> None:
        again: Edition = events.edition_for(current_actor(), edition_id, may=ACT)
        version = int(form.version.data or 0)
        service.change_setting(
            edition=again, values=_values(form), version=version, actor=current_actor(), at=now()
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Saved."), "good")
        return redirect(url_for("results.settings", edition_id=edition_id))
    page = render_template(
        "results/settings.html",
        edition=edition,
        crumbs=[
            (edition.name, url_for("desk.edition", edition_id=edition.id)),
            (_("Appeals and public notice"), None),
        ],
        form=form,
        releases=list(RELEASES),
    )
    return (page, 422) if request.method == "POST" else page


def _choices(form: SettingForm) -> None:
    form.closed_subjects.choices = [(key, str(SUBJECT_WORDS[key])) for key in SUBJECTS]
    states = [(one.value, words.term(one, locale())) for one in RELEASING]
    for name in RELEASES:
        form[name].choices = states
    form.second_person.choices = [(one.value, words.term(one, locale())) for one in SECONDED]
    form.check_people.choices = [
        (1, _("by one person: scorekeeper, chief judge or supervisor")),
        (2, _("by two of them")),
        (0, _("by nobody: publishing is enough")),
    ]


def _values(form: SettingForm) -> dict[str, Any]:
    values = {name: form[name].data for name in VALUES}
    for name in ("closed_subjects", "second_person"):
        values[name] = list(values[name] or [])
    return values | {"releases": {name: form[name].data for name in RELEASES}}
