"""Sentences for problems, (English, Chinese) by code. Each says what is wrong and how to mend it."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # Reading a rule set
    "toml": (
        "The file is not TOML: {reason}. Mend that line.",
        "文件不是有效的 TOML：{reason}。请改正该行。",
    ),
    "not_a_table": ("{path}: a table is needed, not “{value}”.", "{path}：此处应为表，而不是“{value}”。"),
    "not_a_list": (
        "{path}: a list is needed, not “{value}”; put it in [ ].",
        "{path}：此处应为列表，请写在 [ ] 中，而不是“{value}”。",
    ),
    "unknown_field": (
        "{path}: there is no field “{field}” here; known are {known}.",
        "{path}：没有“{field}”这一项；可用的有：{known}。",
    ),
    "missing_field": ("{path}: the field “{field}” is missing; add it.", "{path}：缺少“{field}”，请补上。"),
    "binary_float": (
        "{path}: {value} came as a binary float; write it as text or in TOML so that it stays exact.",
        "{path}：{value} 是二进制浮点数，请写成文本或用 TOML，以保持精确。",
    ),
    "not_a_number": (
        '{path}: “{value}” is not a number; write 60, 0.5 or "1/3".',
        '{path}：“{value}”不是数；请写成 60、0.5 或 "1/3"。',
    ),
    "wrong_type": (
        "{path}: “{value}” is not of type {wanted}; correct it.",
        "{path}：“{value}”的类型应为 {wanted}，请改正。",
    ),
    "format_newer": (
        "The rules are in format {format}, this program reads up to {known}; update the program.",
        "规则格式为 {format}，本程序最高支持 {known}；请升级程序。",
    ),
    # Reading marks
    "column_missing": (
        "{path}: the file has no column “{column}”, so nobody meets this; add the column or take the condition out.",
        "{path}：文件没有“{column}”列，因此无人符合；请补上该列，或删去此条件。",
    ),
    "column_missing_bar": (
        "{path}: the file has no column “{column}”, so nobody is barred by it; add the column if somebody is.",
        "{path}：文件没有“{column}”列，因此无人受限；如有人受限，请补上该列。",
    ),
    # Contradictory schemes
    "key_bad": (
        "{path}: the key “{key}” may only have letters, digits, - and _, and must not be empty; rename it.",
        "{path}：键“{key}”只能用字母、数字、- 和 _，且不能为空；请改名。",
    ),
    "key_twice": (
        "{path}: the key “{key}” is used twice; rename one.",
        "{path}：键“{key}”重复，请改其中一个。",
    ),
    "key_reserved": (
        "{path}: “{key}” is a word of the engine; choose another key.",
        "{path}：“{key}”是保留字，请换一个键。",
    ),
    "no_modules": (
        "The scheme has no module; add one with its aspects.",
        "评分标准没有模块，请至少添加一个模块及其评分点。",
    ),
    "no_rankings": ("There is no ranking; add at least one.", "没有设置排名，请至少添加一个。"),
    "unknown_function": (
        "{path}: there is no {registry} “{key}”; choose one of {known}.",
        "{path}：{registry} 中没有“{key}”；请从中选择：{known}。",
    ),
    "bad_parameter": (
        "{path}: the parameter “{name}” of “{by}” is wrong ({reason}: {value}); correct or remove it.",
        "{path}：“{by}”的参数“{name}”有误（{reason}：{value}），请改正或删除。",
    ),
    "unknown_choice": (
        "{path}: “{value}” is not a choice; choose one of {choices}.",
        "{path}：没有“{value}”这一选项；请从中选择：{choices}。",
    ),
    "weights_not_100": (
        "{path}: the weights add to {sum}, not 100; change them so that they add to 100, or use `factor` for plain multipliers.",
        "{path}：权重合计为 {sum}，不是 100；请调整为合计 100，或改用 factor 作为乘数。",
    ),
    "weights_partly": (
        "{path}: {missing} has no weight although its neighbours have; give it one (0 if it does not count).",
        "{path}：{missing} 没有权重，而同级其他项有；请填写（不计入则填 0）。",
    ),
    "maximum_missing": (
        "{path}: an aspect of this kind needs a maximum; add it.",
        "{path}：此类评分点需要配分（maximum），请补上。",
    ),
    "maximum_not_positive": (
        "{path}: the maximum {maximum} is not above 0; correct it.",
        "{path}：配分 {maximum} 必须大于 0，请改正。",
    ),
    "parts_not_maximum": (
        "{path}: its parts add to {sum}, the maximum says {maximum}; correct a part or the maximum, or set `scale_to`.",
        "{path}：各部分合计 {sum}，而配分为 {maximum}；请改正其一，或设置 scale_to。",
    ),
    "step_not_positive": (
        "{path}: the step {step} is not above 0; correct it.",
        "{path}：分值间隔 {step} 必须大于 0，请改正。",
    ),
    "step_misses_maximum": (
        "{path}: with steps of {step} from {low} the maximum {maximum} cannot be reached; change the step or the maximum.",
        "{path}：从 {low} 起按 {step} 递增无法达到满分 {maximum}；请改间隔或满分。",
    ),
    "step_too_fine": (
        "{path}: steps of {step} need more than {decimals} decimals; use a coarser step.",
        "{path}：间隔 {step} 超过 {decimals} 位小数；请用更大的间隔。",
    ),
    "low_above_high": (
        "{path}: the lowest mark {low} is above the highest {high}; swap them.",
        "{path}：最低分 {low} 高于最高分 {high}，请调换。",
    ),
    "decimals_range": (
        "decimals is {decimals}; marks are kept in thousandths, choose 0 to 3.",
        "decimals 为 {decimals}；得分以千分位保存，请取 0 至 3。",
    ),
    "trim_too_many": (
        "{path}: dropping {low} lowest and {high} highest leaves nothing of {judges} judges; drop fewer or seat more.",
        "{path}：{judges} 名裁判去掉 {low} 个最低、{high} 个最高后无分可用；请少去掉或增加裁判。",
    ),
    "two_methods": (
        "{path}: judges are already combined below at {below}; keep one of the two methods.",
        "{path}：裁判分已在下级 {below} 合并；两处只保留一处。",
    ),
    "two_attempts": (
        "{path}: attempts are already combined below at {below}; keep one of the two.",
        "{path}：多次成绩已在下级 {below} 合并；两处只保留一处。",
    ),
    "gate_above_maximum": (
        "{path}: the pass mark {gate} is above the maximum {maximum}; nobody could pass, lower it.",
        "{path}：合格线 {gate} 高于满分 {maximum}，无人能及格；请降低。",
    ),
    "cap_below_floor": (
        "{path}: the cap {cap} is below the floor {floor}; swap them.",
        "{path}：上限 {cap} 低于下限 {floor}，请调换。",
    ),
    "kind_on_parts": (
        "{path}: a node with parts cannot have a kind; remove one of them.",
        "{path}：有下级的节点不能设置评分点类型；请删除其一。",
    ),
    "unknown_node": (
        "{path}: there is no module, criterion or aspect “{node}”; correct the key or remove the line.",
        "{path}：没有“{node}”这一模块、评分项或评分点；请改正或删除。",
    ),
    "node_not_ranked": (
        "{path}: “{node}” belongs to the module “{module}”, which this ranking does not count; add the module (weight 0 if it does not count) or remove the line.",
        "{path}：“{node}”属于模块“{module}”，但本排名不含该模块；请加入该模块（不计分则权重为 0）或删除此项。",
    ),
    "unknown_module": (
        "{path}: there is no module “{module}”; correct the key.",
        "{path}：没有模块“{module}”，请改正。",
    ),
    "unknown_round": (
        "{path}: there is no round “{round}”; correct the key.",
        "{path}：没有轮次“{round}”，请改正。",
    ),
    "carry_later": (
        "{path}: “{module}” cannot be carried over from “{round}”, which is not an earlier round that holds it; correct it.",
        "{path}：不能从“{round}”带入“{module}”的成绩，它不是包含该模块的较早轮次；请改正。",
    ),
    "unknown_input": (
        "{path}: the input “{name}” is not declared; add it to `inputs`.",
        "{path}：输入列“{name}”未声明，请加入 inputs。",
    ),
    "unknown_column": (
        "{path}: the column “{name}” is not declared; add it to `filters` or `inputs`.",
        "{path}：列“{name}”未声明，请加入 filters 或 inputs。",
    ),
    "target_not_above": (
        "{path}: the knock-out names “{target}”, which is no node above it; choose one of {above}.",
        "{path}：否定项指向“{target}”，它不是上级节点；请从中选择：{above}。",
    ),
    "advance_one_rule": (
        "{path}: a cut line is either `first`, `share` or `score`; keep exactly one.",
        "{path}：晋级线只能是 first、share、score 之一；请只保留一个。",
    ),
    "number_range": (
        "{path}: {value} is outside {low} to {high}; correct it.",
        "{path}：{value} 不在 {low} 至 {high} 之间，请改正。",
    ),
    "member_ranking": (
        '{path}: a ranking of members counts “{module}”, but no module is marked per member; set per = "member" or rank entries.',
        '{path}：个人排名包含“{module}”，但没有按选手评分的模块；请设 per = "member" 或按参赛队排名。',
    ),
    "rounds_without_rollup": (
        "total: there are {count} rounds but it is not said how they make the total; add total.rounds (sum, mean, best, last, weighted …).",
        "total：有 {count} 个轮次但未说明如何合成总成绩；请设置 total.rounds（sum、mean、best、last、weighted 等）。",
    ),
    "award_bad": ("{path}: {reason}. Correct the award.", "{path}：{reason}。请改正奖项设置。"),
    "table_bad": ("{path}: {reason}. Correct the table.", "{path}：{reason}。请改正表的设置。"),
    "formula_bad": (
        "{path}: the formula “{formula}” cannot be read ({reason}); correct it.",
        "{path}：公式“{formula}”无法读取（{reason}），请改正。",
    ),
    # Marks that break the rules
    "mark_code": (
        "{count} marks name a {column} that does not exist; correct the rows.",
        "有 {count} 条得分的 {column} 不存在，请改正。",
    ),
    "mark_twice": (
        "{subject}: more than one mark by {seat} for {aspect}{place}; keep one of them.",
        "{subject}：{seat} 对 {aspect}{place} 有重复得分，请只保留一条。",
    ),
    "mark_range": (
        "{subject}: the mark {value} by {seat} for {aspect}{place} is outside {low} to {high}; have it corrected.",
        "{subject}：{seat} 给 {aspect}{place} 的 {value} 不在 {low} 至 {high} 之间，请更正。",
    ),
    "mark_step": (
        "{subject}: the mark {value} by {seat} for {aspect}{place} is not in steps of {step}; have it corrected.",
        "{subject}：{seat} 给 {aspect}{place} 的 {value} 不符合 {step} 的间隔，请更正。",
    ),
    "mark_decimals": (
        "{subject}: the mark {value} by {seat} for {aspect}{place} has more than {decimals} decimals; have it corrected.",
        "{subject}：{seat} 给 {aspect}{place} 的 {value} 超过 {decimals} 位小数，请更正。",
    ),
    "mark_subject": (
        "{count} marks for {aspect} are given to {found} but the module is marked per {wanted}; correct the rows.",
        "{aspect} 有 {count} 条得分记在 {found} 上，而该模块按 {wanted} 评分；请改正。",
    ),
    "mark_missing": (
        "{aspect}{place} is not yet marked for {count} subjects ({subjects}); enter the marks or record them as absent.",
        "{aspect}{place} 尚有 {count} 名（队）未评分（{subjects}）；请补录或登记缺赛。",
    ),
    "judge_extra": (
        "{aspect}{place}: more than {expected} judges have marked {count} subjects ({subjects}); all their marks count, correct `judges` or strike the marks that do not belong there.",
        "{aspect}{place}：{count} 名（队）的评分裁判多于 {expected} 人（{subjects}）；目前全部计入，请改正 judges，或作废多余的评分。",
    ),
    "judge_missing": (
        "{aspect}{place}: fewer than {expected} judges have marked {count} subjects ({subjects}); enter the marks or set `missing_judge`.",
        "{aspect}{place}：{count} 名（队）的评分裁判少于 {expected} 人（{subjects}）；请补录，或设置 missing_judge。",
    ),
    "panel_too_small": (
        "{aspect}{place}: too few judges to trim for {count} subjects ({subjects}); state `small` for small panels.",
        "{aspect}{place}：{count} 名（队）的裁判人数不足以去掉高低分（{subjects}）；请用 small 说明小裁判组的办法。",
    ),
    "judges_disagree": (
        "{aspect}{place}: the judges have not agreed on one mark for {count} subjects ({subjects}); let them talk and mark again.",
        "{aspect}{place}：裁判对 {count} 名（队）未形成一致得分（{subjects}）；请合议后重新评分。",
    ),
    "no_majority": (
        "{aspect}{place}: no mark has a majority for {count} subjects ({subjects}); let the judges talk and mark again.",
        "{aspect}{place}：对 {count} 名（队）没有过半数的得分（{subjects}）；请合议后重新评分。",
    ),
    "spread_exceeded": (
        "{aspect}{place}: the judges' scores spread by more than {spread} for {count} subjects ({subjects}); let them talk and mark again.",
        "{aspect}{place}：{count} 名（队）的分差超过 {spread}（{subjects}）；请裁判合议后重新评分。",
    ),
    "attempts_unstated": (
        "{aspect}{place}: {count} subjects ({subjects}) have several attempts but the rules do not say which counts; set `attempts` (the best was taken).",
        "{aspect}{place}：{count} 名（队）有多次成绩（{subjects}），但规则未说明如何取用；请设置 attempts（暂取最好成绩）。",
    ),
    "not_in_table": (
        "{aspect}{place}: the measured value of {count} subjects ({subjects}) is not in the table; complete the table or correct the value.",
        "{aspect}{place}：{count} 名（队）的测量值不在换算表中（{subjects}）；请补全换算表或更正数值。",
    ),
    "no_value_formula": (
        "{aspect}{place}: the formula has no value for {count} subjects ({subjects}), for instance a division by 0; correct the formula or the value.",
        "{aspect}{place}：公式对 {count} 名（队）无法求值（{subjects}），例如除以 0；请改公式或数值。",
    ),
    "input_missing": (
        "{aspect}{place}: the input “{name}” is missing for {count} subjects ({subjects}); enter it.",
        "{aspect}{place}：{count} 名（队）缺少“{name}”（{subjects}）；请补录。",
    ),
    "input_ambiguous": (
        "{aspect}{place}: the input “{name}” has two different values for {count} subjects ({subjects}); keep one.",
        "{aspect}{place}：{count} 名（队）的“{name}”有两个不同的值（{subjects}）；请只保留一个。",
    ),
    "member_missing": (
        "{count} entries ({subjects}) have a member without a result in “{module}”; by the rules they are not ranked.",
        "{count} 个参赛队（{subjects}）有成员缺少“{module}”成绩，按规则不排名。",
    ),
    "team_size": (
        "{count} entries ({subjects}) do not have {minimum} to {maximum} members; correct the roster.",
        "{count} 个参赛队（{subjects}）人数不在 {minimum} 至 {maximum} 之间；请更正名单。",
    ),
    "tie_unresolved": (
        "{ranking}: {subjects} are tied and ranks may not be shared; record a lot or the chief judge's ruling.",
        "{ranking}：{subjects} 并列，而名次不得并列；请登记抽签结果或裁判长裁定。",
    ),
    "not_advanced": (
        "{round}: {count} subjects ({subjects}) have marks although they did not reach this round; check the list.",
        "{round}：{count} 名（队）未晋级却有得分（{subjects}）；请核对名单。",
    ),
    "award_question": ("{ranking}: {reason}", "{ranking}：{reason}"),
}
