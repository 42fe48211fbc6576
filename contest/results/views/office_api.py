"""The same interface for an organiser's own programs: with a token, lists under embargo too. Read only as well."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, g, request

from contest.accounts.access import Actor
from contest.db import now, transaction
from contest.errors import Missing
from contest.results import portable, queries, service, tokens
from contest.results.models import Publication
from contest.results.models_hooks import ApiToken
from contest.results.readings import must_log
from contest.results.views.api import _number, _parameters, bp


class TokenNeeded(Exception):
    """No token came with the request, or one that opens nothing."""


@bp.errorhandler(TokenNeeded)
def _token_needed(_error: TokenNeeded) -> Response:
    answer = _private(
        {
            "error": "token_needed",
            "message": "Send a live token as “Authorization: Bearer …”. An organiser makes one under “Webhooks and tokens”.",
        },
        401,
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _private(value: Any, status: int = 200) -> Response:
    """An answer that nobody on the way keeps."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    answer = current_app.response_class(text, status, content_type="application/json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _reader() -> tuple[ApiToken, Actor]:
    """Whose token it is, with the rights of its account as they are now; its use is written down now and then."""
    found = tokens.bearer_of(request.headers.get("Authorization", ""))
    if found is None:
        raise TokenNeeded()
    row, actor = found
    at = now()
    if row.last_used_at is None or at - row.last_used_at > tokens.SEEN_EVERY:
        with transaction():
            row.last_used_at = at
    g.token_actor = actor
    return row, actor


@bp.get("/office/lists")
def office_lists() -> Response:
    """The lists of the token's contest that count now, those under embargo included for whoever may read them."""
    _parameters()
    row, actor = _reader()
    found = queries.live_publications(actor, row.contest_id)
    return _private({"lists": [_summary(one) for one in found]})


@bp.get("/office/lists/<publication_id>")
def office_list(publication_id: str) -> Response:
    """One list of the token's contest with all its lines; reading one under embargo is put on record."""
    _parameters()
    row, actor = _reader()
    number = _number(publication_id)
    publication = queries.publication_for(actor, number, may="results.view")
    if publication.event.sub_contest.edition.contest_id != row.contest_id:
        raise Missing()
    if must_log(publication):
        with transaction():
            service.log_reading(publication=publication, door="api", actor=actor, at=now())
    return _private({**portable.document(publication, queries.rows_for(publication)), **_more(publication)})


def _summary(publication: Publication) -> dict[str, Any]:
    return {**portable.summary(publication), **_more(publication)}


def _more(publication: Publication) -> dict[str, Any]:
    return {"is_embargoed": publication.is_embargoed}
