"""Words for mistakes in award tables and tables: code → (English, Chinese)."""

from __future__ import annotations

#: What is wrong with an award table, and how to mend it. {path} says where.
PROBLEMS: dict[str, tuple[str, str]] = {
    "award_incomplete": (
        "{path}: an award table needs “{field}”; add it.",
        "{path}：奖项设置缺少“{field}”，请补上。",
    ),
    "award_rule_unknown": (
        "{path}: there is no award rule “{by}”; choose one of {known}.",
        "{path}：没有“{by}”这一评奖办法；请从中选择：{known}。",
    ),
    "award_parameter": (
        "{path}: “{name}” is wrong ({reason}: {value}); correct or remove it.",
        "{path}：“{name}”有误（{reason}：{value}），请改正或删除。",
    ),
    "award_choice": (
        "{path}: “{value}” is not a choice for “{name}”; choose one of {choices}.",
        "{path}：“{name}”不能为“{value}”；请从中选择：{choices}。",
    ),
    "award_part_unknown": (
        "{path}: there is no part “{part}” to be judged on; name one of the scheme's keys or “total”.",
        "{path}：评分标准中没有“{part}”；请填写其中的键或 total。",
    ),
    "award_rule_later": (
        "{path}: “{rule}” is no award table above this one; move it up or correct the key.",
        "{path}：此项之前没有“{rule}”；请调整顺序或改正键名。",
    ),
    "award_key_twice": (
        "{path}: the key “{key}” is used twice in this ranking; rename one.",
        "{path}：键“{key}”在本排名中重复，请改其中一个。",
    ),
    "award_bands_empty": (
        "{path}: there is no band; add at least one.",
        "{path}：没有奖项区间，请至少添加一个。",
    ),
    "award_band_unreachable": (
        "{path}: the band “{award}” comes after one that takes all others; put that one last.",
        "{path}：“{award}”排在“其余”之后，无人可得；请把“其余”放在最后。",
    ),
    "award_band_empty": (
        "{path}: the band “{award}” covers nobody (it needs {field} above 0); correct it.",
        "{path}：“{award}”没有名额（{field} 应大于 0），请改正。",
    ),
    "award_share_over": (
        "{path}: the shares add to {sum}, more than the whole field; reduce them.",
        "{path}：各档比例合计 {sum}，超过全部人数；请调低。",
    ),
    "award_amount": (
        '{path}: “{value}” is no exact number; write 60, "59.5", "1/3" or "5%".',
        '{path}：“{value}”不是精确的数；请写成 60、"59.5"、"1/3" 或 "5%"。',
    ),
    "award_sizes_overlap": (
        "{path}: a field of {size} fits two rows; make the rows follow each other.",
        "{path}：规模 {size} 同时符合两行；请使各行首尾相接、不重叠。",
    ),
    "award_scale_unknown": (
        "{path}: there is no scale “{scale}”; choose one of {known}.",
        "{path}：没有“{scale}”这一标准分；请从中选择：{known}。",
    ),
    "award_level_unknown": (
        "{path}: “{level}” is none of the eight levels; choose one of {known}.",
        "{path}：“{level}”不是八个等级之一；请从中选择：{known}。",
    ),
    "award_level_high": (
        "{path}: a contest leads no higher than {cap}; “{level}” is appointed by employers and only recorded.",
        "{path}：竞赛晋升最高至{cap}；“{level}”由用人单位聘任，只作记录。",
    ),
    "award_limit": (
        "{path}: a limit needs attribute and a number of at least 1; complete it.",
        "{path}：限额须有 attribute 和不小于 1 的 number；请补全。",
    ),
    "quota_incomplete": (
        "{path}: a quota needs key, attribute, values and one of at_least and at_most; complete it.",
        "{path}：比例要求须有 key、attribute、values，以及 at_least 或 at_most 之一；请补全。",
    ),
    "table_parameter": (
        "{path}: “{name}” is wrong ({reason}: {value}); correct or remove it.",
        "{path}：“{name}”有误（{reason}：{value}），请改正或删除。",
    ),
    "table_unknown": (
        "{path}: there is no table “{by}”; choose one of {known}.",
        "{path}：没有“{by}”这一汇总办法；请从中选择：{known}。",
    ),
    "table_ranking_unknown": (
        "{path}: there is no ranking “{ranking}”; name one of {known}.",
        "{path}：没有排名“{ranking}”；请从中选择：{known}。",
    ),
    "table_award_unknown": (
        "{path}: the ranking has no award table “{rule}”; name one of {known}.",
        "{path}：该排名没有奖项“{rule}”；请从中选择：{known}。",
    ),
}
