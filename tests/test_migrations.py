"""From empty to the newest revision, on the database the tests run on."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from contest.app import create_app
from contest.db import db
from tests.conftest import settings_for


@pytest.fixture
def migrated(database_url, tmp_path: Path):
    """An application whose schema was made by the revisions alone."""
    app = create_app(settings_for(tmp_path, database_url))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def triggers() -> list[str]:
    """Names of the triggers the database holds."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    with db.engine.connect() as connection:
        return sorted(connection.scalars(sa.text(query)))


def indexes() -> set[str]:
    """Every index by name: reflection on SQLite is blind for those over expressions."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name || coalesce(sql, '') FROM sqlite_master WHERE type = 'index'"
    else:
        query = "SELECT replace(indexdef, schemaname, '') FROM pg_indexes WHERE schemaname = current_schema()"
    with db.engine.connect() as connection:
        found = {" ".join(row.replace('"', "").split()) for row in connection.scalars(sa.text(query))}
    return {row for row in found if "alembic_version" not in row}


def checks() -> dict[str, set[str]]:
    """CHECK constraints by table: autogenerate doesn't compare them."""
    inspector = sa.inspect(db.engine)
    return {
        table: {str(check["name"]) for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


@pytest.mark.filterwarnings("ignore:autogenerate skipping")
def test_the_revisions_make_exactly_what_the_models_say(migrated):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert differences == []


def test_the_revisions_make_the_same_triggers_indexes_and_checks_as_the_models(migrated):
    by_revisions = (triggers(), indexes(), checks())
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    db.create_all()
    assert (triggers(), indexes(), checks()) == by_revisions


def test_the_way_back_leaves_nothing(migrated):
    flask_migrate.downgrade(revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
