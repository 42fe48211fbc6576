"""The whole job without a browser, on the ramen contest at its real size: 31 delegations, 71 teams, 212 people."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from contest import audit
from contest.accounts.access import SYSTEM
from contest.awards import decision_paper
from contest.awards import queries as awards
from contest.certificates.models import Certificate
from contest.db import db
from contest.desk import queries as desk
from contest.desk.demo import ramen, run
from contest.entries.models import Delegation, Entry, Member
from contest.judging.models import MarkRevision
from contest.results.models import Publication
from contest.results.snapshots import recomputed_digest, stored_digest
from tests.conftest import own_application

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def held(postgres_url, tmp_path_factory):
    """The contest held once for all facts of this file."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with own_application(folder, postgres_url, mode="demo"):
        yield folder / "out", run.whole_job(folder / "out", lambda _text: None, "http://localhost")


def names_of_roster() -> list[str]:
    rows = CalamineWorkbook.from_path(ramen.ROSTER).get_sheet_by_index(0).to_python()[2:]
    return [str(row[5]) for row in rows]


def count(model: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def test_everybody_of_the_roster_is_registered(held):
    assert (count(Delegation), count(Entry), count(Member)) == (31, 71, 212)


def test_the_overview_says_that_every_team_is_drawn_and_coded(held):
    _, (event,) = desk.edition_at_a_glance(SYSTEM, 1)
    stands = {step.key: (step.state, step.done, step.total) for step in event.steps}
    assert (stands["registration"], stands["draw"]) == (("done", 212, 71), ("done", 71, 71))


def test_every_judge_marked_every_aspect_of_everybody_and_theory_came_from_the_file(held):
    by_source = Counter(db.session.scalars(sa.select(MarkRevision.source)))
    assert {source.value: number for source, number in by_source.items()} == {
        "device": 212 * 5 * 4,
        "file": 212,
    }


def test_the_individual_list_names_everybody_once_in_order_of_rank(held):
    folder, _ = held
    (path,) = folder.glob("*个人成绩*.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert sorted(row["姓名"] for row in rows) == sorted(names_of_roster())
    assert [row["名次"] for row in rows] == [str(place) for place in range(1, 213)]


def test_one_gold_two_silver_three_bronze_and_all_others_are_excellent(held):
    folder, _ = held
    (path,) = folder.glob("*个人成绩*.csv")
    prizes = Counter(row["奖项"] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert prizes == {"金奖": 1, "银奖": 2, "铜奖": 3, "优秀选手奖": 206}


def test_each_paper_holds_its_holders_name_and_nobody_elses(held):
    folder, _ = held
    everybody = set(names_of_roster())
    wrong, found = [], Counter()
    for path in (folder / "证书").glob("*.pdf"):
        text = "".join(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range().split())
        holder = path.stem.split("_")[1]
        named = {name for name in everybody if f"{name}同志" in text}
        if holder in everybody:
            found[holder] += 1
            others = {name for name in named if name != holder and name not in holder}
            # A title's paper cites the decision, whose heading names its first person.
            cited = {name for name in others if f"关于授予{name}" in text}
            if holder not in named or others - cited:
                wrong.append((path.name, named))
    prizes = Counter(names_of_roster())
    assert wrong == []
    assert {name: found[name] >= number for name, number in prizes.items()} == dict.fromkeys(prizes, True)


def test_there_is_a_paper_for_every_prize_and_title_and_the_files_agree(held):
    folder, _ = held
    with zipfile.ZipFile(folder / "证书.zip") as bundle:
        packed = len(bundle.namelist())
    single = len(list((folder / "证书").glob("*.pdf")))
    printed = len(PdfReader(folder / "证书（打印）.pdf").pages)
    assert (packed, single, printed) == (count(Certificate),) * 3
    assert count(Certificate) == 212 + 8 + 3  # people, team prizes, titles


def test_the_decision_names_as_many_people_as_its_list_has_rows(held):
    folder, result = held
    lines = decision_paper.lines_of(awards.decision_for(SYSTEM, result.decision_id))
    text = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(folder / "授予称号的决定.pdf").pages
    )
    assert f"等{len(lines)}名同志" in text
    assert [line.name in text for line in lines] == [True] * len(lines)


def test_the_frozen_lists_are_what_lies_in_the_database_and_what_is_computed_again(held):
    lists = list(db.session.scalars(sa.select(Publication)))
    digests = [
        (one.snapshot.digest, stored_digest(one.snapshot), recomputed_digest(one.snapshot)) for one in lists
    ]
    assert [len(set(three)) for three in digests] == [1, 1]


def test_the_log_of_the_contest_is_whole(held):
    _, result = held
    assert audit.broken_links(result.contest_id) == []


def test_summaries_to_sign_have_lines_for_all_who_sign(held):
    folder, _ = held
    (path,) = folder.glob("*个人成绩*成绩汇总表.pdf")
    reader = PdfReader(path)
    text = "".join(reader.pages[0].extract_text().split())
    assert [
        word in text
        for word in ("裁判员签名", "裁判长签名", "统分员签名", "监督仲裁签名", f"共{len(reader.pages)}页")
    ] == [True] * 5
