"""Which column is what: the heading row is looked for, whatever titles and notes stand above it."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

from contest.entries.roster.table import Row, Sheet


class Field(enum.StrEnum):
    """What a registration form says of a person, in the order of the template."""

    sequence = "sequence"
    delegation = "delegation"
    number = "number"
    event = "event"
    group = "group"
    name = "name"
    gender = "gender"
    ethnic_group = "ethnic_group"
    id_kind = "id_kind"
    id_number = "id_number"
    born_on = "born_on"
    education = "education"
    organisation = "organisation"
    post = "post"
    level = "level"
    level_certificate = "level_certificate"
    years = "years"
    phone = "phone"
    leader = "leader"
    coach = "coach"
    remark = "remark"


# The first name is the template's Chinese heading, the second its English one; the others are met in practice.
HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.sequence: ("序号", "No.", "编号", "#", "no"),
    Field.delegation: (
        "代表队",
        "Delegation",
        "代表队名称",
        "参赛代表队",
        "代表团",
        "所属代表队",
        "推荐单位",
    ),
    Field.number: (
        "队伍编号",
        "Team number",
        "队号",
        "参赛队编号",
        "参赛队号",
        "团队编号",
        "参赛编号",
        "参赛号",
        "entry number",
    ),
    Field.event: (
        *(
            "赛项",
            "Event",
            "参赛赛项",
            "赛项名称",
            "参赛项目",
            "竞赛项目",
            "竞赛工种",
            "参赛工种",
            "工种",
            "项目",
        ),
        *("职业(工种)", "参赛职业(工种)", "竞赛职业", "竞赛职业(工种)"),
    ),
    Field.group: ("组别", "Group", "参赛组别", "竞赛组别", "组别类型"),
    Field.name: (
        "姓名",
        "Name",
        "选手姓名",
        "参赛选手",
        "参赛选手姓名",
        "参赛人员",
        "参赛人员姓名",
        "full name",
    ),
    Field.gender: ("性别", "Gender", "sex"),
    Field.ethnic_group: ("民族", "Ethnic group", "nationality"),
    Field.id_kind: ("证件类型", "Document", "证件种类", "证件名称", "证件类别", "document type", "id type"),
    Field.id_number: (
        *(
            "证件号码",
            "Document number",
            "身份证号",
            "身份证号码",
            "证件号",
            "公民身份号码",
            "居民身份证号码",
        ),
        *("居民身份证号", "身份证件号码", "有效证件号码", "身份证", "id number"),
    ),
    Field.born_on: ("出生日期", "Born on", "出生年月日", "生日", "出生年月", "date of birth", "birth date"),
    Field.education: ("学历", "Education", "文化程度", "学历层次", "最高学历"),
    Field.organisation: (
        *("工作单位", "Organisation", "单位", "所在单位", "单位名称", "参赛单位", "工作单位全称", "单位全称"),
        *("工作单位/院校", "单位/学校", "所在单位(学校)", "organization", "employer"),
    ),
    Field.post: ("职务(岗位)", "Post", "职务", "岗位", "职务/岗位", "岗位/职务", "职务或岗位", "position"),
    Field.level: (
        *(
            "现有技能等级",
            "Skill level",
            "技能等级",
            "职业技能等级",
            "现技能等级",
            "职业资格等级",
            "现有职业资格等级",
        ),
        *("现有职业技能等级", "技术等级", "level"),
    ),
    Field.level_certificate: (
        *(
            "等级证书编号",
            "Level certificate",
            "证书编号",
            "职业资格证书编号",
            "技能等级证书编号",
            "职业技能等级证书编号",
        ),
        "证书号码",
    ),
    Field.years: (
        *(
            "从事本职业年限",
            "Years in trade",
            "从业年限",
            "从事本工种年限",
            "本职业工作年限",
            "从事本职业(工种)年限",
        ),
        *("工作年限", "本职业年限", "years"),
    ),
    Field.phone: (
        "联系电话",
        "Telephone",
        "手机号",
        "手机号码",
        "手机",
        "电话",
        "联系方式",
        "电话号码",
        "phone",
        "mobile",
    ),
    Field.leader: ("领队", "Leader", "领队姓名", "team leader"),
    Field.coach: ("教练", "Coach", "教练姓名", "教练员", "指导教师", "指导老师", "指导教练"),
    Field.remark: ("备注", "Remark", "说明", "remarks", "note"),
}
ENOUGH = 3  # headings recognised in a row, the name among them, make it the heading row
LOOK_AT = 40  # rows looked at from the top


@dataclass(frozen=True)
class Layout:
    """Where the columns are. `first` and `last` are the sheet rows of the heading; `columns` count from 0."""

    first: int
    last: int
    columns: dict[Field, int]
    headings: dict[Field, str]
    twice: tuple[tuple[Field, str], ...]
    ignored: tuple[str, ...]


def plain(heading: str) -> str:
    """A heading without what offices add to it: spaces, line breaks, stars, colons, full-width forms, case."""
    text = unicodedata.normalize("NFKC", heading)
    return re.sub(r"[\s*:★※]+", "", text).casefold()


_KNOWN = {plain(name): field for field, names in HEADINGS.items() for name in names}


def recognise(heading: str) -> Field | None:
    """The field a heading names, bracketed remarks such as “（必填）” left aside where needed."""
    text = plain(heading)
    return _KNOWN.get(text) or _KNOWN.get(re.sub(r"\([^)]*\)", "", text)) if text else None


def find_layout(sheet: Sheet) -> Layout | None:
    """The heading of a sheet: one row, or two when the lower one names parts of the upper. None without one."""
    candidates: list[tuple[Row, ...]] = []
    for index, row in enumerate(sheet.rows[:LOOK_AT]):
        candidates.append((row,))
        below = sheet.rows[index + 1 : index + 2]
        if below and _may_be_lower_heading(below[0]):
            candidates.append((row, *below))
    layouts = [_layout(rows) for rows in candidates if any(row.cells for row in rows)]
    good = [layout for layout in layouts if Field.name in layout.columns and len(layout.columns) >= ENOUGH]
    return max(good, key=lambda layout: (len(layout.columns), -layout.last, layout.first), default=None)


def _may_be_lower_heading(row: Row) -> bool:
    """Data rows carry digits; a lower heading names at least two fields and carries none."""
    texts = [cell.text for cell in row.cells if cell.text.strip()]
    return sum(recognise(text) is not None for text in texts) >= 2 and not any(map(_has_digit, texts))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _layout(rows: tuple[Row, ...]) -> Layout:
    columns: dict[Field, int] = {}
    headings: dict[Field, str] = {}
    twice: list[tuple[Field, str]] = []
    ignored: list[str] = []
    for column in range(max(len(row.cells) for row in rows)):
        texts = [text for row in reversed(rows) if (text := row.cell(column).text.strip())]
        field, heading = next(
            ((f, t) for t in texts if (f := recognise(t))), (None, texts[0] if texts else "")
        )
        if field is None:
            ignored += [heading] if heading else []
        elif field in columns:
            twice.append((field, heading))
        else:
            columns[field], headings[field] = column, re.sub(r"\s+", "", heading)
    return Layout(rows[0].number, rows[-1].number, columns, headings, tuple(twice), tuple(ignored))
