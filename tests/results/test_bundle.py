"""A verify bundle says *same* anywhere, names nobody, and shows the first difference when something was changed."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from contest.db import db, transaction
from contest.entries import service as entries
from contest.entries.draw import new_seed
from contest.entries.models import Staff, StaffRole
from contest.results import bundles, cli
from contest.results.bundle import BundleError, packed, unpacked
from contest.results.models import Publication
from contest.results.verifying import verify
from contest.scoring.rules import RuleSet
from tests.results.builders import NAMES, NOON, RULES, fill, make_field, published


def bundle(publication_id: int) -> bytes:
    return bundles.content_of(db.session.get_one(Publication, publication_id))


def changed(content: bytes, name: str, old: str, new: str, *, hidden: bool = True) -> bytes:
    """The bundle with a text replaced in one file; `hidden`: with the manifest's digest made to fit again."""
    manifest, files = unpacked(content)
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    if hidden:
        return packed(files, {key: value for key, value in manifest.items() if key != "files"})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for one, text in files.items():
            archive.writestr(one, text)
    return out.getvalue()


@pytest.fixture
def made(app):
    field = make_field(NAMES[:6])
    with transaction():
        seed = new_seed()
        draw = entries.draw_by_seed(
            field.event_id, seed=seed, public_value="红", benches=2, actor=field.actor("organiser"), at=NOON
        )
        entries.lock_draw(draw.id, actor=field.actor("organiser"), at=NOON)
    fill(field)
    return field


def test_a_published_list_keeps_a_bundle_that_says_same(made):
    _, verdict = verify(bundle(published(made)))
    assert (verdict.code, verdict.lines) == ("same", 6)


def test_the_bundle_of_a_table_says_same(made):
    _, verdict = verify(bundle(published(made, ranking="table:delegations")))
    assert (verdict.code, verdict.lines) == ("same", 2)


def test_a_bundle_names_nobody(made):
    content = bundle(published(made))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "e" + str(made.entry_ids[0]) in text
    assert not [name for name in (*NAMES, "示范集团", "甲地区", "K001") if name in text]


COACHES = """
[[rankings.awards]]
key = "coach"
by = "place"
kind = "title"
to = "coach"
bands = [ { award = "coach", places = 2 } ]
[[tables]]
"""


def test_coaches_go_by_numbers_each_of_their_own(app):
    made = make_field(NAMES[:3], rules=RULES.replace("[[tables]]", COACHES))
    fill(made)
    with transaction():
        for entry, names in zip(made.entry_ids, (("教练多杰", "教练央金"), ("教练央金",), ()), strict=True):
            for name in names:
                db.session.add(Staff(entry_id=entry, role=StaffRole.COACH, name=name))

    content = bundle(published(made))

    _, files = unpacked(content)
    assert not [name for name, text in files.items() if "教练" in text.replace("优秀教练", "")]
    cells = [row["coach"] for row in csv.DictReader(io.StringIO(files["entries.csv"]))]
    assert sorted(cells) == ["", "coach-1;coach-2", "coach-2"]
    given = sorted(re.findall(r"coach/coach>([\w-]+)", files["list.csv"]))
    assert set(given) <= {"coach-1", "coach-2"} and given
    _, verdict = verify(content)
    assert verdict.is_same, verdict.text


def test_publishing_the_same_again_gives_the_same_bytes(made):
    first = published(made)
    publication = db.session.get_one(Publication, first)
    from contest.results.compute import compute_event

    assert bundles.bundle_bytes(publication, compute_event(publication.event)) == bundle(first)
    assert published(made) == first


def test_a_changed_mark_shows_the_first_line_that_differs(made):
    content = bundle(published(made))
    _, files = unpacked(content)
    row = next(line for line in files["marks.csv"].splitlines() if ",pull," in line)
    better = row.rsplit(",", 1)[0] + ",60000"
    _, verdict = verify(changed(content, "marks.csv", row, better))
    assert verdict.code == "differs"
    assert verdict.text.startswith("line ") and "computed is" in verdict.text


def test_a_changed_rank_is_told_with_both_values(made):
    content = bundle(published(made))
    _, verdict = verify(changed(content, "list.csv", "\n1,", "\n1,x"))
    assert verdict.code == "differs" and "was not computed" in verdict.text


def test_a_file_that_is_not_the_manifests_is_named(made):
    content = bundle(published(made))
    _, verdict = verify(changed(content, "rules.toml", "70", "71", hidden=False))
    assert (verdict.code, verdict.text.split()[0]) == ("altered", "rules.toml")


def test_a_draw_that_its_seed_does_not_give_is_told(made):
    content = bundle(published(made))
    _, files = unpacked(content)
    seed = json.loads(files["draws.json"])[0]["seed"]
    _, verdict = verify(changed(content, "draws.json", f'"seed": "{seed}"', '"seed": "another seed 1234"'))
    assert verdict.code == "draw"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip" * 100])
def test_what_is_no_bundle_is_refused(content):
    with pytest.raises(BundleError):
        unpacked(content)


def test_the_rules_of_a_bundle_read_the_same_again(made):
    _, files = unpacked(bundle(published(made)))
    rules = RuleSet.from_toml(files["rules.toml"])
    assert rules.to_toml() == files["rules.toml"]


def test_the_command_prints_same_and_exits_by_the_verdict(made, tmp_path, capsys):
    good, bad, none = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "none.zip"
    good.write_bytes(bundle(published(made)))
    bad.write_bytes(changed(good.read_bytes(), "list.csv", "\n1,", "\n1,x"))
    assert cli._verify(argparse.Namespace(bundles=[good])) == 0
    assert "\tsame\t6" in capsys.readouterr().out
    assert cli._verify(argparse.Namespace(bundles=[good, bad])) == 1
    assert cli._verify(argparse.Namespace(bundles=[none])) == 2


SCRIPT = Path(__file__).parents[2] / "docs" / "verify_independently.py"


def second_reading(path: Path) -> tuple[int, str]:
    """What the independent script says, in a process of its own."""
    done = subprocess.run([sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


def test_a_second_program_without_our_code_says_same_and_finds_the_change(made, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle(published(made)))
    assert second_reading(path) == (0, "same")
    _, files = unpacked(path.read_bytes())
    row = next(line for line in files["marks.csv"].splitlines() if ",pull," in line)
    path.write_bytes(changed(path.read_bytes(), "marks.csv", row, row.rsplit(",", 1)[0] + ",60000"))
    code, text = second_reading(path)
    assert code == 1 and text.startswith("line ")


def test_the_second_program_shares_no_code_and_has_at_most_200_lines():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert "contest." not in text.replace("docs/", "")


def test_the_second_program_says_what_it_does_not_cover(made, tmp_path):
    path = tmp_path / "table.zip"
    path.write_bytes(bundle(published(made, ranking="table:delegations")))
    assert second_reading(path)[0] == 3


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "bundles").glob("*.zip")), ids=lambda one: one.stem
)
def test_a_bundle_exported_long_ago_still_says_same(path):
    _, verdict = verify(path.read_bytes())
    assert verdict.is_same, verdict.text
    assert second_reading(path) == (0, "same")
