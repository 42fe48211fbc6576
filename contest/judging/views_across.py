"""One aspect of all contestants: the same fields and the same endpoint, each field on its contestant's own sheet."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import get_locale

from contest.accounts.sessions import current_actor
from contest.errors import Missing
from contest.judging import queries, sheet_rows
from contest.judging.views_tablet import bp, frame, judges_only


@bp.get("/sheets/<public_id>/across/<aspect>")
@judges_only
def across(public_id: str, aspect: str) -> str:
    """An aspect of the judge's open sheets of the same seat, module and round."""
    views = queries.sheets_beside(current_actor(), public_id, locale=str(get_locale()))
    rows = sheet_rows.rows_across(views, aspect, str(get_locale()))
    if not rows:
        raise Missing()
    keys = [one.key for one in views[0].aspects]
    place = keys.index(aspect)
    near = {
        "before": keys[place - 1] if place else None,
        "after": keys[place + 1] if place + 1 < len(keys) else None,
    }
    urls = {"back": url_for("tablet.sheet", public_id=public_id), "sync": url_for("tablet.sync")}
    return render_template(
        "tablet/across.html", rows=rows, line=views[0].line, anchor=public_id, near=near, urls=urls, **frame()
    )
