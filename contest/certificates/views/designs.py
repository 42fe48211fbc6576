"""The layouts of a contest: looking at them, dressing one with a true preview at once, keeping it as a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import files, web
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import designs, layouts, numbers, pictures, pixels, queries, rendering
from contest.certificates.forms import DesignForm, PlainForm
from contest.certificates.layouts import Layout
from contest.certificates.pages import Record
from contest.certificates.views.door import base_url, bp, carried_out
from contest.db import now, transaction
from contest.errors import Refused
from contest.events.models import Contest
from contest.events.queries import contest_for

PREVIEW_DPI = 80


def _contest(contest_id: int) -> Contest:
    return contest_for(current_actor(), contest_id, may=queries.ACT)


def _crumbs(contest: Contest, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here = url_for("certificates.designs_of", contest_id=contest.id) if more else None
    return [
        (_("Start"), url_for("desk.home")),
        (contest.name, url_for("events.contest", contest_id=contest.id)),
        (_("Layouts"), here),
        *more,
    ]


@bp.get("/contests/<int:contest_id>/layouts")
@signed_in
def designs_of(contest_id: int) -> str:
    contest = _contest(contest_id)
    own = [(one, layouts.load(one.base)) for one in designs.offered(contest_id)]
    shipped = [layouts.load(key) for key in layouts.names()]
    return render_template(
        "certificates/designs.html", contest=contest, own=own, shipped=shipped, plain=PlainForm(),
        is_english=web.choose_locale() == "en", has_preview=pixels.is_available(), crumbs=_crumbs(contest),
    )  # fmt: skip


@bp.get("/contests/<int:contest_id>/layouts/<layout>.png")
@signed_in
def design_picture(contest_id: int, layout: str) -> Response:
    """A layout with its sample, small."""
    contest = _contest(contest_id)
    if layout.startswith("design-"):
        designs.in_contest(contest.id, int(layout[7:]) if layout[7:].isdigit() else 0)
    shown = designs.load(layout)
    answer = Response(mimetype="image/png")
    answer.set_etag(hashlib.sha256(shown.identity.encode()).hexdigest()[:32])
    answer.cache_control.private, answer.cache_control.max_age = True, 3600
    if not request.if_none_match.contains(answer.get_etag()[0] or ""):
        answer.data = pixels.png(_sample(shown), dpi=40)
    return answer.make_conditional(request)


def _sample(layout: Layout) -> bytes:
    record = Record("sample", layout.sample, f"{base_url()}/verify/{numbers.ALPHABET[:16]}", layout.title_zh)
    return rendering.plain(layout, record, demo=True, made_at=None)


@bp.route("/contests/<int:contest_id>/layouts/edit", methods=["GET", "POST"])
@signed_in
def design_edit(contest_id: int) -> Response | str | tuple[str, int]:
    """Dress a layout; what is kept is a new version of its name."""
    contest, form = _contest(contest_id), DesignForm()
    base, settings, name = _start(contest)
    layout = layouts.load(base)
    if request.method == "GET":
        form.name.data = name
        return _page(contest, form, layout, settings)
    problems: list[str] = []
    settings = _settings(contest, layout, problems, keep=True)
    form.form_errors = problems

    def work() -> None:
        designs.save(
            contest_for(current_actor(), contest_id, may=queries.ACT), name=form.name.data or "", base=base,
            settings=settings, actor=current_actor(), at=now(),
        )  # fmt: skip

    if not problems:
        problems += _refused(lambda: _sample(designs.dress(layout, settings, _bytes(contest))))
        form.form_errors = problems
    if form.validate_on_submit() and not problems and carried_out(form, work):
        flash(_("Kept as a new version. Papers that are issued already stay as they are."), "good")
        return redirect(url_for("certificates.designs_of", contest_id=contest_id))
    form.form_errors = [*problems, *(one for one in form.form_errors or [] if one not in problems)]
    return _page(contest, form, layout, settings), 422


def _start(contest: Contest) -> tuple[str, dict[str, Any], str]:
    """Base, settings and name to begin with: a shipped folder's, or those of a version."""
    key = request.values.get("base", "prize")
    if not key.startswith("design-"):
        return layouts.load(key).key, {}, ""
    design = designs.in_contest(contest.id, int(key[7:]) if key[7:].isdigit() else 0)
    return design.base, dict(design.settings), design.name


def _page(contest: Contest, form: DesignForm, layout: Layout, settings: dict[str, Any]) -> str:
    return render_template(
        "certificates/design.html", contest=contest, form=form, layout=layout, settings=settings,
        base=request.values.get("base", "prize"), is_english=web.choose_locale() == "en",
        has_preview=pixels.is_available(), crumbs=_crumbs(contest, (_("Edit a layout"), None)),
    )  # fmt: skip


@bp.post("/contests/<int:contest_id>/layouts/preview")
@signed_in
def design_preview(contest_id: int) -> Response | tuple[dict[str, str], int]:
    """The sample as it would be printed with what stands in the form; a sentence where it can't be."""
    contest = _contest(contest_id)
    PlainForm().validate_on_submit()
    layout, problems, made = layouts.load(_start(contest)[0]), [], []  # type: ignore[var-annotated]
    settings = _settings(contest, layout, problems, keep=False)
    if not problems:
        fresh = settings.pop("fresh")
        problems += _refused(
            lambda: made.append(_sample(designs.dress(layout, settings, lambda file: fresh.get(file) or _bytes(contest)(file))))
        )  # fmt: skip
    if problems:
        return {"error": " ".join(problems)}, 422
    return Response(pixels.png(made[0], dpi=PREVIEW_DPI), mimetype="image/png")


def _refused(work: Callable[[], Any]) -> list[str]:
    try:
        work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return [web.sentence(refusal.code, refusal.params)]
    return []


def _bytes(contest: Contest) -> Callable[[int], bytes]:
    """Reads a picture of this contest, and no other file."""

    def read(file_id: int) -> bytes:
        row = queries.picture_of(contest.id, file_id)
        return files.read(row)

    return read


def _settings(contest: Contest, layout: Layout, problems: list[str], *, keep: bool) -> dict[str, Any]:
    """What the form says, as `Design.settings`; a new picture is stored (`keep`) or handed on under `fresh`."""
    sent = request.form
    texts = {
        one.name: value
        for one in layout.fields
        if (value := sent.get(f"text-{one.name}", one.default).replace("\r\n", "\n").strip()) != one.default
    }
    colours = {
        one.name: value
        for one in layout.colours
        if (value := sent.get(f"colour-{one.name}", one.default).strip().lower()) != one.default
    }
    held: dict[str, Any] = {}
    fresh: dict[int, bytes] = {}
    for place in layout.places:
        file_id, box = sent.get(f"picture-{place.name}", ""), {}
        upload = request.files.get(f"file-{place.name}")
        try:
            for side in ("x", "y", "w", "h"):
                box[side] = round(float(sent.get(f"{side}-{place.name}", "") or getattr(place, side)), 2)
        except ValueError:
            problems.append(
                _("“%(place)s”: places are numbers of millimetres, such as 190.5.", place=place.label_zh)
            )
            continue
        if upload is not None and upload.filename:
            content = upload.read(pictures.LARGEST + 1)
            found: list[bytes] = []
            problems += _refused(
                lambda place=place, content=content, found=found: found.append(pictures.drawn(content, place))
            )  # type: ignore[misc]
            if not found:
                continue
            file_id = str(_stored(contest, found[0], place.name)) if keep else f"-{len(fresh) + 1}"
            if not keep:
                fresh[int(file_id)] = found[0]
        if file_id.lstrip("-").isdigit() and not sent.get(f"without-{place.name}"):
            held[place.name] = {"file": int(file_id), **box}
    return {"texts": texts, "colours": colours, "pictures": held, **({} if keep else {"fresh": fresh})}


def _stored(contest: Contest, content: bytes, name: str) -> int:
    png = content.startswith(b"\x89PNG")
    with transaction():
        return files.store(
            content, name=f"{name}.{'png' if png else 'jpg'}", media_type="image/png" if png else "image/jpeg",
            contest_id=contest.id, actor_id=current_actor().account_id, at=now(),
        ).id  # fmt: skip


@bp.post("/contests/<int:contest_id>/layouts/<int:design_id>/retire")
@signed_in
def design_retire(contest_id: int, design_id: int) -> Response:
    PlainForm().validate_on_submit()
    with transaction():
        contest = contest_for(current_actor(), contest_id, may=queries.ACT)
        designs.retire(designs.in_contest(contest.id, design_id), actor=current_actor(), at=now())
    flash(_("No longer offered. Papers made with it stay as they are."), "good")
    return redirect(url_for("certificates.designs_of", contest_id=contest_id))
