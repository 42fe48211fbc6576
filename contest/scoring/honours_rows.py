"""Awards and tables as rows of text, for awards.csv and tables.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.awarding.wording import sentence
from contest.scoring.honours import Honours
from contest.scoring.numbers import decimal_text
from contest.scoring.rules import Column, Input, RuleSet

AWARDS_HEADER = (
    "event",
    "ranking",
    "rule",
    "kind",
    "verdict",
    "award",
    "entry",
    "recipient",
    "place",
    "code",
    "reason_en",
    "reason_zh",
)

TABLES_HEADER = ("event", "table", "rank", "subject", "decided_by", "code")


def titles_of(rules: RuleSet) -> dict[str, dict[str, str]]:
    """The titles that a rule set gives its nodes, columns, award tables and awards: "en" and "zh" → key → title."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for node in (node for module in rules.modules for node in module.walk()):
        english[node.key], chinese[node.key] = node.title_en, node.title_zh
    columns: list[Column | Input] = [*rules.filters, *rules.inputs]
    for column in columns:
        english[column.name], chinese[column.name] = column.title_en, column.title_zh
    for table in (*(award for ranking in rules.rankings for award in ranking.awards), *rules.overall):
        spec = AwardSpec.read({"key": "", "by": "", **table})
        english[spec.key], chinese[spec.key] = spec.title_en, spec.title_zh
        for award, (zh, en) in spec.names.items():
            english[award], chinese[award] = en, zh
    return {"en": english, "zh": chinese}


def award_rows(
    honours: Honours, titles: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[tuple[str, ...]]:
    """One row for each grant, refusal, question (one for each subject) and quota, under AWARDS_HEADER.

    titles: "en" and "zh" → key of the rule set → its title, for the words of the reasons.
    """
    words = titles or {}
    for event, ranking, awarding in honours.awardings:
        start = (event, ranking)
        for grant in awarding.grants:
            middle = (
                grant.kind,
                "granted",
                grant.award,
                grant.subject,
                grant.recipient,
                str(grant.place or ""),
            )
            yield (*start, grant.rule, *middle, *_reason(grant.reason, words))
        for refusal in awarding.refusals:
            middle = ("", "refused", refusal.award or "", refusal.subject, refusal.recipient, "")
            yield (*start, refusal.rule, *middle, *_reason(refusal.reason, words))
        for question in awarding.questions:
            for subject in question.subjects:
                middle = ("", "asked", "", subject, subject, "")
                yield (*start, question.rule, *middle, *_reason(question.reason, words))
        for quota in awarding.quotas:
            reason = Reason(
                "quota_kept" if quota.kept else "quota_broken",
                {
                    "count": quota.count,
                    "base": quota.base,
                    "share": quota.share,
                    "limit": quota.limit,
                    "margin": quota.margin,
                },
            )
            yield (*start, quota.rule, "", "quota", quota.quota, "", "", "", *_reason(reason, words))


def _reason(reason: Reason, titles: Mapping[str, Mapping[str, str]]) -> tuple[str, str, str]:
    english = sentence(reason, "en", titles.get("en"))
    return reason.code, english, sentence(reason, "zh", titles.get("zh"))


def table_rows(honours: Honours) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The header and the rows of all tables together; a measure that a table does not have stays empty."""
    measures = tuple(dict.fromkeys(name for table in honours.tables for name in table.columns))
    rows = [
        (
            table.event,
            table.key,
            str(row.rank or ""),
            row.subject,
            row.decided_by,
            row.reason.code if row.reason else "",
            *(_shown(row.measures.get(name)) for name in measures),
        )
        for table in honours.tables
        for row in table.rows
    ]
    return (*TABLES_HEADER, *measures), rows


def _shown(value: Fraction | None) -> str:
    return "" if value is None else decimal_text(value)
