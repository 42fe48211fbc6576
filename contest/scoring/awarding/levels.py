"""The eight levels of vocational skill in their order. The order is explicit, because the numbers run down."""

from dataclasses import dataclass


class UnknownLevel(ValueError):
    """A level that is none of the eight; args[0] is what was written."""


@dataclass(frozen=True, slots=True)
class Level:
    """One of the eight levels: its key, its names, and the spellings by which rosters write it."""

    key: str
    zh: str
    en: str
    spellings: tuple[str, ...]


#: From lowest to highest. Source: 新八级工 (the five national levels, 学徒工 below, 特级技师 and 首席技师 above).
LEVELS = (
    Level("apprentice", "学徒工", "Apprentice", ("学徒",)),
    Level(
        "junior", "初级工", "Junior worker (level 5)", ("五级", "五级工", "初级工/五级", "五级/初级工", "5")
    ),
    Level(
        "intermediate",
        "中级工",
        "Intermediate worker (level 4)",
        ("四级", "四级工", "中级工/四级", "四级/中级工", "4"),
    ),
    Level(
        "senior", "高级工", "Senior worker (level 3)", ("三级", "三级工", "高级工/三级", "三级/高级工", "3")
    ),
    Level("technician", "技师", "Technician (level 2)", ("二级", "技师/二级", "二级/技师", "2")),
    Level(
        "senior_technician",
        "高级技师",
        "Senior technician (level 1)",
        ("一级", "高级技师/一级", "一级/高级技师", "1"),
    ),
    Level("special_technician", "特级技师", "Special-grade technician", ()),
    Level("chief_technician", "首席技师", "Chief technician", ()),
)

#: The highest level that a contest can lead to; the two above are appointed by employers and only recorded.
CONTEST_CAP = "senior_technician"

_STEPS = {
    spelling: step
    for step, level in enumerate(LEVELS)
    for spelling in (level.key, level.zh, *level.spellings)
}


def step_of(written: str) -> int:
    """The step of a level, 0 for 学徒工 up to 7 for 首席技师. Raises UnknownLevel."""
    try:
        return _STEPS[written.strip().replace(" ", "")]
    except KeyError:
        raise UnknownLevel(written) from None
