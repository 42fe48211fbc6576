"""Words on lists and papers, Chinese and English side by side: a paper's language is an argument, never a session's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Pair = tuple[str, str]

COLUMNS: dict[str, Pair] = {
    "rank": ("名次", "Rank"),
    "number": ("编号", "No."),
    "name": ("姓名/队名", "Name"),
    "person": ("姓名", "Name"),
    "team_name": ("队名", "Team"),
    "entrant": ("参赛单位", "Participant"),
    "team": ("所在队", "Team"),
    "unit": ("单位", "Organisation"),
    "delegation": ("代表队", "Delegation"),
    "group": ("组别", "Group"),
    "total": ("总成绩", "Total"),
    "mean": ("综合成绩", "Overall"),
    "self_total": ("自评总分", "Self-score total"),
    "award": ("奖项", "Award"),
    "remark": ("备注", "Remarks"),
}

STATUSES: dict[str, Pair] = {
    "absent": ("缺赛", "absent"),
    "withdrawn": ("退赛", "withdrawn"),
    "disqualified": ("取消资格", "disqualified"),
    "void": ("成绩作废", "void"),
    "unofficial": ("不计名次", "unofficial"),
    "incomplete": ("评分未完成", "marks missing"),
    "no_result": ("无成绩", "no result"),
    "gate": ("未达合格线", "below the pass mark"),
    "knocked_out": ("否定项", "knock-out item"),
    "blocked": ("待裁定", "to be settled"),
    "members_missing": ("缺员", "members missing"),
}
VETO: Pair = ("一票否决", "veto")

# Values of the column `veto` that rule sets name; any other text is shown as it was written.
VETOES: dict[str, Pair] = {
    "accident": ("安全事故", "accident"),
    "wage_arrears": ("拖欠工资", "wage arrears"),
    "quality_failure": ("质量不合格", "quality failure"),
}

KEYS: dict[str, Pair] = {
    "lot": ("抽签", "lot"),
    "ruling": ("裁判长裁定", "the chief judge's ruling"),
    "shared": ("并列", "tied"),
    "total": ("总成绩", "total"),
}

STATES: dict[str, Pair] = {
    "provisional": ("初步成绩", "Provisional results"),
    "confirmed": ("成绩确认", "Confirmed results"),
    "public_notice": ("公示", "Public notice"),
    "final": ("正式公布", "Final results"),
    "archived": ("正式公布", "Final results"),
    "withdrawn": ("已撤下", "Withdrawn"),
    "superseded": ("已被替代", "Superseded"),
}

TEXTS: dict[str, Pair] = {
    "decided": ("同分，按{key}定序", "equal totals, placed by {key}"),
    "tied": ("并列", "tied"),
    "gate_failed": ("{key}未合格", "{key} not passed"),
    "reason": ("{word}（{reason}）", "{word} ({reason})"),
    "self": ("{title}·自评", "{title}, self"),
    "review": ("{title}·考评", "{title}, review"),
    "overall": ("总成绩", "overall"),
    "revision": ("第{n}版", "revision {n}"),
    "digest": ("校验码", "Digest"),
    "published": ("公布时间", "Published"),
    "appeals_until": ("申诉截止", "Appeals until"),
    "tally": ("成绩汇总表", "Summary of results"),
    "page": ("第 {page} 页　共 {pages} 页　本页 {rows} 人", "Page {page} of {pages}, {rows} on this page"),
    "page_units": (
        "第 {page} 页　共 {pages} 页　本页 {rows} 个",
        "Page {page} of {pages}, {rows} on this page",
    ),
    "judges": ("裁判员签名", "Judges"),
    "chief_judge": ("裁判长签名", "Chief judge"),
    "scorekeeper": ("统分员签名", "Scorekeeper"),
    "supervisor": ("监督仲裁签名", "Supervision and arbitration"),
    "judges_labour": ("考评员签名", "Assessors"),
    "chief_judge_labour": ("考评组长签名", "Chief assessor"),
    "date": ("日期", "Date"),
    "event": ("赛项", "Event"),
    "list": ("榜单", "List"),
    "state": ("状态", "State"),
    "draft": ("未公布（供核对）", "Not published (for checking)"),
    "superseded_by": ("本表已被第{n}版替代", "This list was superseded by revision {n}"),
    "withdrawn_for": ("本表已撤下：{reason}", "This list was withdrawn: {reason}"),
    "changed": ("本版更正：{note}", "What this revision changed: {note}"),
    "host": ("主办单位", "Host"),
    "organiser": ("承办单位", "Organiser"),
    "co_organiser": ("协办单位", "Co-organiser"),
    "shown": ("公布范围", "Shown"),
    "first": ("前 {n} 名", "first {n} places"),
    "people": ("共 {n} 人", "{n} people"),
    "units": ("共 {n} 个", "{n} in all"),
    "demo": ("演示样张", "Demonstration"),
    "comma": ("；", "; "),
}


def say(pair: Pair, locale: str, /, **values: Any) -> str:
    """One of a pair of words in the paper's language, with its values filled in."""
    text = pair[0] if locale.startswith("zh") else pair[1]
    return text.format(**values) if values else text


def text(key: str, locale: str, /, **values: Any) -> str:
    """A text of TEXTS; raises KeyError."""
    return say(TEXTS[key], locale, **values)


def titled(titles: Mapping[str, Any], locale: str) -> str:
    """The title of a frozen thing `{"zh": …, "en": …}`; the other language, then its key, where one is missing."""
    first, second = ("zh", "en") if locale.startswith("zh") else ("en", "zh")
    return str(titles.get(first) or titles.get(second) or titles.get("key", ""))
