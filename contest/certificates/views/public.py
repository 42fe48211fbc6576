"""Doors without an office: checking a paper by its code, and fetching one's own."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, session, url_for
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor
from contest.certificates import archiving, numbers, own, pixels, queries, service
from contest.certificates.forms import OwnForm
from contest.certificates.refusals import NoSuchCertificate, TooManyTries
from contest.certificates.views.door import bp, instance, label_of, sent
from contest.db import now, transaction
from contest.errors import Missing

OPEN_SECONDS = 600  # how long the door stays open after number, name and digits fitted
KEPT = "papers_of"


@bp.get("/verify")
def verify_form() -> str | Response:
    code = numbers.typed_code(request.args.get("code", ""))
    if code:
        return redirect(url_for("certificates.verify", code=code, lang=request.args.get("lang")))
    return render_template("certificates/verify.html", found=None, code="", is_asked=False)


@bp.get("/verify/<code>")
def verify(code: str) -> tuple[str, int]:
    """What anybody with the paper in hand may learn: state, masked name, award, date."""
    ip, plain = request.remote_addr or "", numbers.typed_code(code)[:40]
    own.may_check(ip, now())
    found = queries.checked(plain)
    if found is None:
        with transaction():
            own.note_unknown_code(ip, at=now())
    page = render_template(
        "certificates/verify.html", found=found, code=numbers.shown_code(plain), is_asked=True,
        award=(found.award_en or found.award) if found and web.choose_locale() == "en" else (found.award if found else ""),
    )  # fmt: skip
    return page, 200 if found else 404


@bp.route("/my-certificate", methods=["GET", "POST"])
def mine() -> str | Response | tuple[str, int]:
    """One's own papers: at once for a signed-in contestant, else by number, name and the last six of the ID."""
    form, ip = OwnForm(), request.remote_addr or ""
    if form.validate_on_submit():
        number = form.number.data or ""
        try:
            person_id = service.find_own(
                number=number, name=form.name.data or "", digits=form.digits.data or "", ip=ip, at=now()
            )
        except NoSuchCertificate as refusal:
            with transaction():
                service.note_failure(number, ip, at=now())
            form.digits.errors = [web.sentence(refusal.code)]
            return render_template("certificates/mine.html", form=form, rows=None), 422
        except TooManyTries as refusal:
            form.digits.errors = [web.sentence(refusal.code)]
            return render_template("certificates/mine.html", form=form, rows=None), 429
        session[KEPT] = [person_id, int(now().timestamp()) + OPEN_SECONDS]
        return redirect(url_for("certificates.mine"))
    known = _person()
    rows = None if known is None else queries.own(known)
    page = render_template(
        "certificates/mine.html", form=form, rows=rows, label_of=label_of, has_picture=pixels.is_available(),
        is_signed=archiving.can_sign(instance()),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _person() -> int | None:
    """Whose papers this browser may fetch: the signed-in contestant's, or those of the last ten minutes' proof."""
    actor = current_actor()
    if actor.person_id is not None:
        return actor.person_id
    kept = session.get(KEPT)
    if kept and kept[1] > now().timestamp():
        return int(kept[0])
    return None


@bp.get("/my-certificate/<int:certificate_id>.<any(pdf, png):kind>")
def own_pdf(certificate_id: int, kind: str) -> FlaskResponse | Response:
    """One's own paper: as it was issued, or as a picture, which a phone keeps more easily."""
    person_id = _person()
    if person_id is None:
        return redirect(url_for("certificates.mine"))
    row = queries.own_certificate(person_id, certificate_id)
    if row.file is None or (kind == "png" and not pixels.is_available()):
        raise Missing()
    content = service.content_of(row)
    if kind == "png":
        return sent(
            pixels.png(content, dpi=150), row.file.name.replace(".pdf", ".png"), "image/png", inline=False
        )
    return sent(content, row.file.name, inline=False)


@bp.get("/my-certificate/<int:certificate_id>-archive.pdf")
def own_archive(certificate_id: int) -> FlaskResponse | Response:
    """One's own paper as PDF/A, signed where there is a key."""
    person_id = _person()
    if person_id is None:
        return redirect(url_for("certificates.mine"))
    row = queries.own_certificate(person_id, certificate_id)
    return sent(archiving.copy_of(row, instance()), f"{row.number}_PDFA.pdf", inline=False)
