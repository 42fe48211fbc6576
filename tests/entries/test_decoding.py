"""The decoding ceremony: layers of codes, opened in reverse by the supervisor, on record, with a protocol."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
import sqlalchemy as sa

from contest.accounts.models import Role, ScopeKind
from contest.audit import Change
from contest.db import db, transaction
from contest.entries import layers, queries, service
from contest.entries.models import Person
from contest.entries.models_codes import LayerCode
from contest.entries.refusals import CodesIssued, ReasonMissing
from contest.errors import Missing
from tests.builders import make_account
from tests.entries.test_draw_and_codes import AT, _event, _person

ROLES = (
    Role.ORGANISER,
    Role.CODER,
    Role.SUPERVISOR,
    Role.JUDGE,
    Role.CHIEF_JUDGE,
    Role.SCOREKEEPER,
    Role.REGISTRAR,
)


def coded(count: int, entries: int = 4):
    event = _event(entries)
    coder = _person(5, event, Role.CODER)
    with transaction():
        service.set_layers(event.id, count, actor=coder, at=AT)
    with transaction():
        service.issue_codes(event.id, actor=coder, at=AT)
    return event, _person(6, event, Role.SUPERVISOR)


def open_one(event, layer, who, witness="加密员、两队领队"):
    with transaction():
        service.open_layer(event.id, layer, witness=witness, actor=who, at=AT)


def test_every_subject_has_a_code_in_each_layer_and_no_layer_follows_from_another(app):
    event, _supervisor = coded(3)
    rows = db.session.scalars(sa.select(LayerCode)).all()
    assert sorted((row.layer, row.code) for row in rows if row.layer == 1) == [
        (1, f"00{n}") for n in range(1, 5)
    ]
    assert len({row.code for row in rows if row.layer == 2}) == 4
    work = set(queries.codes_for_event(event.id).values())
    assert len(work) == 4 and work & {row.code for row in rows} == set()


def test_a_latecomer_gets_a_code_in_each_layer_too(app):
    from tests.entries.builders import facts, make_entry

    event, _supervisor = coded(2)
    make_entry(event, "9", facts("后来", 99))
    with transaction():
        service.issue_codes(event.id, actor=_person(5, event, Role.CODER), at=AT)
    assert sorted(db.session.scalars(sa.select(LayerCode.code))) == ["001", "002", "003", "004", "005"]


def test_layers_are_opened_from_the_uppermost_down_and_names_come_last(app):
    event, supervisor = coded(3)
    for wrong in (1, 2, 4):
        with pytest.raises(CodesIssued):
            open_one(event, wrong, supervisor)
    seen = []
    for layer in (3, 2, 1):
        open_one(event, layer, supervisor)
        chains = layers.chains_of(event.id, opened_to=layer)
        seen.append(
            (
                [[bool(code) for code in one.codes] for one in chains][0],
                [one.entry is not None for one in chains],
                queries.is_decoded(event.id),
            )
        )
    assert seen == [
        ([False, True, True], [False] * 4, False),
        ([True, True, True], [False] * 4, False),
        ([True, True, True], [True] * 4, True),
    ]
    with pytest.raises(CodesIssued) as refused:
        open_one(event, 1, supervisor)
    assert refused.value.code == "codes_open"
    lines = db.session.scalars(
        sa.select(Change).where(Change.action == "codes.layer_opened").order_by(Change.id)
    )
    assert [(line.account_name, line.values["layer"][1], line.reason) for line in lines] == [
        (supervisor.name, layer, "加密员、两队领队") for layer in (3, 2, 1)
    ]


def test_until_the_last_layer_is_open_nobody_but_the_coder_sees_whose_code_is_whose(app):
    event, supervisor = coded(2)
    scope = {"contest": event.sub_contest.edition.contest_id, "event": event.id}

    def seeing():
        return [role for role in ROLES if queries.may_see_codes(_person(9, event, role), event, scope)]

    assert seeing() == [Role.CODER]
    open_one(event, 2, supervisor)
    assert seeing() == [Role.CODER]
    open_one(event, 1, supervisor)
    assert seeing() == [Role.ORGANISER, Role.CODER, Role.SUPERVISOR, Role.REGISTRAR]


def test_only_the_supervisor_opens_and_names_the_witness(app):
    event, supervisor = coded(2)
    for role in set(ROLES) - {Role.SUPERVISOR}:
        with pytest.raises(Missing):
            open_one(event, 2, _person(9, event, role))
    with pytest.raises(ReasonMissing):
        open_one(event, 2, supervisor, witness="  ")
    with pytest.raises(CodesIssued) as refused, transaction():
        service.decode(event.id, actor=supervisor, reason="一次打开", at=AT)
    assert refused.value.code == "codes_layered"


def test_the_number_of_layers_stands_once_codes_are_issued(app):
    event, _supervisor = coded(1)
    with pytest.raises(CodesIssued) as refused, transaction():
        service.set_layers(event.id, 2, actor=_person(5, event, Role.CODER), at=AT)
    assert refused.value.code == "codes_layers_late"
    assert db.session.scalar(sa.select(sa.func.count(LayerCode.id))) == 0


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_ceremony_through_the_pages_ends_with_a_protocol_to_sign(app, sign_in, count):
    app.config["WTF_CSRF_ENABLED"] = False
    event, _actor = coded(count)
    event_id, contest_id = event.id, event.sub_contest.edition.contest_id
    names = list(db.session.scalars(sa.select(Person.name)))
    people = {
        role: sign_in(
            app.test_client(),
            make_account(role.value, (role, ScopeKind.CONTEST, contest_id), contest_id=contest_id),
        )
        for role in (Role.SUPERVISOR, Role.ORGANISER, Role.CODER, Role.JUDGE)
    }
    address = f"/events/{event_id}/decoding"
    assert people[Role.JUDGE].get(address).status_code == 404
    for layer in range(count, 0, -1):
        page = people[Role.SUPERVISOR].get(address).get_data(as_text=True)
        assert [name for name in names if name in page] == []
        assert people[Role.CODER].post(f"{address}/{layer}", data={"witness": "领队"}).status_code == 404
        assert people[Role.SUPERVISOR].post(f"{address}/{layer}", data={}).status_code == 422
        assert (
            people[Role.SUPERVISOR].post(f"{address}/{layer}", data={"witness": "两队领队"}).status_code
            == 302
        )
    page = people[Role.ORGANISER].get(address).get_data(as_text=True)
    assert [name for name in names if name not in page] == []
    paper = people[Role.SUPERVISOR].get(f"{address}/protocol.pdf")
    text = re.sub(
        r"\s", "", "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper.data)).pages)
    )
    assert [name for name in names if name not in text] == []
    assert "两队领队" in text and text.count("监督") >= 1


def test_nothing_is_opened_before_a_code_was_issued(app):
    event = _event(2)
    with pytest.raises(CodesIssued) as refused:
        open_one(event, 1, _person(6, event, Role.SUPERVISOR))
    assert refused.value.code == "codes_none"
    assert queries.is_decoded(event.id) is False
