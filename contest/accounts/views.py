"""Doors of signing in and out, the password, the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest import web
from contest.accounts import queries, service, sessions
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
    "password_short": lazy_gettext("A password has at least %(length)s characters."),
}


def init_app(app: Flask) -> None:
    """Register the room's door, its sentences, and what every template needs."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
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
                )
        except service.WrongCredentials as refusal:
            with transaction():
                service.note_failure([f"login:{login.strip().lower()}", f"ip:{ip}"], at=now())
            form.password.errors = [web.sentence(refusal.code)]
            return render_template("accounts/sign_in.html", form=form), 422
        sessions.keep(row, secret)
        return redirect(_safe_next())
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
            token, at=now(), ip=request.remote_addr or "", device=request.user_agent.string
        )
        link = queries.link_by_token(token)
        is_first = link is not None and link.purpose in (LinkPurpose.INVITATION, LinkPurpose.FIRST_ORGANISER)
        needs_password = is_first and row.account.password_hash is None
        sessions.keep(row, secret)
    if needs_password:
        flash(_("Choose a login and a password now: the link works only once."))
        return redirect(url_for("accounts.password"))
    return redirect(url_for("desk.home"))


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
    return redirect(_safe_next(request.referrer))


def _safe_next(fallback: str | None = None) -> str:
    """A path of this site only: nobody is sent elsewhere after signing in."""
    wanted = urlsplit(request.args.get("next") or request.form.get("next") or fallback or "")
    if wanted.netloc and wanted.netloc != request.host:
        return url_for("desk.home")
    path = wanted._replace(scheme="", netloc="", fragment="").geturl()
    return path if path.startswith("/") and not path.startswith("//") else url_for("desk.home")
