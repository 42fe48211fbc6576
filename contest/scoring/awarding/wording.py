"""Reasons put into words, in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from contest.scoring.awarding.levels import LEVELS
from contest.scoring.awarding.sentences import AWARDS, REASONS, WORDS
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.verdicts import Parameter, Reason
from contest.scoring.numbers import decimal_text

_LEVELS = {level.key: (level.en, level.zh) for level in LEVELS}


def sentence(reason: Reason, language: str, titles: Mapping[str, str] | None = None) -> str:
    """A reason as a sentence. language: "zh…" for Chinese, else English.

    titles: words in that language for keys of the rule set (modules, award tables, awards, columns); they
    come before the words known here.
    """
    chinese = language.startswith("zh")
    template = REASONS[reason.code][1 if chinese else 0]
    words = {name: _word(value, chinese, titles or {}) for name, value in reason.params.items()}
    return template.format_map(words)


def award_title(spec: AwardSpec, award: str, language: str) -> str:
    """The name of an award: as the table names it, else the usual name of such a key, else the key."""
    side = 1 if language.startswith("zh") else 0
    if award in spec.names:
        chinese, english = spec.names[award]
        return english if side == 0 else chinese
    names = AWARDS.get(award) or _LEVELS.get(award)
    return names[side] if names else award


def _word(value: Parameter, chinese: bool, titles: Mapping[str, str]) -> str:
    if value is None:
        return "—"
    if isinstance(value, tuple):
        return ("、" if chinese else ", ").join(_word(one, chinese, titles) for one in value) or "—"
    if isinstance(value, str):
        known = WORDS.get(value) or AWARDS.get(value) or _LEVELS.get(value)
        return titles.get(value) or (known[1 if chinese else 0] if known else value)
    return decimal_text(Fraction(value))
