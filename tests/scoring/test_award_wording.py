"""Every reason has its words in Chinese and English, and every code that is used has a sentence."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

import contest.scoring
from contest.scoring.awarding import Reason
from contest.scoring.awarding.sentences import AWARDS, REASONS, WORDS
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.wording import award_title, sentence

SOURCES = Path(contest.scoring.__file__).parent


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        (
            Reason("place_in_band", {"place": 2, "first": 2, "last": 3}),
            "Place 2, within places 2 to 3.",
            "第 2 名，在第 2 至 3 名之内。",
        ),
        (
            Reason("share_in_band", {"place": 1, "first": 1, "last": 3, "size": 57, "base": "entrants"}),
            "Place 1, within places 1 to 3; shares of 57 entrants.",
            "第 1 名，在第 1 至 3 名之内（比例以报名参赛数 57 计）。",
        ),
        (
            Reason("below_line", {"part": "total", "mark": Fraction("59.5"), "line": Fraction(60)}),
            "the total 59.5 is below the line 60.",
            "总成绩 59.5 分，未达到 60 分。",
        ),
        (
            Reason("level_one_step", {"place": 3, "present": "technician", "level": "senior_technician"}),
            "Place 3: holds Technician (level 2) already, put forward one step up for Senior technician (level 1).",
            "第 3 名，已是技师，申报晋升一级为高级技师。",
        ),
        (
            Reason("has_already", {"rule": "medal", "award": "gold"}),
            "Has Gold from “medal” already.",
            "已获“medal”的金奖。",
        ),
        (
            Reason("requirement_missing", {"rule": "medal", "awards": ("gold", "silver")}),
            "The award “medal” that this one needs was not won (Gold, Silver).",
            "未获得前提奖项“medal”（金奖、银奖）。",
        ),
        (
            Reason("full_mark_reached", {"aspects": (), "count": 0, "number": 1}),
            "Full mark on 0 aspects (—); 1 needed.",
            "0 项满分（—），要求 1 项。",
        ),
        (
            Reason("beyond_places", {"place": 4, "last": None}),
            "Place 4 is beyond the last place, —.",
            "第 4 名，超出最后名次 —。",
        ),
        (Reason("not_ranked", {"status": "absent"}), "Not ranked: absent.", "未参加排名：缺赛。"),
    ],
)
def test_reasons_read_as_sentences(reason, english, chinese):
    assert (sentence(reason, "en"), sentence(reason, "zh_CN")) == (english, chinese)


def test_titles_of_the_rule_set_come_before_the_words_known_here():
    reason = Reason("below_line", {"part": "theory", "mark": Fraction(50), "line": Fraction(60)})
    assert sentence(reason, "zh", {"theory": "理论考试"}) == "理论考试 50 分，未达到 60 分。"
    assert sentence(Reason("not_ranked", {"status": "absent"}), "en", {"absent": "did not come"}) == (
        "Not ranked: did not come."
    )


def test_awards_are_named_by_the_table_then_by_usage_then_by_their_key():
    spec = AwardSpec.read({"key": "m", "by": "place", "names": {"gold": ("金牌", "Gold medal")}})
    assert [award_title(spec, "gold", language) for language in ("zh", "en")] == ["金牌", "Gold medal"]
    assert [award_title(spec, "silver", language) for language in ("zh_CN", "en")] == ["银奖", "Silver"]
    assert [award_title(spec, "technician", language) for language in ("zh", "en")] == [
        "技师",
        "Technician (level 2)",
    ]
    assert award_title(spec, "own", "zh") == "own"


def test_every_code_in_the_sources_has_a_sentence_and_every_sentence_is_used():
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in SOURCES.rglob("*.py")
        if path.name not in ("sentences.py", "mistakes.py")
    )
    # Policies of prior holders make their codes from the policy's name.
    used = set(re.findall(r'"([a-z_]+)"', text)) | {"holder_bar", "holder_pass_down", "holder_no_repeat"}
    assert set(REASONS) - used == set()
    codes = set(re.findall(r'Reason\(\s*"([a-z_]+)"', text))
    assert codes - set(REASONS) == set()


@pytest.mark.parametrize("table", [REASONS, WORDS, AWARDS])
def test_every_word_is_there_in_both_languages(table):
    assert all(english and chinese and english != chinese for english, chinese in table.values())


def test_both_languages_name_the_same_values():
    fields = re.compile(r"\{([a-z_]+)\}")
    for code, (english, chinese) in REASONS.items():
        if code == "holder_bar":
            continue
        missing = set(fields.findall(chinese)) - set(fields.findall(english))
        assert missing == set(), code
