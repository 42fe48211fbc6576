"""Invented holders for certificate tests."""

import random

from contest.certificates import layouts
from contest.certificates.pages import Record

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "明华建国秀英丽强磊军洋勇艳杰娟涛超霞平刚桂兰玉梅海龙云飞晓春德福文斌"
SPECIAL = ["更尕昂宝", "才让·卓玛", "欧阳建国", "龑喆堃", "བཀྲ་ཤིས", "䶮𠅤㛃", "阿卜杜拉·买买提", "ئابدۇللا"]
LONG_EDITION = "青海省第二十届职工职业技能大赛暨全省第七届动物防疫职业技能竞赛"


def holders(count: int, layout: str = "prize", seed: int = 1) -> list[Record]:
    """`count` records with names that are all different and none of which lies within another."""
    rng, sample = random.Random(seed), layouts.load(layout).sample
    names: list[str] = list(SPECIAL[:count])
    while len(names) < count:
        name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
        if not any(name in other or other in name for other in names):
            names.append(name)
    return [
        Record(
            key=f"entry-{number}",
            values={
                **sample,
                "name": name,
                "unit": f"示范第{number % 31 + 1}代表队",
                "prize": ("一等奖", "二等奖", "三等奖", "优秀选手")[number % 4],
                "number": f"示工证〔2026〕{number:05d}号",
            },
            url=f"https://contest.example.org/verify/{rng.getrandbits(64):016X}",
            title=f"荣誉证书 {name}",
        )
        for number, name in enumerate(names, 1)
    ]
