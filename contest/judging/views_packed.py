"""The judge's pages go out compressed: a sheet of twenty aspects is 150 kB of text and 20 kB on the air of a hall.

Only pages that a judge opens with GET: nothing a stranger can put into the request comes back in them, so their
size tells nothing about the safety token inside.
"""

from __future__ import annotations

import gzip

from flask import Response, request

from contest.judging.views_tablet import bp

WORTH_IT = 2000  # bytes


@bp.after_request
def pack(response: Response) -> Response:
    """Compress a page for a browser that takes it."""
    if (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
        and not response.is_streamed
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and len(response.get_data()) > WORTH_IT
    ):
        response.set_data(gzip.compress(response.get_data(), 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
