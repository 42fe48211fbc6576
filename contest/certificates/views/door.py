"""The blueprint and what its pages share."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, g, render_template, request, send_file, session, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug import Response

from contest import files, web
from contest.accounts.sessions import current_actor
from contest.certificates import archiving, pixels, service
from contest.certificates.forms import BundleForm
from contest.certificates.numbers import shown_code
from contest.db import now, transaction
from contest.errors import Missing, Refused
from contest.events.models import Edition, Event

bp = Blueprint("certificates", __name__)
KEPT = "papers_of"  # in the session: whose papers may be fetched, and until when
SLOTS = {
    "name": lazy_gettext("Name"),
    "unit": lazy_gettext("Organisation"),
    "members": lazy_gettext("Members"),
    "heading": lazy_gettext("Heading"),
    "subheading": lazy_gettext("Second heading"),
    "body": lazy_gettext("Body text"),
    "prize": lazy_gettext("Award"),
    "closing": lazy_gettext("Closing words"),
    "number": lazy_gettext("Number"),
    "hint": lazy_gettext("Verification hint"),
    "issuers": lazy_gettext("Issuing bodies"),
    "date": lazy_gettext("Date"),
}
PUBLIC = {"verify", "verify_form"}

MESSAGES = {
    "font_missing": lazy_gettext("The font %(file)s is missing on the server. Ask the operator to run `contest doctor`."),
    "outside_resource": lazy_gettext("A layout or text asks for %(url)s, which does not ship with the product. Take it out."),
    "layout_broken": lazy_gettext("The layout %(layout)s can't be used: %(detail)s. Choose another or mend its folder."),
    "unknown_layout": lazy_gettext("There is no layout “%(layout)s”. Choose one from the list."),
    "unknown_field": lazy_gettext("The layout %(layout)s names %(field)s, which nothing fills. Correct the text."),
    "unknown_font": lazy_gettext("The layout %(layout)s names the font %(font)s, which does not ship. Use kai, song or bold."),
    "unknown_colour": lazy_gettext("The layout %(layout)s has no colour “%(colour)s”. Write it as # and six digits, such as #a4161a."),
    "value_empty": lazy_gettext("The layout prints %(field)s, which is empty here. Fill in the English names of edition, event and award, or choose a Chinese layout."),
    "picture_refused": lazy_gettext("The picture is not a PNG or JPEG image of at most %(megabytes)s MB. Save it as PNG and choose it again."),
    "design_name_needed": lazy_gettext("Give the layout a name under which you find it again."),
    "printer_broken": lazy_gettext("Give the printer a name and move by at most %(millimetres)s mm. Farther off, look at the paper in the tray first."),
    "serial_broken": lazy_gettext("“%(serial)s” can't be counted up. Type the serial as printed on the first sheet, with its digits."),
    "serial_taken": lazy_gettext("The sheet %(serial)s carries the certificate %(number)s already. Look at the stock and type the serial again."),
    "signing_key_unusable": lazy_gettext("The signing key %(file)s can't be opened. Ask the operator to look at the file and at %(variable)s."),
    "slot_off_page": lazy_gettext("In the layout %(layout)s the box %(slot)s leaves the page. Correct its place or size."),
    "sample_missing": lazy_gettext("The layout %(layout)s has no sample for %(field)s. Add it to layout.toml."),
    "unreadable_layout": lazy_gettext("The layout %(layout)s can't be read: %(detail)s."),
    "layout_reaches_outside": lazy_gettext("The layout %(layout)s reaches for something it may not use: %(detail)s."),
    "template_failed": lazy_gettext("The layout %(layout)s does not render: %(detail)s."),
    "text_too_long": lazy_gettext("“%(text)s” does not fit its place (%(slot)s) even at the smallest size. Shorten it."),
    "missing_glyphs": lazy_gettext("No shipped font has %(characters)s in “%(text)s”. Use the standard character."),
    "pixels_differ": lazy_gettext("A paper (%(key)s) did not come out as in plain rendering, so the batch was stopped. Tell the operator."),
    "nothing_to_issue": lazy_gettext("Nothing is ready to be issued: every award has its paper, or its list is not confirmed yet."),
    "batch_refused": lazy_gettext("Nothing was issued: %(count)s papers can't be printed as they stand. Mend them below."),
    "number_pattern_broken": lazy_gettext(
        "The number pattern “%(pattern)s” can't be used. It needs exactly one {serial:05}, may use {year} and "
        "{edition}, and no digit may stand beside the serial."
    ),
    "certificate_number_taken": lazy_gettext("The number %(number)s was given before. Change the number pattern; no number is used twice."),
    "certificate_not_ready": lazy_gettext("The certificate %(number)s is still being made. Reload in a moment."),
    "certificate_settled": lazy_gettext("The certificate %(number)s is replaced, void or revoked already."),
    "certificate_reason_needed": lazy_gettext("A reason is kept with this act. Write it down."),
    "award_gone": lazy_gettext("Nothing stands behind the certificate %(number)s any more, so it can't be made again."),
    "certificate_tries": lazy_gettext("Too many wrong tries. Wait fifteen minutes, then try again."),
    "roll_empty": lazy_gettext("Nobody would be on the list. Tick at least one, type some names, or seat judges first."),
    "roll_frozen": lazy_gettext("Papers are issued from this list, so it stays as it is. Make a further list for whoever is missing."),
    "roll_source": lazy_gettext("This list is drawn from an event. Choose the event, or a list of your own."),
    "recipient_nameless": lazy_gettext("The line has no name. Write name, unit and role, parted by commas."),
    "recipient_twice": lazy_gettext("The same as line %(other)s. Take one of them out."),
    "recipients_many": lazy_gettext("A list holds at most %(limit)s recipients. Send the rest as a further list."),
    "certificate_unknown": lazy_gettext(
        "Number, name and the last six of the ID don't fit together. The number stands on the badge or the "
        "certificate; type the name as it is printed."
    ),
}  # fmt: skip


@bp.url_value_preprocessor
def _know_the_public_pages(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before the language is chosen: a public page's bytes follow from its address alone.
    if request.endpoint and request.endpoint.rpartition(".")[2] in PUBLIC:
        g.public_page = True


def carried_out(form: Any, work: Callable[[], Any]) -> bool:
    """Run one service call in a transaction; a refusal becomes an error of the form, with what was typed kept."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.form_errors = [*(form.form_errors or []), web.sentence(refusal.code, refusal.params)]
        form.problems = getattr(refusal, "problems", [])
        return False
    return True


def crumbs(event: Event, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Edition › event › certificates › …"""
    edition = event.sub_contest.edition
    home = (
        url_for("desk.edition", edition_id=edition.id)
        if "desk.edition" in current_app.view_functions
        else None
    )
    own = url_for("certificates.event", event_id=event.id) if more else None
    return [(web.called(edition), home), (web.called(event), None), (_("Certificates"), own), *more]


def roll_crumbs(edition: Edition, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Edition › other papers › …"""
    home = (
        url_for("desk.edition", edition_id=edition.id)
        if "desk.edition" in current_app.view_functions
        else None
    )
    own = url_for("certificates.rolls", edition_id=edition.id) if more else None
    return [(web.called(edition), home), (_("Appointments, coaches, participation"), own), *more]


def refusal_words(one: dict[str, Any]) -> str:
    """A refusal in the reader's words, the slot named by what stands in it."""
    params = dict(one["params"])
    if params.get("slot") in SLOTS:
        params["slot"] = str(SLOTS[params["slot"]])
    return web.sentence(one["code"], params)


def bundled(held: Sequence[Any], kind: str, *, name: str) -> Response:
    """Finished papers as one PDF or as a ZIP, ordered and named as the address asks. Raises Missing for none."""
    if not held:
        raise Missing()
    wanted = BundleForm(request.args)
    if not wanted.validate():
        wanted = BundleForm(formdata=None)
    papers = service.papers_of(service.in_order(held, wanted.order.data))
    # A file without a name, gone when the answer is sent: a whole event's papers would not fit into memory.
    file = tempfile.TemporaryFile(dir=files.workshop())  # noqa: SIM115 - closed with the answer
    if kind == "pdf":
        service.merged(papers, title=name, into=file)
    else:
        pictures = wanted.pictures.data and pixels.is_available()
        service.zipped(papers, rule=wanted.naming.data, into=file, pictures=pictures)
    file.seek(0)
    return send_file(file, f"application/{kind}", as_attachment=True, download_name=f"{name}.{kind}")


def own_of() -> dict[str, int | None] | None:
    """Whose papers this browser may fetch: the signed-in one's, or those of the last minutes' proof; None for nobody's."""
    actor, kept = current_actor(), session.get(KEPT)
    proven = int(kept[0]) if kept and kept[1] > now().timestamp() else None
    if actor.account_id is None and proven is None:
        return None
    return {"person_id": actor.person_id or proven, "account_id": actor.account_id}


def own_page(row: Any, **shown: str) -> str:
    """The page on which a holder looks at a paper and keeps it. shown: title, event and the addresses of its files."""
    is_wechat = "MicroMessenger" in request.user_agent.string
    return render_template(
        "certificates/own.html", paper=row, code=shown_code(row.verify_code), has_picture=pixels.is_available(),
        is_signed=archiving.can_sign(instance()), is_wechat=is_wechat, **shown,
    )  # fmt: skip


def label_of(award: Any) -> str:
    """An award's name in the reader's language."""
    return award.label_en or award.label if str(get_locale()).startswith("en") else award.label


def sent(content: bytes, name: str, media_type: str = "application/pdf", *, inline: bool = True) -> Response:
    """A file as an answer; its name may be Chinese."""
    way = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f"{way}; filename*=UTF-8''{quote(name)}"}
    return Response(content, mimetype=media_type, headers=headers)


def badge_sent(row: Any) -> Response:
    """A paper as an Open Badges credential: a token as a file."""
    content = archiving.badge_of(row, instance(), base_url=base_url())
    return sent(content, f"{row.number}.jwt", "application/jwt", inline=False)


def instance() -> Path:
    """Where the issuer's keys lie."""
    return Path(current_app.config["CONTEST"].instance)


def base_url() -> str:
    """What QR codes point to."""
    return current_app.config["CONTEST"].base_url
