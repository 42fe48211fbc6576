"""Words for reasons: code → (English, Chinese).

The values between braces are the reason's parameters, already put into words by `wording`.
"""

from __future__ import annotations

#: Why something was granted, refused or asked.
REASONS: dict[str, tuple[str, str]] = {
    # Granted
    "place_in_band": (
        "Place {place}, within places {first} to {last}.",
        "第 {place} 名，在第 {first} 至 {last} 名之内。",
    ),
    "share_in_band": (
        "Place {place}, within places {first} to {last}; shares of {size} {base}.",
        "第 {place} 名，在第 {first} 至 {last} 名之内（比例以{base} {size} 计）。",
    ),
    "size_gives": (
        "Place {place}, within the {last} places for a field of {size} {base}.",
        "第 {place} 名；{base} {size}，设 {last} 个名额。",
    ),
    "kind_gives": (
        "Place {place}, within the {last} places for entries of the kind “{value}”.",
        "第 {place} 名；“{value}”类设 {last} 个名额。",
    ),
    "falls_to_band": (
        "Place {place}; {mark} is below {line}, so that it falls to the next band.",
        "第 {place} 名；成绩 {mark} 分，未达到 {line} 分，降等授予。",
    ),
    "all_others": ("Place {place}: all others receive it.", "第 {place} 名，其余均授予。"),
    "score_reached": ("{part} {mark} reaches the line {line}.", "{part} {mark} 分，达到分数线 {line}。"),
    "score_under": ("{part} {mark} is below {line}.", "{part} {mark} 分，低于 {line}。"),
    "gap_leads": (
        "{score} is within {gap} points of the best, {against}.",
        "{score} 分，与最高分 {against} 相差不超过 {gap} 分。",
    ),
    "gap_next": (
        "{score} is within {gap} points of {against}, the next score after the medals above.",
        "{score} 分，与上一奖牌之后的首个分数 {against} 相差不超过 {gap} 分。",
    ),
    "gap_to_last": (
        "{score} is within {gap} points of {against}, the last score of the medal above.",
        "{score} 分，与上一奖牌的末位分数 {against} 相差不超过 {gap} 分。",
    ),
    "scale_reached": ("{score} reaches {line} on the scale.", "标准分 {score}，达到 {line}。"),
    "full_mark_reached": (
        "Full mark on {count} aspects ({aspects}); {number} needed.",
        "{count} 项满分（{aspects}），要求 {number} 项。",
    ),
    "named_by_hand": (
        "Named by the organiser, {count} of {places} places.",
        "由主办单位评定，名额 {places}，已用 {count}。",
    ),
    "level_by_place": ("Place {place}: put forward for {level}.", "第 {place} 名，申报晋升{level}。"),
    "level_one_step": (
        "Place {place}: holds {present} already, put forward one step up for {level}.",
        "第 {place} 名，已是{present}，申报晋升一级为{level}。",
    ),
    # Refused
    "beyond_places": (
        "Place {place} is beyond the last place, {last}.",
        "第 {place} 名，超出最后名次 {last}。",
    ),
    "score_in_no_band": ("{part} {mark} is in no band.", "{part} {mark} 分，不在任何奖项区间。"),
    "scale_below": (
        "{score} has no medal and is below {line} on the scale.",
        "标准分 {score}，未获奖牌且低于 {line}。",
    ),
    "full_mark_missing": (
        "Full mark on {count} aspects; {number} needed.",
        "{count} 项满分，要求 {number} 项。",
    ),
    "not_named": ("Not named in the column “{attribute}”.", "“{attribute}”一栏未列入名单。"),
    "not_ranked": ("Not ranked: {status}.", "未参加排名：{status}。"),
    "not_eligible": ("Not eligible: {attribute} is “{value}”.", "不符合条件：{attribute}为“{value}”。"),
    "beyond_within": (
        "Place {place} of the ranking; it may pass down to place {last} at most.",
        "总排名第 {place} 名，递补最远至第 {last} 名。",
    ),
    "limit_reached": (
        "{number} of {attribute} “{value}” compete for it already.",
        "{attribute}“{value}”的名额（{number}）已满。",
    ),
    "barred": ("Barred: {attribute} is “{value}”.", "取消资格：{attribute}为“{value}”。"),
    "holder_bar": (
        "Holds the title already and was not to take part; mark the entry as unofficial or correct {attribute}.",
        "已有该称号，按规定不得报名；请将其改为不计成绩，或更正“{attribute}”。",
    ),
    "holder_pass_down": (
        "Holds the title already; the place passes to the next.",
        "已有该称号，名额依次递补。",
    ),
    "holder_no_repeat": ("Holds the title already and does not get it twice.", "已有该称号，不重复授予。"),
    "gate_failed": ("{part} is below its pass mark.", "{part}未达到合格线。"),
    "below_line": ("{part} {mark} is below the line {line}.", "{part} {mark} 分，未达到 {line} 分。"),
    "part_missing": ("There is no mark for {part}.", "没有{part}成绩。"),
    "requirement_missing": (
        "The award “{rule}” that this one needs was not won ({awards}).",
        "未获得前提奖项“{rule}”（{awards}）。",
    ),
    "has_already": ("Has {award} from “{rule}” already.", "已获“{rule}”的{award}。"),
    "field_void": ("No awards for a field of {size} {base}.", "{base} {size}，不足规定规模，不设奖。"),
    "field_too_small": (
        "{award} is not awarded in a field of {size} {base}.",
        "{base} {size}，不足规定规模，不设{award}。",
    ),
    "promoted_this_year": ("Was promoted this year already.", "本年度已晋升过一次。"),
    "promoted_elsewhere": (
        "Is put forward for {level} by {event} already; one promotion a person a year.",
        "已由{event}申报晋升{level}，每人每年限晋升一次。",
    ),
    "level_held": ("Holds {present} already, which is not below {level}.", "已是{present}，不低于{level}。"),
    "level_at_cap": (
        "Holds {present}; a contest leads no higher than {level}.",
        "已是{present}，竞赛晋升最高至{level}。",
    ),
    "level_below_all": ("The level for this group is below the lowest.", "该组别应授等级低于最低一级。"),
    # Lines of tables
    "too_few_results": (
        "{count} results where {number} are needed; not ranked.",
        "只有 {count} 个成绩，要求 {number} 个，不排名。",
    ),
    "no_points": ("No points; not ranked.", "无积分，不排名。"),
    # Quotas
    "quota_kept": (
        "{count} of {base} are {share} %, limit {limit} %, margin {margin}.",
        "{base} 中有 {count}，占 {share}%，要求 {limit}%，余量 {margin}。",
    ),
    "quota_broken": (
        "{count} of {base} are {share} %, limit {limit} %, off by {margin}; change the selection.",
        "{base} 中有 {count}，占 {share}%，要求 {limit}%，相差 {margin}；请调整人选。",
    ),
    # Asked
    "tie_at_line": (
        "Place {place} is shared by {tied} and the line runs through them; decide by lot or ruling, or state who is in.",
        "第 {place} 名有 {tied} 个并列，正处名额界线；请抽签、裁定，或明确界线办法。",
    ),
    "size_undefined": (
        "The rules give no number of places for {size} {base}; state it.",
        "{base} {size}，规则未规定名额；请主办单位明确。",
    ),
    "field_undefined": (
        "The rules do not say what is awarded in a field of {size} {base}; state it.",
        "{base} {size}，规则未规定如何设奖；请主办单位明确。",
    ),
    "kind_unknown": (
        "The rules give no number of places for {attribute} “{value}”; correct the entry or add the kind.",
        "规则未规定{attribute}“{value}”的名额；请更正报名信息或补充该类。",
    ),
    "over_quota": (
        "{count} are named but there are {places} places; remove some names.",
        "已提名 {count} 个，名额只有 {places} 个；请减少提名。",
    ),
    "level_unknown": (
        "“{value}” is none of the eight levels; correct the present level.",
        "“{value}”不是八个等级之一；请更正现有等级。",
    ),
    "members_unknown": ("The members are not known; complete the roster.", "成员名单不全；请补全名单。"),
    "recipient_unknown": (
        "“{attribute}” is empty; name who receives it.",
        "“{attribute}”为空；请填写受奖人。",
    ),
}

#: What {base} and {status} stand for: word → (English, Chinese).
WORDS: dict[str, tuple[str, str]] = {
    "entrants": ("entrants", "报名参赛数"),
    "present": ("present", "实际参赛数"),
    "ranked": ("ranked", "有名次者"),
    "eligible": ("eligible", "符合条件者"),
    "total": ("the total", "总成绩"),
    "absent": ("absent", "缺赛"),
    "withdrawn": ("withdrawn", "退赛"),
    "disqualified": ("disqualified", "取消资格"),
    "void": ("declared void", "成绩无效"),
    "unofficial": ("unofficial, listed without a rank", "不计名次"),
    "incomplete": ("marks are missing", "成绩不全"),
    "no_result": ("no result", "无有效成绩"),
    "gate": ("below a pass mark", "未达到合格线"),
    "knocked_out": ("ended by a knock-out item", "触犯否定项"),
    "blocked": ("a problem is open", "有问题待处理"),
}

#: Names of usual awards where a table gives none: key → (English, Chinese).
AWARDS: dict[str, tuple[str, str]] = {
    "gold": ("Gold", "金奖"),
    "silver": ("Silver", "银奖"),
    "bronze": ("Bronze", "铜奖"),
    "medallion": ("Medallion for excellence", "优胜奖章"),
    "first": ("First prize", "一等奖"),
    "second": ("Second prize", "二等奖"),
    "third": ("Third prize", "三等奖"),
    "excellence": ("Excellence", "优胜奖"),
    "excellent": ("Prize of excellence", "优秀奖"),
    "excellent_contestant": ("Excellent contestant", "优秀选手奖"),
    "honourable_mention": ("Honourable mention", "鼓励奖"),
    "technical_expert": ("Technical expert", "技术能手"),
    "may_first_medal": ("May First labour medal", "五一劳动奖章"),
    "may_first_certificate": ("May First labour certificate", "五一劳动奖状"),
    "worker_pioneer": ("Worker pioneer", "工人先锋号"),
    "coach": ("Excellent coach", "优秀教练"),
    "organisation": ("Organisation prize", "优秀组织奖"),
    "reward": ("Reward", "奖励"),
    "penalty": ("Penalty", "处罚"),
    "flag": ("Travelling flag", "流动红旗"),
    "best_of_delegation": ("Best of the delegation", "参赛队最佳选手"),
    "albert_vidal": ("Albert Vidal Award", "阿尔伯特·维达大奖"),
    "craftsman": ("Craftsman", "工匠"),
    "winner": ("Winner", "优胜者"),
    "nominee": ("Nominee", "提名"),
    "advance": ("Goes on", "晋级"),
    "passed": ("Passed", "合格"),
}
