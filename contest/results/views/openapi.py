"""What the interface for programs is, as OpenAPI 3.1: kept beside it, and tried against it by a test."""

from __future__ import annotations

from typing import Any

MAX_ID = 2**31 - 1
TEXTS = 80
"""Longest text that is looked for, in characters."""


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
ID = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
NAMES = {"zh": TEXT, "en": TEXT}
STATES = [
    "draft",
    "checked",
    "provisional",
    "confirmed",
    "public_notice",
    "final",
    "archived",
    "superseded",
    "withdrawn",
]
SUMMARY = {
    "id": ID,
    "edition_id": ID,
    "event_id": ID,
    "edition": _ref("Names"),
    "sub_contest": _ref("Names"),
    "event": _ref("Names"),
    "ranking": _object({"key": TEXT, **NAMES}),
    "round": {"oneOf": [_ref("Names"), {"type": "null"}]},
    "state": {"type": "string", "enum": STATES},
    "revision": {"type": "integer", "minimum": 1},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "published_at": {"type": "string", "format": "date-time"},
    "shown_places": {
        "type": ["integer", "null"],
        "minimum": 1,
        "description": "Only the first so many places are public, ties included; null: all lines.",
    },
    "is_demo": FLAG,
}
LINE = {
    "rank": {**TEXT, "description": "As shown: 1, 2, 2.5, or empty when not ranked."},
    "name": TEXT,
    "people": TEXT,
    "delegation": TEXT,
    "total": {**TEXT, "description": "As printed, rounded by the rules."},
    "total_exact": {**TEXT, "description": "A fraction, numerator/denominator; empty without a total."},
    "status": TEXT,
    "decided_by": {**TEXT, "description": "The key that decided the place."},
    "award": _ref("Names"),
    "cells": _object({"zh": _array(TEXT), "en": _array(TEXT)}),
}
LIST = {
    **SUMMARY,
    "hosts": _array(_object({"role": TEXT, **NAMES})),
    "trade": {"type": "object"},
    "withdrawn_reason": {"type": ["string", "null"]},
    "columns": _array(_object({"key": TEXT, "kind": TEXT, **NAMES})),
    "rows": _array(_ref("Line")),
    "newest_id": {"type": ["integer", "null"]},
}
SCHEMAS = {
    "Names": _object(NAMES),
    "Summary": _object(SUMMARY),
    "Line": _object(LINE),
    "List": _object(LIST),
    "OfficeList": _object(
        {**{key: value for key, value in LIST.items() if key != "newest_id"}, "is_embargoed": FLAG}
    ),
    "Lists": _object(
        {
            "page": {"type": "integer"},
            "pages": {"type": "integer"},
            "total": {"type": "integer"},
            "lists": _array(_ref("Summary")),
        }
    ),
    "Editions": _object(
        {"editions": _array(_object({"id": ID, **NAMES, "events": _array(_object({"id": ID, **NAMES}))}))}
    ),
    "Problem": _object({"error": TEXT, "message": TEXT, "parameter": TEXT}, optional=("parameter",)),
}


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _asked(name: str, schema: dict[str, Any], text: str, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": text}


def _get(name: str, text: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    problems = {"422": _answer("A parameter is unknown or wrong; `parameter` names it.", _ref("Problem"))}
    if any(one["in"] == "path" for one in parameters):
        problems["404"] = _answer("Nothing public has this number.", _ref("Problem"))
    return {
        "get": {
            "operationId": name,
            "summary": text,
            "parameters": list(parameters),
            "responses": {
                "200": _answer(text, schema),
                "304": {"description": "Unchanged since the ETag sent in If-None-Match."},
                **problems,
            },
        }
    }


def _with_token(path: dict[str, Any]) -> dict[str, Any]:
    """The same behind a token; it is never kept on the way, so there is no 304."""
    answers = {key: one for key, one in path["get"]["responses"].items() if key != "304"}
    answers["401"] = _answer("No live token came with the request.", _ref("Problem"))
    return {"get": {**path["get"], "responses": answers, "security": [{"token": []}]}}


_LOOKED_FOR = {"type": "string", "minLength": 1, "maxLength": TEXTS, "pattern": "^[^\\u0000]+$"}
DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Published contest results · 竞赛成绩公布接口",
        "version": "1",
        "description": "Read only: what is published, as it is published. What is public needs no key, and no cookie is looked at; /office needs a token of an organiser.",
    },
    "servers": [{"url": "/api/v1"}],
    "paths": {
        "/openapi.json": _get("description", "This description", {"type": "object"}),
        "/editions": _get("editions", "Editions with public lists, and their events", _ref("Editions")),
        "/lists": _get(
            "lists",
            "Lists that count now, a page at a time",
            _ref("Lists"),
            _asked("edition", ID, "Of this edition only"),
            _asked("event", ID, "Of this event only"),
            _asked("q", _LOOKED_FOR, "With a line in which this stands"),
            _asked("delegation", _LOOKED_FOR, "With a line of this delegation"),
            _asked("page", ID, "From 1"),
        ),
        "/lists/{publication_id}": _get(
            "list",
            "A list with its lines",
            _ref("List"),
            _asked("publication_id", ID, "As given by /lists", place="path"),
        ),
        "/office/lists": _with_token(
            _get(
                "office_lists",
                "With a token: the lists of its contest that count now, under embargo too",
                _object({"lists": _array(_object({**SUMMARY, "is_embargoed": FLAG}))}),
            )
        ),
        "/office/lists/{publication_id}": _with_token(
            _get(
                "office_list",
                "With a token: a list of its contest with all its lines",
                _ref("OfficeList"),
                _asked("publication_id", ID, "As given by /office/lists", place="path"),
            )
        ),
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
