"""A backup comes back whole, on either database, or says why not and changes nothing."""

from __future__ import annotations

import contextlib
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from contest import audit, backup, doctor, files
from contest.accounts.models import Role, ScopeKind
from contest.app import create_app
from contest.db import db, now, transaction
from contest.restore import restore
from tests.builders import make_account
from tests.conftest import settings_for
from tests.platform.rows import fill_every_table

Opened = Callable[..., contextlib.AbstractContextManager[Flask]]


@pytest.fixture
def opened(tmp_path: Path, postgres_url: str | None) -> Iterator[Opened]:
    """Opens an application on a new database: `with opened("sqlite", "old"):`."""
    schemas: list[str] = []

    @contextlib.contextmanager
    def _opened(kind: str, name: str, *, schema: bool = True, **changes: object) -> Iterator[Flask]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        url = f"sqlite:///{folder / 'contest.sqlite3'}"
        if kind == "postgresql":
            assert postgres_url
            schemas.append(f"b_{uuid.uuid4().hex[:12]}")
            _server(postgres_url, f"CREATE SCHEMA {schemas[-1]}")
            url = f"{postgres_url}?options=-csearch_path%3D{schemas[-1]}"
        app = create_app(settings_for(folder, url, **changes))
        with app.app_context():
            if schema:
                db.create_all()
            yield app
            db.session.remove()
            db.engine.dispose()

    yield _opened
    for name in schemas:
        _server(str(postgres_url), f"DROP SCHEMA {name} CASCADE")


def _server(url: str, statement: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def store_paper(content: bytes = b"%PDF-1.7 a paper") -> str:
    with transaction():
        row = files.store(
            content, name="证书.pdf", media_type="application/pdf", contest_id=0, actor_id=None, at=now()
        )
        return row.digest


PAIRS = [
    ("sqlite", "sqlite"),
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
    ("postgresql", "postgresql"),
]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_table_and_file_comes_back_on_either_database(
    source: str, target: str, opened: Opened, tmp_path: Path, postgres_url: str | None
) -> None:
    if "postgresql" in (source, target) and not postgres_url:
        pytest.skip("no PostgreSQL server was given (TEST_POSTGRES_URL)")
    with opened(source, "old"):
        digest = store_paper()
        counts = fill_every_table()
        _forget_invented_files(digest)
        counts["stored_file"] = 1
        saved = backup.back_up(tmp_path / "b.zip")
    assert {name: table["rows"] for name, table in saved["tables"].items()} == counts
    with opened(target, "new"):
        restore(tmp_path / "b.zip")
        assert files.path_of(digest).read_bytes() == b"%PDF-1.7 a paper"
        again = backup.back_up(tmp_path / "again.zip")
        assert again["tables"] == saved["tables"]
        assert again["key_check"] == saved["key_check"]
        _numbers_go_on()
        _marks_are_still_append_only()


def _forget_invented_files(digest: str) -> None:
    """Rows that point to bytes nobody stored would rightly refuse the backup."""
    with transaction():
        connection = db.session.connection()
        kept = connection.scalar(sa.select(files.StoredFile.id).where(files.StoredFile.digest == digest))
        for table in db.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table.name == "stored_file":
                    connection.execute(table.update().values({key.parent.name: kept}))
        connection.execute(sa.delete(files.StoredFile).where(files.StoredFile.id != kept))


def _numbers_go_on() -> None:
    highest = db.session.scalar(sa.select(sa.func.max(files.StoredFile.id))) or 0
    store_paper(b"another")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.max(files.StoredFile.id))) == highest + 1


def _marks_are_still_append_only() -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql("UPDATE mark_revision SET reason = 'x'")


def test_the_log_is_still_a_whole_chain_after_a_restore(opened: Opened, tmp_path: Path) -> None:
    with opened("sqlite", "old"):
        make_account("周敏", (Role.ORGANISER, ScopeKind.INSTALLATION, 0))
        make_account("何静", (Role.SCOREKEEPER, ScopeKind.INSTALLATION, 0))
        backup.back_up(tmp_path / "b.zip")
    with opened("sqlite", "new"):
        restore(tmp_path / "b.zip")
        assert db.session.scalar(sa.select(sa.func.count(audit.Change.id))) == 2
        assert audit.broken_links(0) == []


def test_an_empty_database_is_migrated_before_it_is_filled(opened: Opened, tmp_path: Path) -> None:
    with opened("sqlite", "old", schema=False):
        flask_migrate.upgrade()
        store_paper()
        saved = backup.back_up(tmp_path / "b.zip")
    with opened("sqlite", "new", schema=False):
        restored = restore(tmp_path / "b.zip")
        assert restored["revision"] == saved["revision"] is not None
        assert db.session.scalar(sa.select(sa.func.count(files.StoredFile.id))) == 1


def test_a_backup_is_private_holds_no_key_and_overwrites_nothing(opened: Opened, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    with opened("sqlite", "old") as app:
        backup.back_up(target)
        assert target.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(target) as archive:
            everything = b"".join(archive.read(name) for name in archive.namelist())
        assert app.config["CONTEST"].personal_key not in everything
        with pytest.raises(backup.BackupRefused, match="exists already"):
            backup.back_up(target)


def test_a_backup_without_one_of_its_files_is_refused_and_leaves_no_half_file(
    opened: Opened, tmp_path: Path
) -> None:
    with opened("sqlite", "old"):
        files.path_of(store_paper()).write_bytes(b"%PDF-1.7 another one")
        with pytest.raises(backup.BackupRefused, match="missing or was changed"):
            backup.back_up(tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_database_with_data_is_never_filled_again(opened: Opened, tmp_path: Path) -> None:
    with opened("sqlite", "old"):
        store_paper()
        backup.back_up(tmp_path / "b.zip")
        with pytest.raises(backup.BackupRefused, match="holds data already"):
            restore(tmp_path / "b.zip")


CHANGES = [
    ("tables/stored_file.jsonl", b"application/pdf", b"application/exe"),
    ("manifest.json", b'"sha256": "', b'"sha256": "0'),
    ("manifest.json", b'"files": 1', b'"files": 2'),
]


@pytest.mark.parametrize(("part", "old", "new"), CHANGES)
def test_a_changed_part_is_found_before_anything_is_written(
    part: str, old: bytes, new: bytes, opened: Opened, tmp_path: Path
) -> None:
    with opened("sqlite", "old"):
        store_paper()
        backup.back_up(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        assert old in whole.read(part)
        for name in whole.namelist():
            bad.writestr(name, whole.read(name).replace(old, new) if name == part else whole.read(name))
    with opened("sqlite", "new"):
        with pytest.raises(backup.BackupRefused, match="damaged"):
            restore(tmp_path / "bad.zip")
        assert db.session.scalar(sa.select(sa.func.count(files.StoredFile.id))) == 0


def test_something_else_than_a_backup_is_refused(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "photo.zip").write_bytes(b"JFIF")
    with opened("sqlite", "new"), pytest.raises(backup.BackupRefused, match="can't be read as a backup"):
        restore(tmp_path / "photo.zip")


def test_another_key_is_refused_unless_said_so(opened: Opened, tmp_path: Path) -> None:
    with opened("sqlite", "old"):
        store_paper()
        backup.back_up(tmp_path / "b.zip")
    with opened("sqlite", "new", personal_key=bytes(32)):
        with pytest.raises(backup.BackupRefused, match="another key"):
            restore(tmp_path / "b.zip")
        restore(tmp_path / "b.zip", other_key=True)
        assert db.session.scalar(sa.select(sa.func.count(files.StoredFile.id))) == 1


OLDER = sorted((Path(__file__).parent / "backups").glob("*.zip"))


@pytest.mark.parametrize("source", OLDER, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_contest_held_with_an_older_version_is_brought_to_the_newest(
    kind: str, source: Path, opened: Opened, postgres_url: str | None
) -> None:
    """The practice contest, held up to its certificates by the version that the file is named after."""
    if kind == "postgresql" and not postgres_url:
        pytest.skip("no PostgreSQL server was given (TEST_POSTGRES_URL)")
    with opened(kind, "new", schema=False) as app:
        saved = restore(source)
        with db.engine.connect() as connection:
            counts = {
                name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
                for name in saved["tables"]
            }
        assert counts == {name: table["rows"] for name, table in saved["tables"].items()}
        assert doctor.revisions() == (doctor.revisions()[1],) * 2
        assert app.test_client().get("/lists/1").status_code == 200
        _numbers_go_on()
        _marks_are_still_append_only()
