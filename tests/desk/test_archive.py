"""The archive of an edition: complete, checkable anywhere, without a full ID number, taken by organisers only and on record."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from contest import jobs, personal
from contest.audit import Change
from contest.certificates.models import Certificate, Letter
from contest.db import db, now, transaction
from contest.desk import retention
from contest.entries.models import Member, Person, WorkCode
from contest.jobs import Job
from contest.judging.models import MarkRevision
from contest.results.models import ListState, Publication


def made(finished) -> tuple[int, zipfile.ZipFile]:
    """A fresh archive: its job's id and the ZIP."""
    client = finished.browser("organiser")
    assert client.post(finished.path("archive")).status_code == 302
    db.session.rollback()
    job_id = db.session.scalar(sa.select(sa.func.max(Job.id)).where(Job.kind == "desk.archive"))
    job = jobs.job_with(job_id)
    assert (job.state.value, job.error) == ("done", None)
    return job_id, zipfile.ZipFile(io.BytesIO(client.get(f"/archive-jobs/{job_id}.zip").data))


@pytest.fixture(scope="module")
def archived(finished) -> tuple[int, zipfile.ZipFile]:
    return made(finished)


def table(archive: zipfile.ZipFile, ending: str) -> list[dict[str, str]]:
    (name,) = [one for one in archive.namelist() if one.endswith(ending)]
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_every_file_stands_once_in_the_list_with_its_digest_and_period(archived):
    _, archive = archived
    about = json.loads(archive.read("contents.json"))
    own = {"00 目录.pdf", "00 目录.csv", "contents.json", "sha256sums.txt"}
    names = archive.namelist()
    assert len(names) == len(set(names))
    assert {line["path"] for line in about["files"]} | own == set(names)
    for line in about["files"]:
        content = archive.read(line["path"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (line["sha256"], line["size"])
    assert {line["retention"] for line in about["files"]} <= {"永久", "30年", "10年"}
    rows = table(archive, "00 目录.csv")
    assert [row["文件"] for row in rows] == [line["path"] for line in about["files"]]


def test_all_kinds_that_the_edition_has_are_there(archived):
    _, archive = archived
    kinds = {line["kind"] for line in json.loads(archive.read("contents.json"))["files"]}
    assert set(retention.KINDS) - kinds == {"decision", "circular", "notice", "scan"}  # none in this world


def test_the_log_and_the_marks_are_whole(finished, archived):
    _, archive = archived
    marks = table(archive, "评分记录.csv")
    assert [int(row["序号"]) for row in marks] == list(
        db.session.scalars(sa.select(MarkRevision.id).order_by(MarkRevision.id))
    )
    log = table(archive, "操作日志.csv")
    assert [int(row["序号"]) for row in log] == list(range(1, len(log) + 1))
    assert [row["前一散列"] for row in log[1:]] == [row["散列"] for row in log[:-1]]


def test_the_register_has_every_number_of_certificates_and_letters(archived):
    _, archive = archived
    numbers = [row["编号"] for row in table(archive, "证书登记册.csv")]
    registers = (Certificate, Letter)
    assert numbers == [
        one
        for register in registers
        for one in db.session.scalars(sa.select(register.number).order_by(register.id))
    ]
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) > 0


def test_nobodys_full_number_is_in_it(archived):
    _, archive = archived
    content = b"".join(archive.read(name) for name in archive.namelist())
    numbers = [personal.decrypt(one.id_cipher) for one in db.session.scalars(sa.select(Person))]
    assert len(numbers) > 5
    assert [number for number in numbers if number.encode() in content] == []
    roster = table(archive, "参赛名册（证件号已遮盖）.csv")
    assert {row["证件号（遮盖）"] for row in roster} == set(
        db.session.scalars(sa.select(Person.id_masked).join(Member, Member.person_id == Person.id))
    )


def test_before_a_list_is_final_neither_marks_nor_codes_are_in_it(finished):
    ids = finished.world.ids["publication_id"]
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(Publication).where(Publication.id == ids).values(state=ListState.CONFIRMED)
        )
    try:
        _, archive = made(finished)
    finally:
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(Publication).where(Publication.id == ids).values(state=ListState.FINAL)
            )
    assert [name for name in archive.namelist() if "评分记录" in name or "加密号" in name] == []


def test_codes_are_told_only_of_rounds_that_were_opened(archived):
    _, archive = archived
    from contest.entries.models import Decoding

    opened = db.session.scalar(sa.select(sa.func.count(Decoding.id)))
    codes = db.session.scalar(sa.select(sa.func.count(WorkCode.id)))
    assert len(table(archive, "加密号对照.csv")) == (codes if opened else 0)


def test_only_organisers_make_and_take_it_and_each_taking_is_on_record(finished, archived):
    job_id, _ = archived
    counted = sa.select(sa.func.count(Change.id)).where(Change.action == "archive.downloaded")
    before = db.session.scalar(counted)
    for role in ("scorekeeper", "supervisor", "chief_judge", "administrator", "stranger", "contestant"):
        client = finished.browser(role)
        assert client.get(f"/archive-jobs/{job_id}.zip").status_code in (403, 404)
        assert client.post(finished.path("archive")).status_code in (403, 404)
        assert client.post(f"/archive-jobs/{job_id}/cancel").status_code in (403, 404)
    assert finished.browser().get(f"/archive-jobs/{job_id}.zip").status_code == 302
    db.session.rollback()
    assert db.session.scalar(counted) == before
    finished.browser("organiser").get(f"/archive-jobs/{job_id}.zip")
    db.session.rollback()
    assert db.session.scalar(counted) == before + 1


def test_another_kind_of_job_is_no_archive(finished):
    with transaction():
        job = Job(kind="certificates.make", params={"edition": finished.world.ids["edition_id"]}, total=1)
        job.created_at, job.result = now(), {"zip": 1}
        db.session.add(job)
        db.session.flush()
        other = job.id
    assert finished.browser("organiser").get(f"/archive-jobs/{other}.zip").status_code == 404


def test_chosen_periods_are_kept_named_in_the_next_archive_and_on_record(finished):
    client = finished.browser("organiser")
    path = finished.path("archive/retention")
    assert client.post(path, data={"marks": "forever"}).status_code == 422
    assert client.post(path, data={"marks": "permanent", "log": "years_30"}).status_code == 302
    _, archive = made(finished)
    files = json.loads(archive.read("contents.json"))["files"]
    assert {line["retention"] for line in files if line["kind"] == "marks"} == {"永久"}
    db.session.rollback()
    (kept,) = db.session.scalars(sa.select(Change).where(Change.action == "retention.changed"))
    assert kept.values == {"marks": ["years_30", "permanent"]}


def test_a_part_made_twice_does_no_harm(finished, archived):
    _, archive = archived
    _, again = made(finished)
    same = {
        name
        for name in archive.namelist()
        if name not in ("contents.json", "sha256sums.txt") and "日志" not in name
    }
    differing = {
        name for name in same if not name.startswith("00 ") and archive.read(name) != again.read(name)
    }
    assert differing == set()
