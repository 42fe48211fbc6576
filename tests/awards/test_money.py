"""Prize money: sums split to the cent, taxed as stated, shown to few and every look on record."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import audit
from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.awards import money, payouts, service
from contest.awards.amounts import Taxed, cents, shares, taxed, yuan
from contest.awards.models import BankAccount, Split
from contest.awards.refusals import MoneyInvalid
from contest.db import db, transaction
from contest.entries.models import Person
from contest.errors import Missing
from contest.events.models import Edition
from contest.results.models import Publication, SnapshotRow
from tests.awards.builders import NAMES, NOON, edition_of, id_number, make_list, supersede
from tests.builders import csrf_of, make_account


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_shares_add_up_and_differ_by_a_cent_at_most(amount, people):
    parts = shares(amount, people)
    assert (sum(parts), len(parts), max(parts) - min(parts) <= 1, parts == sorted(parts, reverse=True)) == (
        amount,
        people,
        True,
        True,
    )


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_tax_and_net_add_up_to_the_gross(gross, rate):
    found = taxed(gross, rate)
    assert (found.tax + found.net, 0 <= found.tax <= gross) == (gross, True)


@pytest.mark.parametrize(
    ("gross", "tax"), [(300_000, 60_000), (100_003, 20_001), (100_002, 20_000), (1, 0), (3, 1)]
)
def test_twenty_per_cent_is_rounded_half_up_to_the_cent(gross, tax):
    assert taxed(gross, 2_000) == Taxed(gross, tax, gross - tax)


@given(st.integers(0, 10**9))
def test_an_amount_is_read_as_it_is_written(amount):
    assert cents(yuan(amount)) == amount


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1e3", "三千", "１２", "99999999999", "1.5.5", "=1"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(MoneyInvalid):
        cents(text)


@pytest.mark.parametrize(("text", "amount"), [("3000", 300_000), ("1,500.5元", 150_050), ("￥0.05", 5)])
def test_amounts_as_people_write_them(text, amount):
    assert cents(text) == amount


@pytest.fixture
def place(app):
    listed = make_list()
    with transaction():
        service.draw_up(db.session.get_one(Publication, listed.id), actor=SYSTEM, at=NOON)
    return {
        "list": listed.id,
        "event": listed.event_id,
        "edition": edition_of(listed).id,
        "contest": edition_of(listed).contest_id,
    }


def say(place, **sums):
    with transaction():
        edition = db.session.get_one(Edition, place["edition"])
        money.state_sums(
            edition, {(place["event"], key): (amount, Split.TEAM) for key, amount in sums.items()}, actor=SYSTEM, at=NOON
        )  # fmt: skip


def table(place):
    with transaction():
        return payouts.table(place["edition"], door="test", actor=SYSTEM, at=NOON)


def test_whoever_won_is_paid_what_the_award_is_worth(place):
    say(place, gold=300_000, silver=200_000)
    found = table(place)
    assert [(one.name, one.prize, one.money.gross, one.money.tax, one.money.net) for one in found.payments] == [
        (NAMES[0], "金奖", 300_000, 60_000, 240_000), (NAMES[1], "银奖", 200_000, 40_000, 160_000),
        (NAMES[2], "银奖", 200_000, 40_000, 160_000),
    ]  # fmt: skip
    assert found.total == Taxed(700_000, 140_000, 560_000)


def test_a_superseded_list_pays_nobody(place):
    say(place, gold=300_000)
    supersede(place["list"])
    assert table(place).payments == ()


def test_an_exempt_prize_is_paid_whole_and_another_rate_is_the_organisers(place):
    say(place, gold=300_000)
    for exempt, rate, net in ((True, 2_000, 300_000), (False, 300, 291_000)):
        with transaction():
            edition = db.session.get_one(Edition, place["edition"])
            version = money.rule_of(edition.id).version
            money.state_rule(
                edition, rate_bp=rate, is_exempt=exempt, basis="示范文件", payer="示范省总工会", version=version, actor=SYSTEM, at=NOON
            )  # fmt: skip
        assert table(place).total.net == net


@pytest.mark.parametrize(
    ("split", "parts"), [(Split.TEAM, [33_334, 33_333, 33_333]), (Split.EACH, [100_000, 100_000, 100_000])]
)
def test_a_team_shares_its_sum_or_each_has_it(place, split, parts):
    with transaction():
        row = db.session.scalars(db.select(SnapshotRow).where(SnapshotRow.position == 1)).one()
        more = [
            {"member_id": 900 + n, "person_id": None, "name": name, "unit": "示范公司"}
            for n, name in enumerate(("乙某", "丙某"))
        ]
        row.data = row.data | {"members": [*row.data["members"], *more]}
        db.session.execute(db.text("UPDATE award SET person_id = NULL WHERE position = 1"))
    with transaction():
        edition = db.session.get_one(Edition, place["edition"])
        money.state_sums(edition, {(place["event"], "gold"): (100_000, split)}, actor=SYSTEM, at=NOON)
    found = table(place).payments
    assert [(one.name, one.money.gross) for one in found] == list(
        zip((NAMES[0], "乙某", "丙某"), parts, strict=True)
    )
    assert {one.share for one in found} == {3 if split is Split.TEAM else 1}


def test_an_award_that_was_never_granted_takes_no_sum(place):
    with pytest.raises(Missing):
        say(place, unknown=1)


def test_every_look_at_the_table_is_on_record(place):
    table(place)
    line = db.session.scalars(db.select(audit.Change).order_by(audit.Change.id.desc())).first()
    assert (line.action, line.reason, line.subject_kind) == ("money.read", "test", "Edition")


@pytest.fixture
def browsers(app, sign_in, place):
    found = {}
    for role in (Role.ORGANISER, Role.SUPERVISOR, Role.SCOREKEEPER):
        account = make_account(
            role.value, (role, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
        )
        found[role] = sign_in(app.test_client(), account)
    return found


def test_only_the_organiser_sees_the_money_and_numbers_stay_masked(place, browsers):
    page = f"/editions/{place['edition']}/money"
    say(place, gold=300_000)
    assert [browsers[role].get(page).status_code for role in (Role.SUPERVISOR, Role.SCOREKEEPER)] == [
        404,
        404,
    ]
    text = browsers[Role.ORGANISER].get(page).get_data(as_text=True)
    assert (id_number(1) in text, "2400.00" in text) == (False, True)


def test_sums_are_typed_and_a_wrong_one_is_kept_on_the_page(place, browsers):
    organiser, page = browsers[Role.ORGANISER], f"/editions/{place['edition']}/money"
    field = f"amount-{place['event']}-gold"
    bad = organiser.post(f"{page}/sums", data={"csrf_token": csrf_of(organiser, page), field: "三千"})
    assert (bad.status_code, 'value="三千"' in bad.get_data(as_text=True)) == (422, True)
    good = organiser.post(f"{page}/sums", data={"csrf_token": csrf_of(organiser, page), field: "3000"})
    assert (good.status_code, table(place).total.gross) == (302, 300_000)
    organiser.post(f"{page}/sums", data={"csrf_token": csrf_of(organiser, page), field: ""})
    assert table(place).payments == ()


def test_the_account_is_encrypted_and_leaves_in_full_only_where_asked(place, browsers):
    organiser, page = browsers[Role.ORGANISER], f"/editions/{place['edition']}/money"
    say(place, gold=300_000)
    person_id = db.session.scalars(db.select(Person.id).where(Person.name == NAMES[0])).one()
    url = f"{page}/people/{person_id}"
    token = csrf_of(organiser, url)
    assert (
        organiser.post(url, data={"csrf_token": token, "bank": "示范银行", "number": "12ab"}).status_code
        == 422
    )
    assert (
        organiser.post(
            url, data={"csrf_token": token, "bank": "示范银行", "number": "6222 0000 1111 2222"}
        ).status_code
        == 302
    )
    row = db.session.scalars(db.select(BankAccount)).one()
    assert (b"6222000011112222" in row.number_cipher, row.number_masked) == (False, "622*********2222")
    for full, wanted in (("", ("622*********2222", False)), ("1", ("6222000011112222", True))):
        answer = organiser.post(
            f"{page}/table.xlsx", data={"csrf_token": csrf_of(organiser, page), "full": full}
        )
        line = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)[2]
        assert (line[7], line[5] == id_number(1)) == wanted
    paper = organiser.post(f"{page}/table.pdf", data={"csrf_token": csrf_of(organiser, page)})
    assert paper.data[:5] == b"%PDF-"
    assert browsers[Role.SUPERVISOR].get(url).status_code == 404
