"""Closed lists a registration form chooses from, and the other names offices write for their members."""

from __future__ import annotations

# GB/T 3304-1991, names of the 56 nationalities, in the standard's order.
_ETHNIC_GROUPS = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 "
    "傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 "
    "布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 "
    "裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
)
ETHNIC_GROUPS = tuple(_ETHNIC_GROUPS.split())
ETHNIC_ALIASES = {name.removesuffix("族"): name for name in ETHNIC_GROUPS} | {
    "维族": "维吾尔族",
    "哈族": "哈萨克族",
    "蒙族": "蒙古族",
    "柯族": "柯尔克孜族",
    "东乡": "东乡族",
}

EDUCATION = ("小学", "初中", "高中", "中专", "技校", "大专", "本科", "硕士研究生", "博士研究生")
EDUCATION_ALIASES = {
    "普通高中": "高中",
    "职高": "中专",
    "职业高中": "中专",
    "中等专科": "中专",
    "中职": "中专",
    "技工学校": "技校",
    "技工": "技校",
    "专科": "大专",
    "大学专科": "大专",
    "高职": "大专",
    "大学本科": "本科",
    "大学": "本科",
    "硕士": "硕士研究生",
    "研究生": "硕士研究生",
    "博士": "博士研究生",
}

# The new eight-level system of vocational skills, lowest first: the numbers run down while the rank goes up.
LEVELS = (
    "学徒工",
    "五级/初级工",
    "四级/中级工",
    "三级/高级工",
    "二级/技师",
    "一级/高级技师",
    "特级技师",
    "首席技师",
)
LEVEL_ALIASES: dict[str, str] = {}
for _level in LEVELS[1:6]:
    _grade, _title = _level.split("/")
    for _written in (
        _grade,
        _title,
        f"{_grade}{_title}",
        f"{_title}/{_grade}",
        f"{_title}{_grade}",
        f"{_title}({_grade})",
        f"{_grade}({_title})",
    ):
        LEVEL_ALIASES[_written] = _level
    _digit = str("一二三四五".index(_grade[0]) + 1)
    for _written in (f"{_digit}级", f"{_digit}级/{_title}", f"{_title}({_digit}级)", f"{_digit}级{_title}"):
        LEVEL_ALIASES[_written] = _level
NO_LEVEL = ("无", "没有", "/", "-", "—", "暂无", "none", "None")

GENDERS = ("男", "女")
GENDER_ALIASES = {
    "男性": "男",
    "女性": "女",
    "M": "男",
    "F": "女",
    "Male": "男",
    "Female": "女",
    "male": "男",
} | {
    "female": "女",
    "男士": "男",
    "女士": "女",
}

# Provinces in the official order (GB/T 2260), so that new delegations of a national contest need no sorting by hand.
_PROVINCES = (
    "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 "
    "山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 陕西省 "
    "甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区 新疆生产建设兵团 香港特别行政区 澳门特别行政区 台湾省"
)
PROVINCES = tuple(_PROVINCES.split())
