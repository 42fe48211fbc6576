"""Short ways to write candidates and to read verdicts in tests of the award rules."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from contest.scoring.awarding import Awarding, Candidate, award


def ranked(*ranks: int | Fraction | None, **columns: Sequence[str]) -> list[Candidate]:
    """Candidates A, B, C … with these ranks; each keyword is a column with one value a candidate."""
    return [
        Candidate(
            chr(ord("A") + i),
            rank,
            Fraction(100 - i) if rank is not None else None,
            attributes={name: values[i] for name, values in columns.items() if values[i]},
        )
        for i, rank in enumerate(ranks)
    ]


def field(size: int, **columns: Sequence[str]) -> list[Candidate]:
    """Candidates with ranks 1 … size, keys "001" …, total 1000 − rank."""
    return [Candidate(f"{place:03}", place, Fraction(1000 - place)) for place in range(1, size + 1)]


def given(found: Awarding) -> dict[str, str]:
    """Recipient → award."""
    return {grant.recipient: grant.award for grant in found.grants}


def refused(found: Awarding) -> dict[str, str]:
    """Recipient → code of the refusal."""
    return {refusal.recipient: refusal.reason.code for refusal in found.refusals}


def asked(found: Awarding) -> dict[str, tuple[str, ...]]:
    """Code of the question → subjects."""
    return {question.reason.code: question.subjects for question in found.questions}


def one(by: str, candidates: Sequence[Candidate], **table: Any) -> Awarding:
    """Apply a single award table with the key "prize"."""
    return award([{"key": "prize", "by": by, **table}], candidates)


def counts(found: Awarding) -> Mapping[str, int]:
    """Award → how often."""
    awards = [grant.award for grant in found.grants]
    return {name: awards.count(name) for name in dict.fromkeys(awards)}
