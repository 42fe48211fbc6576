"""The report of a re-check on paper: how sheets were chosen, what was found, who signs."""

from __future__ import annotations

from html import escape

from contest import papers
from contest.events.models import Event
from contest.results import wording
from contest.results.models import Recheck
from contest.results.rechecks import tally_of

WORDS: dict[str, wording.Pair] = {
    "title": ("成绩复核报告", "Report of the re-check"),
    "choice": (
        "复核范围：前 {top} 名的全部评分表；其余按种子“{seed}”抽取 {share}%。",
        "Checked: all sheets of the first {top} places, and {share}% of the others by the seed “{seed}”.",
    ),
    "everything": ("差错率超过 5%，已复核全部评分表。", "The error rate was above 5%, so every sheet was checked."),
    "found": (
        "共复核评分表 {checked}/{sheets} 份、分数 {marks} 个，差错 {wrong} 个，差错率 {rate}%。",
        "Sheets compared: {checked} of {sheets}; marks {marks}, of which {wrong} differ ({rate}%).",
    ),
    "code": ("加密号", "Code"),
    "module": ("模块", "Module"),
    "wrong": ("差错", "Differ"),
    "note": ("说明", "What differs"),
    "by": ("复核人", "Checked by"),
    "none": ("未发现差错。", "No mark differs."),
    "sign": ("复核人：　　　　　　裁判长：　　　　　　监督：　　　　　　日期：", "Checked by:              Chief judge:              Supervision:              Date:"),
}  # fmt: skip


def _wrong(recheck: Recheck, locale: str) -> str:
    """The sheets with marks that differ, or that there are none."""
    found = [item for item in recheck.items if item.wrong]
    if not found:
        return f"<p>{escape(wording.say(WORDS['none'], locale))}</p>"
    keys = ("code", "module", "wrong", "note", "by")
    head = "".join(f"<th>{escape(wording.say(WORDS[key], locale))}</th>" for key in keys)
    cells = [
        (one.sheet.work_code, one.sheet.module_key, str(one.wrong), one.note, one.checked_name)
        for one in found
    ]
    rows = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in cells)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def report_pdf(recheck: Recheck, event: Event, locale: str) -> bytes:
    """The report to sign. Equal content gives equal bytes."""

    def say(key: str, **values: object) -> str:
        return escape(wording.say(WORDS[key], locale, **values))

    tally, edition = tally_of(recheck), event.sub_contest.edition
    rate = f"{tally.rate_bp // 100}.{tally.rate_bp % 100:02d}"
    name = event.name if locale.startswith("zh") else event.name_en or event.name
    lines = [say("choice", top=recheck.top, seed=recheck.seed, share=recheck.share_bp // 100)]
    lines += [say("everything")] if recheck.is_everything else []
    lines.append(
        say(
            "found",
            checked=tally.checked,
            sheets=tally.sheets,
            marks=tally.marks,
            wrong=tally.wrong,
            rate=rate,
        )
    )
    body = f"<h1>{escape(edition.name)}<br>{escape(name)} {say('title')}</h1>"
    body += "".join(f"<p>{line}</p>" for line in lines) + _wrong(recheck, locale)
    body += f"<p>{say('sign')}</p>"
    return papers.pdf(
        body,
        title=wording.say(WORDS["title"], locale),
        lang="zh-CN" if locale.startswith("zh") else "en",
        made_at=recheck.closed_at or recheck.drawn_at,
        identifier=f"recheck/{recheck.id}/{tally.checked}/{tally.wrong}/{locale}",
        demo=edition.is_demo,
        page="portrait",
    )
