"""The interface for programs, version 1: read only, what is public and nothing else, described by /api/v1/openapi.json.

An address means the same for as long as its version stands: fields may be added, none is taken away or changes its
meaning. Answers carry an ETag; asking again with it costs next to nothing.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from contest.errors import Missing
from contest.results import portable, public
from contest.results.views.openapi import DESCRIPTION, MAX_ID, TEXTS

bp = Blueprint("api", __name__, url_prefix="/api/v1")


class BadParameter(Exception):
    """A parameter that the description does not know or not so."""

    def __init__(self, name: str, needed: str) -> None:
        super().__init__(name)
        self.name, self.needed = name, needed


@bp.url_value_preprocessor
def _know_a_public_page(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    g.public_page = True  # bytes follow from the address alone


@bp.errorhandler(BadParameter)
def _bad_parameter(error: BadParameter) -> Response:
    return _problem(422, "bad_parameter", f"{error.name}: {error.needed}", parameter=error.name)


@bp.errorhandler(Missing)
def _missing(_error: Missing) -> Response:
    return _problem(404, "missing", "There is no such public thing. It may not be published yet.")


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return _problem(error.code or 500, f"http_{error.code}", str(error.description))


def _problem(status: int, code: str, message: str, **more: str) -> Response:
    return _json({"error": code, "message": message, **more}, status)


def _json(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    answer = current_app.response_class(text, status, content_type="application/json")
    answer.headers["Cache-Control"] = "public, no-cache" if status == 200 else "no-store"
    answer.headers["Access-Control-Allow-Origin"] = "*"  # public, read only, and no cookie is looked at
    if status == 200:
        answer.add_etag(weak=True)
        answer.make_conditional(request)
    return answer


def _parameters(*integers: str, texts: tuple[str, ...] = ()) -> dict[str, Any]:
    """The query's parameters, each once, typed; raises BadParameter for any other."""
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in (*integers, *texts):
            raise BadParameter(
                name, "unknown here. The description at /api/v1/openapi.json lists what there is."
            )
        if len(values) > 1:
            raise BadParameter(name, "given more than once.")
        found[name] = _integer(name, values[0]) if name in integers else _text(name, values[0])
    return found


def _integer(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and 1 <= int(value) <= MAX_ID):
        raise BadParameter(name, f"a whole number from 1 to {MAX_ID} is needed.")
    return int(value)


def _number(value: str) -> int:
    """A row's number in an address; what can't be one is not there (and is told as JSON, like every refusal here)."""
    try:
        return _integer("publication_id", value)
    except BadParameter:
        raise Missing() from None


def _text(name: str, value: str) -> str:
    if not 1 <= len(value) <= TEXTS or "\x00" in value:
        raise BadParameter(name, f"1 to {TEXTS} characters are needed.")
    return value


@bp.get("/openapi.json")
def description() -> Response:
    """OpenAPI 3.1."""
    _parameters()
    return _json(DESCRIPTION)


@bp.get("/editions")
def editions() -> Response:
    """Editions that have a public list, the newest first, with their events."""
    _parameters()
    rows, events, _delegations = public.choices()
    return _json(
        {
            "editions": [
                {
                    "id": key,
                    "zh": zh,
                    "en": en or zh,
                    "events": [
                        {"id": event[0], "zh": event[2], "en": event[3] or event[2]}
                        for event in events
                        if event[1] == key
                    ],
                }
                for key, zh, en in rows
            ]
        }
    )


@bp.get("/lists")
def lists() -> Response:
    """The lists that count now, a page at a time; `q` and `delegation` keep those with such a line."""
    asked = _parameters("edition", "event", "page", texts=("q", "delegation"))
    wanted = public.Wanted(
        text=asked.get("q", ""),
        edition_id=asked.get("edition"),
        event_id=asked.get("event"),
        delegation=asked.get("delegation", ""),
    )
    page = asked.get("page", 1)
    found, total = public.lists(wanted, page=page)
    return _json(
        {
            "page": page,
            "pages": -(-total // public.PAGE) or 1,
            "total": total,
            "lists": [portable.summary(one) for one in found],
        }
    )


@bp.get("/lists/<publication_id>")
def one_list(publication_id: str) -> Response:
    """One list with its lines; superseded and withdrawn ones say so, `newest_id` names the one that counts."""
    _parameters()
    standing = public.standing_of(_number(publication_id))
    validator = standing.etag("api", DESCRIPTION["info"]["version"])
    if validator in request.headers.get("If-None-Match", ""):
        answer = current_app.response_class(status=304)
        answer.headers["Access-Control-Allow-Origin"] = "*"
    else:
        row = public.publication_of(standing.publication_id)
        answer = _json({**portable.document(row, public.rows_for(row)), "newest_id": standing.newest_id})
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["ETag"] = f'W/"{validator}"'
    return answer


@bp.get("/<path:rest>")
def nothing(rest: str) -> Response:
    """Every other address below this one."""
    raise Missing()
