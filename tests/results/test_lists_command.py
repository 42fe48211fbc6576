"""`contest lists` finds a list that was altered, and one that no longer follows from what is stored."""

from __future__ import annotations

import argparse

import pytest
import sqlalchemy as sa

from contest.db import db, transaction
from contest.results import cli
from contest.results.models import SnapshotRow
from tests.results.builders import fill, make_field, published


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    published(field)
    return field


def checked(capsys) -> tuple[int, str]:
    code = cli._check(argparse.Namespace(all=False))
    return code, capsys.readouterr().out.rsplit("\t", 1)[-1].strip()


def test_an_untouched_list_is_the_same(made, capsys):
    assert checked(capsys) == (0, "same")


def test_a_mark_that_came_later_does_not_disturb_the_list(made, capsys):
    made.mark(0, "dough", 12_000)
    assert checked(capsys) == (0, "same")


def test_a_line_changed_in_the_database_is_found(made, capsys):
    with transaction():
        db.session.execute(sa.update(SnapshotRow).where(SnapshotRow.position == 1).values(name="某人"))
    assert checked(capsys) == (1, "altered")


def test_a_list_whose_input_was_changed_behind_its_back_is_found(made, capsys):
    from contest.entries.models import Entry, EntryState

    with transaction():
        db.session.get_one(Entry, made.entry_ids[0]).state = EntryState.WITHDRAWN
    assert checked(capsys) == (1, "differs")
