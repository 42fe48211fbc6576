"""Doors of signing in and out, the password, the language."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest import web
from contest.accounts import queries, service, sessions, views_pins
from contest.accounts.forms import EmptyForm, PasswordForm, SignInForm
from contest.accounts.models import LinkPurpose, Role
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction

bp = Blueprint("accounts", __name__)

MESSAGES = {
    "link_unusable": lazy_gettext("This sign-in link is not known here. Ask the organiser for a new one."),
    "link_replaced": lazy_gettext(
        "This sign-in code was replaced by a newer one. Use the newest, or ask the organiser to print it again."
    ),
    "link_used": lazy_gettext(
        "This link works once and has been used. Sign in with your password, or ask for a new one."
    ),
    "link_expired": lazy_gettext("This link has expired. Ask the organiser for a new one."),
    "too_many_tries": lazy_gettext("Too many wrong tries. Wait fifteen minutes, then try again."),
    "wrong_credentials": lazy_gettext("Login and password don't fit together. Check both and try again."),
    "login_taken": lazy_gettext("The login “%(login)s” is taken. Choose another."),
    "name_needed": lazy_gettext("Choose a person from the list, or type the name of a new one."),
    "own_grant": lazy_gettext(
        "You can't take a role from yourself. Ask another organiser or the administrator."
    ),
    "link_not_yours": lazy_gettext(
        "This person has a password or roles that you can't give, so only the administrator can make a sign-in link for them."
    ),
    "pin_digits": lazy_gettext("A PIN has 4 to 8 digits. Type digits only."),
    "pin_easy": lazy_gettext(
        "This PIN is guessed at once. Choose digits that are not all the same or in a row."
    ),
    "pin_wrong": lazy_gettext("This is not your PIN. Try again, or scan your personal code again."),
    "pin_missing": lazy_gettext("You have no PIN. Scan your personal code again, then choose one."),
    "password_short": lazy_gettext("A password has at least %(length)s characters."),
}


def init_app(app: Flask) -> None:
    """Register the room's door, its sentences, and what every template needs."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
    app.register_blueprint(views_pins.bp)
    app.context_processor(lambda: {"current_actor": current_actor, "Role": Role})


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> tuple[str, int] | str | Response:
    form = SignInForm()
    if form.validate_on_submit():
        account = queries.account_by_login(form.login.data)
        account_id, login, ip = (account.id if account else None), form.login.data, request.remote_addr or ""
        try:
            with transaction():
                account = queries.account_by_id(account_id) if account_id else None
                row, secret = service.sign_in_by_password(
                    account,
                    login=login,
                    password=form.password.data,
                    at=now(),
                    ip=ip,
                    device=request.user_agent.string,
                    device_id=sessions.device_for_signing_in().id,
                )
        except service.WrongCredentials as refusal:
            with transaction():
                service.note_failure([f"login:{login.strip().lower()}", f"ip:{ip}"], at=now())
            form.password.errors = [web.sentence(refusal.code)]
            return render_template("accounts/sign_in.html", form=form), 422
        sessions.keep(row, secret)
        return redirect(safe_next(landing()))
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@bp.get("/s/<token>")
def open_link(token: str) -> str:
    """The page a link or QR opens. Signing in is a POST, so that a chat's link preview can't use the link up."""
    link = queries.link_by_token(token)
    return render_template("accounts/link.html", form=EmptyForm(), token=token, link=link)


@bp.post("/s/<token>")
def use_link(token: str) -> Response:
    EmptyForm().validate_on_submit()
    with transaction():
        row, secret = service.sign_in_by_link(
            token,
            at=now(),
            ip=request.remote_addr or "",
            device=request.user_agent.string,
            device_id=sessions.device_for_signing_in().id,
        )
        link = queries.link_by_token(token)
        is_first = link is not None and link.purpose in (LinkPurpose.INVITATION, LinkPurpose.FIRST_ORGANISER)
        needs_password = is_first and row.account.password_hash is None
        sessions.keep(row, secret)
    if needs_password:
        flash(_("Choose a login and a password now: the link works only once."))
        return redirect(url_for("accounts.password"))
    if row.via == "qr" and row.account.pin_hash is None:
        return redirect(url_for("pins.pin", next=landing()))
    return redirect(landing())


@bp.post("/sign-out")
def sign_out() -> Response:
    session_id = sessions.forget()
    if session_id is not None:
        with transaction():
            service.close_session(queries.session_by_id(session_id), at=now())
    flash(_("You are signed out."))
    return redirect(url_for("desk.home"))


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> str | Response | tuple[str, int]:
    actor = current_actor()
    form = PasswordForm(login=queries.account_by_id(actor.account_id or 0).login)
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form), 422 if form.errors else 200
    try:
        with transaction():
            account = queries.account_by_id(actor.account_id or 0)
            service.set_login(account, login=form.login.data, actor=actor, at=now())
            service.set_password(account, password=form.password.data, actor=actor, at=now())
    except service.Invalid as refusal:
        form.login.errors = [web.sentence(refusal.code, refusal.params)]
        return render_template("accounts/password.html", form=form), 422
    flash(_("Saved. From now on sign in with this login and password."))
    return redirect(url_for("desk.home"))


@bp.post("/language")
def language() -> Response:
    """Choose the language; kept in the browser's session."""
    chosen = request.form.get("locale")
    if chosen in web.LOCALES:
        session["locale"] = chosen
        session.permanent = True
    return redirect(safe_next(request.referrer))


def landing() -> str:
    """Where somebody arrives after signing in: judges at their sheets, everybody else at the start page."""
    actor = current_actor()
    is_judge = actor.has_role(Role.JUDGE, Role.CHIEF_JUDGE)
    marks_here = actor.via == "qr" or not actor.has_role(*(set(Role) - {Role.JUDGE, Role.CONTESTANT}))
    return url_for("tablet.home" if is_judge and marks_here else "desk.home")


def safe_next(fallback: str | None = None) -> str:
    """A path of this site only: nobody is sent elsewhere after signing in."""
    return web.safe_path(
        request.args.get("next") or request.form.get("next") or fallback, url_for("desk.home")
    )
