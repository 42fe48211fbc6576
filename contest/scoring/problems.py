"""What is wrong with a rule set or with marks: a code, a place and parameters, and the sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contest.scoring.sentences import SENTENCES


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    code: a key of `sentences.SENTENCES`. path: where, as "modules.practice.method" in a rule set, or the
    subject's key for marks. params: the values the sentence names. severity: "error" blocks saving the rules
    or publishing the result; "note" only informs.
    """

    code: str
    path: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Literal["error", "note"] = "error"

    def sentence(self, language: str = "en") -> str:
        """The problem in words, saying how to mend it; `language` is "en" or "zh"."""
        english, chinese = SENTENCES[self.code] if self.code in SENTENCES else _award_sentence(self.code)
        template = chinese if language.startswith("zh") else english
        words = {name: _word(value) for name, value in self.params.items()}
        return template.format_map({"path": self.path, **words})


def _award_sentence(code: str) -> tuple[str, str]:
    """Sentences about awards stand beside the award rules, which import this module."""
    from contest.scoring.awarding.mistakes import PROBLEMS

    return PROBLEMS[code]


def _word(value: Any) -> str:
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(str(item) for item in value)
    return str(value)


class RulesError(ValueError):
    """A rule set that cannot be read at all; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.sentence() for problem in problems))
        self.problems = problems
