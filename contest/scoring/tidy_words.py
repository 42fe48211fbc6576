"""Why a row cannot be used, in Chinese: reasons are made in English beside the code that finds them."""

from __future__ import annotations

import re

from contest.scoring.marktext import REASONS

CHINESE: dict[str, str] = {
    **dict(REASONS.values()),
    "{} cells where the header has {}": "有 {} 格，而表头有 {} 格",
    "a column needs a name of its own": "每一列都要有不重复的列名",
    "this column is needed; the first line has {}: rename the column that holds it": "缺少此列；首行是 {}，请改正相应列名",
    "the key is empty": "键为空",
    "this member already belongs to another entry": "该选手已属于另一参赛队",
    "this judge is not of the panel": "该裁判不在裁判名单中",
    "the scheme has several rounds, so this column is needed": "方案有多轮，需要此列",
    "the scheme has no such round; it has {}": "方案没有这一轮；有 {}",
    "the scheme has no such round; it has none": "方案不分轮次",
    "the scheme has several aspects, so this column is needed": "方案有多个评分点，需要此列",
    "the scheme has no such aspect; it has {}": "方案没有这一评分点；有 {}",
    "is a time; this aspect is not of the kind time": "是时间，而该评分点不是用时类",
    "is below {}": "低于 {}",
    "is above {}": "高于 {}",
    "is not in steps of {}": "不是 {} 的整数倍间隔",
    "an attempt is a whole number from 1 to {}": "次数应为 1 至 {} 的整数",
    "a second mark for the same entry, judge, aspect, round and attempt": "同一选手（队）、裁判、评分点、轮次和次数已有得分",
    "is no known status": "不是已知的状态",
    "another row gives this subject another status": "另一行给出了不同的状态",
    "another row gives this subject another value": "另一行给出了不同的值",
    "this judge has another kind in another row": "该裁判在另一行中类别不同",
    "is none of {}": "不在允许的值之中：{}",
    "is not a whole number": "不是整数",
}
"""English reason → Chinese; {} stands for what changes, in the same order."""
PATTERNS = [
    (re.compile(re.escape(english).replace(r"\{\}", "(.+)")), chinese) for english, chinese in CHINESE.items()
]


def reason_in(reason: str, language: str) -> str:
    """A reason in a language ("zh…" for Chinese, else as it is)."""
    if not language.startswith("zh"):
        return reason
    found = ((pattern.fullmatch(reason), chinese) for pattern, chinese in PATTERNS)
    return next((chinese.format(*match.groups()) for match, chinese in found if match), reason)
