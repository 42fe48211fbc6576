"""Words that the scripts of a sheet show beside those of the marks, in the judge's language."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from contest import web, words
from contest.judging.note_models import TimingCause, TimingKind


def note_words() -> dict[str, str]:
    """Sentences of comments, clock, photos, problems, undo and signing; {title}, {value} … are filled in there."""
    locale = str(get_locale())
    return {
        "clock_start": _("Start the clock"),
        "clock_on": _("Go on"),
        "clock_use": _("Take {time} as the mark"),
        "photo": _("Photo"),
        "problem_kept": _("Called: {kind}. The call is sent as soon as there is a network."),
        "problem_sent": _("The chief judge has the call."),
        "undo_first": _("{title}: this was the first mark. Type the right one over it."),
        "undo_done": _("{title} is back at {value}. Both entries stay in the history."),
        "undo_comment": _("Undone by the judge"),
        "comment_wanted": _("The rules ask for a comment on this mark."),
        "signed_here": _(
            "Signed on this device. The signature is sent as soon as all its marks have arrived."
        ),
        "draw_first": _("Sign in the box first."),
        "marks_unlikely": web.sentence("marks_unlikely"),
        **{f"timing_{one.value}": words.term(one, locale) for one in TimingKind},
        **{f"cause_{one.value}": words.term(one, locale) for one in TimingCause},
        **{
            f"note_{name}": web.sentence(f"note_{name}")
            for name in ("seconds", "timing_words_missing", "problem_words_missing", "not_a_picture")
        },
    }
