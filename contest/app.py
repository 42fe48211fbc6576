"""create_app(): settings, database, doors, rooms."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from flask import Flask, Response, current_app
from flask_babel import get_locale
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from contest import audit, config, db, files, jobs, personal, web, words  # noqa: F401

ROOMS = ("accounts", "events", "entries", "judging", "results", "awards", "certificates", "desk")
MAX_UPLOAD = 20 * 1024 * 1024  # bytes; a registration workbook of 10,000 people has about 2 MB


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application. Raises config.SettingMissing if production lacks a secret."""
    settings = settings or config.load()
    app = Flask(
        "contest", template_folder=str(web.ROOT / "templates"), static_folder=str(web.ROOT / "static")
    )
    app.config.update(
        CONTEST=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(settings.threads),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_UPLOAD,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_NAME="contest",
        SESSION_REFRESH_EACH_REQUEST=False,  # how long a session lives is kept in its row, not in the cookie
        WTF_CSRF_TIME_LIMIT=None,  # a sheet may stay open all day; the token dies with the session
        WTF_CSRF_SSL_STRICT=False,
        TESTING=settings.mode == "test",
    )
    settings.instance.mkdir(parents=True, exist_ok=True)
    personal.configure(settings.personal_key)
    for room in ROOMS:
        _module(f"contest.{room}.models")
    db.init_app(app)
    Migrate(app, db.db, directory=str(web.ROOT / "migrations"), render_as_batch=True)
    web.init_app(app)
    app.jinja_env.filters["term"] = lambda member, kind="skills": words.term(member, str(get_locale()), kind)
    jobs.init_app(app)
    for room in ROOMS:
        module = _module(f"contest.{room}.views")
        if module:
            module.init_app(app)
    app.add_url_rule("/healthz", "healthz", _healthz)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _module(name: str) -> Any:
    """A room's file exists when it has content."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _healthz() -> Response:
    return current_app.response_class("ok\n", mimetype="text/plain")
