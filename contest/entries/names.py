"""Names for sorting: pinyin with the surnames that dictionaries misread."""

from __future__ import annotations

from functools import lru_cache

# As a surname each of these is read otherwise than as a word.
SURNAMES = {
    **{
        "曾": "zeng",
        "解": "xie",
        "仇": "qiu",
        "区": "ou",
        "查": "zha",
        "单": "shan",
        "朴": "piao",
        "任": "ren",
    },
    **{
        "华": "hua",
        "纪": "ji",
        "盖": "ge",
        "葛": "ge",
        "宁": "ning",
        "洗": "xian",
        "冼": "xian",
        "尹": "yin",
    },
    **{
        "缪": "miao",
        "折": "she",
        "召": "shao",
        "种": "chong",
        "繁": "po",
        "乜": "nie",
        "员": "yun",
        "贠": "yun",
    },
    **{
        "秘": "bi",
        "黑": "he",
        "重": "chong",
        "乐": "yue",
        "覃": "qin",
        "卜": "bu",
        "翟": "zhai",
        "晟": "cheng",
    },
    **{
        "阚": "kan",
        "万": "wan",
        "燕": "yan",
        "炅": "gui",
        "令": "ling",
        "那": "na",
        "隗": "wei",
        "句": "gou",
    },
    **{
        "尉迟": "yuchi",
        "万俟": "moqi",
        "长孙": "zhangsun",
        "澹台": "tantai",
        "单于": "chanyu",
        "令狐": "linghu",
    },
}


@lru_cache(maxsize=50_000)
def sort_key(name: str) -> str:
    """`zeng guang` for 曾广: by pinyin without tones, surname first; other scripts as they are, in lower case."""
    from pypinyin import lazy_pinyin

    for length in (2, 1):
        if len(name) > length and name[:length] in SURNAMES:
            return " ".join([SURNAMES[name[:length]], *lazy_pinyin(name[length:])]).lower()
    return " ".join(lazy_pinyin(name)).lower()
