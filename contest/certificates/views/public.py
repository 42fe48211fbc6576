"""Doors without an office: checking a paper by its code, and fetching one's own."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, session, url_for
from werkzeug import Response

from contest import web
from contest.certificates import archiving, letter_queries, numbers, own, pixels, queries, service
from contest.certificates.checked import checked
from contest.certificates.forms import OwnForm
from contest.certificates.refusals import NoSuchCertificate, TooManyTries
from contest.certificates.views.door import KEPT, badge_sent, bp, instance, label_of, own_of, own_page, sent
from contest.certificates.views.numbers import KINDS
from contest.db import now, transaction
from contest.errors import Missing

OPEN_SECONDS = 600  # how long the door stays open after number, name and digits fitted


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
    found = checked(plain)
    if found is None:
        with transaction():
            own.note_unknown_code(ip, at=now())
    page = render_template(
        "certificates/verify.html", found=found, code=numbers.shown_code(plain), is_asked=True,
        kind=KINDS.get(found.kind, "") if found else "",
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
            return render_template("certificates/mine.html", form=form, rows=None, letters=[]), 422
        except TooManyTries as refusal:
            form.digits.errors = [web.sentence(refusal.code)]
            return render_template("certificates/mine.html", form=form, rows=None, letters=[]), 429
        session[KEPT] = [person_id, int(now().timestamp()) + OPEN_SECONDS]
        return redirect(url_for("certificates.mine"))
    known = own_of() or {"person_id": None, "account_id": None}
    person_id, letters = known["person_id"], letter_queries.own(**known)
    rows = None if person_id is None and not letters else [] if person_id is None else queries.own(person_id)
    page = render_template(
        "certificates/mine.html", form=form, rows=rows, letters=letters, label_of=label_of, kinds=KINDS,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.get("/my-certificate/<int:certificate_id>")
def own_paper(certificate_id: int) -> str | Response:
    """One's own paper to look at and to keep: WeChat downloads nothing, so the picture stands on the page."""
    person_id = (own_of() or {}).get("person_id")
    if person_id is None:
        return redirect(url_for("certificates.mine"))
    row = queries.own_certificate(person_id, certificate_id)
    return own_page(
        row, title=label_of(row.award), event=web.called(row.event),
        pdf=url_for("certificates.own_pdf", certificate_id=row.id, kind="pdf"),
        png=url_for("certificates.own_pdf", certificate_id=row.id, kind="png"),
        archive=url_for("certificates.own_archive", certificate_id=row.id),
        badge=url_for("certificates.own_badge", certificate_id=row.id),
    )  # fmt: skip


@bp.get("/my-certificate/<int:certificate_id>.<any(pdf, png):kind>")
def own_pdf(certificate_id: int, kind: str) -> FlaskResponse | Response:
    """One's own paper: as it was issued, or as a picture, which a phone keeps more easily."""
    person_id = (own_of() or {}).get("person_id")
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
    person_id = (own_of() or {}).get("person_id")
    if person_id is None:
        return redirect(url_for("certificates.mine"))
    row = queries.own_certificate(person_id, certificate_id)
    return sent(archiving.copy_of(row, instance()), f"{row.number}_PDFA.pdf", inline=False)


@bp.get("/my-certificate/<int:certificate_id>-badge.jwt")
def own_badge(certificate_id: int) -> Response:
    """One's own paper as an Open Badges credential."""
    person_id = (own_of() or {}).get("person_id")
    if person_id is None:
        return redirect(url_for("certificates.mine"))
    return badge_sent(queries.own_certificate(person_id, certificate_id))
