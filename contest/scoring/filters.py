"""Who is listed in a ranking: conditions on text columns and numeric inputs."""

from __future__ import annotations

import math

import numpy as np

from contest.scoring.columns import Column
from contest.scoring.field import UNITS, Field
from contest.scoring.numbers import NO_MARK, Array
from contest.scoring.rules import Condition
from contest.scoring.totals import Totals


def kept(totals: Totals, field: Field) -> Array:
    """Subjects that the ranking's filter keeps."""
    mask = np.ones(len(totals.units), bool)
    for condition in totals.ranking.filter:
        mask &= _meets(condition, totals, field)
    return mask


def _meets(condition: Condition, totals: Totals, field: Field) -> Array:
    if condition.values:
        texts = field.texts(totals.subject, condition.column)
        return np.array([text in condition.values for text in texts], bool)
    number = _input_of(field, totals, condition.column)
    mask = number.ok.copy()
    low, high = condition.at_least, condition.at_most
    # Numerators are whole, so a limit may be made whole too: nothing is multiplied that could leave 64 bits.
    if low is not None:
        mask &= np.asarray(number.num >= math.ceil(low * number.den), bool)
    if high is not None:
        mask &= np.asarray(number.num <= math.floor(high * number.den), bool)
    return mask


def _input_of(field: Field, totals: Totals, name: str) -> Column:
    """An input as a column; without any value where none was given."""
    if name in field.inputs:
        column, _ = totals.sheets.input(
            name, totals.rules.tree_of(totals.modules), max(totals.rounds), 1, totals.subject
        )
        return column.reshape(column.shape[-1])
    return Column(
        np.zeros(len(totals.units), np.int64), UNITS, 0, np.full(len(totals.units), NO_MARK, np.int8)
    )
