"""`contest hall`: the same installation over HTTPS in a hall without internet, and a plain page that tells how to trust it."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path

import segno
from flask import Flask, Response, redirect, render_template, request, url_for
from markupsafe import Markup

from contest import config, hall_keys, serve, web
from contest.hall_keys import HallFiles

PORT, PAGE_PORT = 8443, 8080
LOOK_EVERY = 20.0  # seconds between two looks at the machine's addresses


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest hall [--demo]`."""
    parser = subparsers.add_parser("hall", help="serve over HTTPS in a hall's own network, for tablets")
    parser.add_argument("--demo", action="store_true", help="with the demo's invented contest")
    parser.set_defaults(run=_run, needs_app=False)


def _run(args: argparse.Namespace) -> int:
    """Make the certificates, say where to go, and start the same server and workers as `contest serve`."""
    os.chdir(serve.ROOT)
    os.umask(0o077)
    instance = Path(os.environ.get("CONTEST_INSTANCE", "instance")).resolve()
    files = HallFiles(instance / "hall")
    addresses = hall_keys.present_addresses()
    hall_keys.prepare(files, addresses, hall_keys.names_here(), at=hall_keys.now())
    private = [one for one in addresses if one.version == 4 and hall_keys.is_private(one)]
    host = str(private[0]) if private else "127.0.0.1"
    if not private:
        serve.say(
            "This machine has no private address, so no tablet can reach it here. Connect it to the hall's network."
        )
    port = os.environ.get("HALL_PORT", str(PORT))
    os.environ.update(
        HOST="0.0.0.0",  # noqa: S104  (the hall's network is to reach it)
        PORT=port,
        CONTEST_HALL="1",
        CONTEST_BASE_URL=os.environ.get("CONTEST_BASE_URL") or f"https://{bracketed(host)}:{port}",
    )
    page = f"http://{bracketed(host)}:{os.environ.get('HALL_PAGE_PORT', PAGE_PORT)}/"
    serve.say(f"Open this on each tablet first; it tells how to trust this hall: {page}")
    serve.say(f"Fingerprint to compare there: {hall_keys.fingerprint(files)}")
    if sys.stdout.isatty():
        segno.make(page, error="m").terminal(compact=True)
    return serve.start(is_demo=args.demo)


def bracketed(host: str) -> str:
    """An IPv6 address stands in brackets in a URL."""
    return f"[{host}]" if ":" in host else host


def create_page() -> Flask:
    """The plain HTTP page: the authority's certificate, the steps for each system, the way to the judging app."""
    settings = config.load()
    app = Flask(
        "contest", template_folder=str(web.ROOT / "templates"), static_folder=str(web.ROOT / "static")
    )
    app.config.update(CONTEST=settings, SECRET_KEY=settings.secret_key, SESSION_COOKIE_NAME="hall")
    web.init_app(app)
    files = HallFiles(settings.instance / "hall")
    app.add_url_rule("/", "steps", lambda: _steps(files, settings))
    app.add_url_rule("/hall.crt", "certificate", lambda: _certificate(files))
    app.register_error_handler(404, lambda _error: redirect(url_for("steps")))
    threading.Thread(target=_watch, args=(files,), name="addresses", daemon=True).start()
    return app


def _steps(files: HallFiles, settings: config.Settings) -> str:
    host = request.host.rpartition(":")[0] or request.host
    secure = f"https://{host}:{settings.port}"
    return render_template(
        "hall.html",
        fingerprint=hall_keys.fingerprint(files),
        certificate=url_for("certificate"),
        judging=f"{secure}/judge/",
        start=f"{secure}/",
        here=request.url_root,
        code=_code(request.url_root),
    )


def _code(text: str) -> Markup:
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None, light="#fff"))  # noqa: S704


def _certificate(files: HallFiles) -> Response:
    """Android and iOS offer to install what comes with this type."""
    content = files.authority.read_bytes()
    answer = Response(content, mimetype="application/x-x509-ca-cert")
    answer.headers["Content-Disposition"] = 'attachment; filename="contest-hall.crt"'
    return answer


def _watch(files: HallFiles) -> None:
    """A router gave the machine another address: the certificate follows, and the server reads it anew by itself."""
    while not threading.Event().wait(LOOK_EVERY):
        if hall_keys.prepare(
            files, hall_keys.present_addresses(), hall_keys.names_here(), at=hall_keys.now()
        ):
            serve.say("The addresses of this machine changed: the hall's certificate was renewed.")
