"""What this room's forms share."""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import Any

from flask_babel import get_locale

from contest import words
from contest.events.forms.fields import RowForm


class EntriesForm(RowForm):
    """A form whose errors may come from a service or from the checks of a registration file."""

    def complain(self, name: str, text: Any) -> None:
        """Put a sentence at a field."""
        field = self[name]
        field.errors = [*field.errors, text]


def choices_of(kind: type[enum.Enum], *, without: Collection[enum.Enum] = ()) -> list[tuple[str, str]]:
    """Members of an enum as choices, in the reader's language."""
    locale = str(get_locale())
    return [(member.value, words.term(member, locale)) for member in kind if member not in without]
