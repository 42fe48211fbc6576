"""What every door shares: form base, headers, refusals put into words, filters. Imports no room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, jsonify, render_template, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext, lazy_gettext
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from contest import assets
from contest.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("zh_CN", "en")
DOMAINS = ("core", "accounts", "events", "entries", "judging", "results", "awards", "certificates", "desk")
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

csrf = CSRFProtect()
babel = Babel()
_messages: dict[str, Any] = {}


class BaseForm(FlaskForm):
    """A form with CSRF. What was typed is kept: views render it again with status 422."""

    class Meta(FlaskForm.Meta):
        locales = ["zh", "en"]


def register_messages(messages: Mapping[str, Any]) -> None:
    """Give the sentences of a room's refusals: code → lazy_gettext with %(name)s. A code used twice is refused."""
    for code, text in messages.items():
        if code in _messages and str(_messages[code]) != str(text):
            raise ValueError(f"two sentences for the refusal {code!r}")
        _messages[code] = text


def sentence(code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence of a refusal in the reader's language; it says what to do next."""
    text = _messages.get(code)
    if text is None:
        return gettext("This can't be done (%(code)s). Go back, reload the page and try again.", code=code)
    return str(text) % dict(params or {}) if params else str(text)


register_messages(
    {
        "missing": lazy_gettext(
            "There is nothing here, or it isn't yours to see. Go back to the start page."
        ),
        "forbidden": lazy_gettext(
            "Your role does not include this. Ask the organiser if you should have it."
        ),
        "stale": lazy_gettext(
            "Somebody else changed this while you had it open. Nothing was overwritten: reload to see the "
            "present state, then make your change again."
        ),
        "disk_full": lazy_gettext(
            "The server's disk is full, so nothing was kept. Ask the operator to make room, then try again."
        ),
        "invalid": lazy_gettext("Some of what was entered can't be taken. See the marked fields."),
        "refused": lazy_gettext("This can't be done in the present state."),
    }
)


def init_app(app: Flask) -> None:
    """Languages, CSRF, headers, filters and error pages."""
    folder = str(Path(__file__).parent / "translations")
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh_CN")
    babel.init_app(
        app,
        default_domain=";".join(DOMAINS),
        default_translation_directories=";".join([folder] * len(DOMAINS)),
        locale_selector=choose_locale,
        timezone_selector=lambda: g.get("timezone", "Asia/Shanghai"),
    )
    csrf.init_app(app)
    assets.init_app(app)
    app.after_request(_headers)
    app.jinja_env.globals.update(
        called=called,
        static_url=assets.url,
        static_digest=assets.digest,
        sentence=sentence,
        get_locale=get_locale,
        LOCALES=LOCALES,
    )
    app.jinja_env.filters.update(instant=instant, day=day)
    for status in (400, 403, 404, 405, 413, 415, 422, 429, 500):
        app.register_error_handler(status, _http_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(StaleDataError, lambda _error: _error_page(409, "stale", {}))


def choose_locale() -> str:
    """The language chosen by `?lang=`, else the one kept in the session, else the browser's, else Chinese."""
    chosen = request.args.get("lang") if request else None
    if chosen in LOCALES:
        return chosen
    if g.get("public_page"):  # cached byte for byte: the address alone decides
        return "zh_CN"
    kept = session.get("locale")
    if kept in LOCALES:
        return kept
    return "en" if request.accept_languages.best_match(("zh", "en"), "zh") == "en" else "zh_CN"


def called(row: Any) -> str:
    """The name of a contest, edition, sub-contest or event in the reader's language, where it has one in it."""
    return row.name_en if str(get_locale()) == "en" and row.name_en else row.name


def instant(value: datetime | None, form: str = "yyyy-MM-dd HH:mm") -> str:
    """An instant in the contest's zone."""
    return format_datetime(value, form) if value else ""


def day(value: date | None) -> str:
    """A date in the reader's language: 2026年11月20日."""
    return format_date(value, "long") if value else ""


def local_zone() -> ZoneInfo:
    """The zone that typed times are meant in."""
    return ZoneInfo(g.get("timezone", "Asia/Shanghai"))


def wants_json() -> bool:
    """Whether the caller speaks JSON: then a refusal is JSON too."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers.setdefault("X-Frame-Options", "DENY")  # for browsers that don't know the directive
    response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    if "Cache-Control" not in response.headers and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    # A hall's address is used by something else tomorrow: only a name of one's own may insist on HTTPS.
    if current_app.config["CONTEST"].is_secure and not current_app.config["CONTEST"].hall:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _refused(error: Refused) -> tuple[Response | str, int]:
    return _error_page(error.status, error.code, error.params)


def _error_page(status: int, code: str, params: Mapping[str, object]) -> tuple[Response | str, int]:
    text = sentence(code, params)
    if wants_json():
        return jsonify(error=code, message=text, params={k: str(v) for k, v in params.items()}), status
    page = status if status in (400, 403, 404, 409, 413, 422, 429, 500) else 400
    return render_template(f"errors/{page}.html", message=text, code=code), status


def _http_error(error: HTTPException) -> tuple[Response | str, int]:
    status = error.code or 500
    if wants_json():
        return jsonify(error=f"http_{status}", message=error.description), status
    page = status if status in (400, 403, 404, 413, 422, 429, 500) else 400
    return render_template(f"errors/{page}.html", message=None, code=str(status)), status


def _csrf_error(error: CSRFError) -> tuple[Response | str, int]:
    text = gettext(
        "This page was open too long, so its safety token has expired. Nothing was lost on the server: go back, "
        "reload the page and send it again."
    )
    if wants_json():
        return jsonify(error="csrf", message=text), 400
    return render_template("errors/400.html", message=text, code="csrf"), 400


def safe_path(wanted: str | None, fallback: str) -> str:
    """A wanted address if it is a path of this site, else the fallback: nobody is sent elsewhere."""
    parts = urlsplit(wanted or "")
    if parts.netloc and parts.netloc != request.host:
        return fallback
    path = parts._replace(scheme="", netloc="", fragment="").geturl()
    return path if path.startswith("/") and not path.startswith("//") else fallback


def neutral(value: object) -> object:
    """A cell for an export: text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
