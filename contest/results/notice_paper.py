"""The record of a public notice on paper: what was announced, what came in, and who signs that."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from contest import papers
from contest.results import wording
from contest.results.exports import title_of
from contest.results.models import NoticePeriod, Objection, Publication

WORDS: dict[str, wording.Pair] = {
    "title": ("公示情况记录", "Record of the public notice"),
    "period": ("公示时间：{start} 至 {end}（{days} 个工作日）", "Public notice from {start} to {end} ({days} working days)"),
    "list": ("公示内容：{title}（第{n}版，校验码 {mark}）", "List: {title} (revision {n}, digest {mark})"),
    "office": ("受理单位：{office}　联系人：{contact}　电话：{phone}", "Office: {office}, {contact}, {phone}"),
    "none": ("公示期间未收到异议。", "No objections were received during the notice."),
    "some": ("公示期间收到异议 {count} 件，办理情况如下：", "Objections received during the notice: {count}."),
    "received": ("收到时间", "Received"),
    "sender": ("来源", "From"),
    "text": ("内容", "Objection"),
    "answer": ("核查结果", "Finding"),
    "sign": ("经办人：　　　　　　　　监督：　　　　　　　　日期：", "Clerk:                    Supervision:                    Date:"),
}  # fmt: skip


def record_pdf(
    publication: Publication, period: NoticePeriod, objections: Sequence[Objection], locale: str
) -> bytes:
    """The record to sign. Equal content gives equal bytes."""
    heading = publication.snapshot.heading
    lines = [
        _say("list", locale, title=title_of(heading, locale), n=publication.revision, mark=publication.snapshot.digest[:16]),
        _say("period", locale, start=period.starts_on, end=period.ends_on, days=period.days),
        _say("office", locale, office=period.office, contact=period.contact, phone=period.phone),
        _say("some", locale, count=len(objections)) if objections else _say("none", locale),
    ]  # fmt: skip
    edition = escape(wording.titled(heading["edition"], locale))
    body = f"<h1>{edition}<br>{escape(_say('title', locale))}</h1>" + "".join(
        f"<p>{escape(line)}</p>" for line in lines
    )
    body += _table(objections, locale) if objections else ""
    body += f"<p>{escape(_say('sign', locale))}</p>"
    return papers.pdf(
        body,
        title=_say("title", locale),
        lang="zh-CN" if locale.startswith("zh") else "en",
        made_at=period.closed_at or publication.published_at,
        identifier=f"notice/{publication.snapshot.digest}/{publication.revision}/{len(objections)}/{locale}",
        demo=heading["is_demo"],
        page="portrait",
    )


def _say(key: str, locale: str, **values: object) -> str:
    return wording.say(WORDS[key], locale, **values)


def _table(objections: Sequence[Objection], locale: str) -> str:
    head = "".join(
        f"<th>{escape(_say(key, locale))}</th>" for key in ("received", "sender", "text", "answer")
    )
    rows = [
        [f"{one.received_at:%Y-%m-%d}", one.sender or "—", one.text, one.answer or "—"] for one in objections
    ]
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
