"""Who may do what where."""

import pytest
import sqlalchemy as sa

from contest.accounts.access import ACTS, ANONYMOUS, SYSTEM, Actor, Held, scope_filter
from contest.accounts.models import Role, ScopeKind

PLACE = {"holder": 1, "contest": 2, "sub_contest": 3, "event": 4}


def holding(role: Role, kind: ScopeKind, scope_id: int) -> Actor:
    return Actor(account_id=1, name="甲", grants=(Held(role, kind, scope_id),))


@pytest.mark.parametrize(
    "kind", [ScopeKind.HOLDER, ScopeKind.CONTEST, ScopeKind.SUB_CONTEST, ScopeKind.EVENT]
)
def test_a_role_counts_at_its_own_level_and_below_only(kind):
    here = holding(Role.ORGANISER, kind, PLACE[kind.value])
    elsewhere = holding(Role.ORGANISER, kind, 99)
    assert (here.may("contest.configure", **PLACE), elsewhere.may("contest.configure", **PLACE)) == (
        True,
        False,
    )
    above = {
        name: value
        for name, value in PLACE.items()
        if list(PLACE).index(name) < list(PLACE).index(kind.value)
    }
    assert here.may("contest.configure", **above) is False


def test_a_role_for_the_installation_counts_everywhere():
    assert holding(Role.ORGANISER, ScopeKind.INSTALLATION, 0).may("contest.configure", **PLACE)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_is_for_its_roles_only(act):
    allowed = {role for role in Role if holding(role, ScopeKind.CONTEST, 2).may(act, **PLACE)}
    assert allowed == ACTS[act]


@pytest.mark.parametrize("act", sorted(ACTS))
def test_nobody_may_do_anything_without_signing_in(act):
    assert (ANONYMOUS.may(act, **PLACE), SYSTEM.may(act)) == (False, True)


def test_the_one_who_marks_does_not_know_the_codes_and_the_one_who_codes_does_not_mark():
    assert ACTS["marks.enter"] & ACTS["codes.view"] == frozenset()


def test_an_act_that_is_not_in_the_table_is_an_error_not_a_permission():
    with pytest.raises(KeyError):
        SYSTEM.may("everything")


def test_the_filter_takes_the_same_places_as_the_question():
    column = sa.column("contest_id", sa.Integer)
    assert str(scope_filter(ANONYMOUS, "contest.view", {"contest": column})) == "false"
    assert str(scope_filter(SYSTEM, "contest.view", {"contest": column})) == "true"
    clause = scope_filter(holding(Role.ORGANISER, ScopeKind.CONTEST, 2), "contest.view", {"contest": column})
    assert str(clause.compile(compile_kwargs={"literal_binds": True})) == "contest_id IN (2)"
