"""Runs the revisions on the application's own engine."""

import warnings

from alembic import context
from flask import current_app

# A revision that rebuilds a table on SQLite reads the tables around it too; their indexes over expressions stay as they are.
warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")

extension = current_app.extensions["migrate"]


def run() -> None:
    """Every revision in one transaction: both databases roll a broken one back whole."""
    with extension.db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
