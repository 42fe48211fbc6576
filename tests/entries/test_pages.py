"""The pages as people use them: signed in, with CSRF, on a real database."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest import audit
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Role, ScopeKind
from contest.db import db, transaction
from contest.entries import queries, service
from contest.entries.models import Delegation, Draw, Entry, Member, RosterImport, WorkCode
from contest.events.models import Event, EventRound
from tests.builders import csrf_of, make_account, make_event
from tests.entries.builders import AT, TODAY, facts, id_number, make_entry, ramen_event
from tests.entries.rosters import case

SignIn = Callable[[FlaskClient, Account], FlaskClient]


class Office:
    """One person at a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str) -> TestResponse:
        return self.client.get(url)

    def text(self, url: str) -> str:
        return self.client.get(url).get_data(as_text=True)

    def post(self, url: str, page: str, **data: object) -> TestResponse:
        """Send a form the way the page `page` would."""
        token = csrf_of(self.client, page)
        return self.client.post(url, data={"csrf_token": token, **data}, content_type="multipart/form-data")


@pytest.fixture
def office(app: Flask, sign_in: SignIn) -> Callable[..., Office]:
    """Sign somebody in with one role."""

    def _office(role: Role, kind: ScopeKind, scope_id: int, contest_id: int) -> Office:
        account = make_account(role.value, (role, kind, scope_id), contest_id=contest_id)
        return Office(sign_in(app.test_client(), account))

    return _office


def _contest(event: Event) -> int:
    return event.sub_contest.edition.contest_id


def _edition(event: Event) -> int:
    return event.sub_contest.edition_id


def _upload(browser: Office, edition_id: int, name: str) -> str:
    page = f"/editions/{edition_id}/roster"
    answer = browser.post(page, page, file=(io.BytesIO(case(name)), name))
    assert answer.status_code == 302
    return answer.location


def _fingerprint(html: str) -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def test_a_file_goes_from_upload_through_the_preview_into_the_list(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    preview = _upload(browser, edition_id, "roster.xlsx")
    html = browser.text(preview)
    assert "导入全部 212 人" in html
    data = {"fingerprint": _fingerprint(html)}
    answer = browser.post(f"{preview}/take-over", preview, **data)
    assert answer.location == f"/editions/{edition_id}/entries"
    listed = browser.text(answer.location)
    assert "共 71 个参赛选手（队）" in listed
    assert "孟才玲、蒋萍晨、张国琳" in listed
    again = browser.post(f"{preview}/take-over", f"/editions/{edition_id}/roster", **data)
    assert again.status_code == 409  # what it would do is no longer what was shown
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 212
    assert "无需导入" in browser.text(_upload(browser, edition_id, "roster.xlsx"))


def test_a_preview_lists_all_errors_in_both_languages_and_offers_no_way_on(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    preview = _upload(browser, _edition(event), "roster_messy.xlsx")
    chinese, english = browser.text(preview), browser.text(f"{preview}?lang=en")
    assert "是否应为“拉面制作”" in chinese
    assert "Did you mean “拉面制作”?" in english
    assert "take-over" not in chinese
    for row in (24, 42, 47, 68, 85, 100, 102, 104, 144, 145, 149, 164, 165, 183, 185, 209, 212, 213):
        assert f'<td data-label="行" class="num"><span>{row}</span>' in chinese
    refused = browser.post(f"{preview}/take-over", f"/editions/{_edition(event)}/roster", fingerprint="")
    assert refused.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 0


def test_the_findings_go_back_to_the_office_as_a_workbook(app: Flask, office: Callable[..., Office]) -> None:
    event = ramen_event()
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    preview = _upload(browser, _edition(event), "roster_messy.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{preview}/findings.xlsx").data))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(lines) == 22
    (formula,) = [line for line in lines if line[2] == "183"]
    assert formula[4] == '\'=HYPERLINK("x")'  # neutral: nothing runs when it is opened


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7", "名单.pdf", "无法读取 .pdf 类型的文件"),
        (b"", "空.xlsx", "文件是空的"),
        (b"PK\x03\x04xx", "坏.xlsx", "文件已损坏"),
    ],
)
def test_bad_files_get_a_sentence(
    app: Flask, office: Callable[..., Office], content: bytes, name: str, said: str
) -> None:
    event = ramen_event()
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page = f"/editions/{_edition(event)}/roster"
    answer = browser.post(page, page, file=(io.BytesIO(content), name))
    assert said in browser.text(answer.location)


def test_fifty_megabytes_are_refused_in_words(app: Flask, office: Callable[..., Office]) -> None:
    event = ramen_event()
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page = f"/editions/{_edition(event)}/roster"
    answer = browser.post(page, page, file=(io.BytesIO(bytes(50 * 1024 * 1024)), "big.xlsx"))
    assert answer.status_code == 413
    assert "Traceback" not in answer.get_data(as_text=True)


def test_the_template_comes_back_filled_in_without_an_error(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    for language in ("zh_CN", "en"):
        content = browser.get(f"/editions/{edition_id}/roster/template.xlsx?lang={language}").data
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        assert sheet["J3"].number_format == "@" or sheet.column_dimensions["J"].width
        columns = {cell.value: cell.column for cell in sheet[2]}
        serial = 7 if language == "en" else 1
        for row in (3, 4):
            values = {
                "代表队": "青海省", "队伍编号": f"63{serial}", "赛项": "拉面制作", "组别": "职工组", "姓名": f"示范{'甲乙'[row - 3]}",
                "证件类型": "居民身份证", "证件号码": id_number(serial + row), "工作单位": "示范公司",
                "Delegation": "青海省", "Team number": f"63{serial}", "Event": "拉面制作", "Group": "职工组", "Name": f"示范{'甲乙'[row - 3]}",
                "Document": "居民身份证", "Document number": id_number(serial + row), "Organisation": "示范公司",
            }  # fmt: skip
            for heading, value in values.items():
                if heading in columns:
                    sheet.cell(row, columns[heading], value)
        buffer = io.BytesIO()
        book.save(buffer)
        with transaction():
            done = service.import_roster(
                edition_id, buffer.getvalue(), "filled.xlsx", actor=SYSTEM, at=AT, today=TODAY
            )
        assert (done.entries, done.members) == (1, 2)


def test_the_full_export_can_be_imported_again_and_is_on_record(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    with transaction():
        service.import_roster(edition_id, case("roster.xlsx"), "r.xlsx", actor=SYSTEM, at=AT, today=TODAY)
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    listed = f"/editions/{edition_id}/entries"
    masked = browser.get(f"{listed}/list.xlsx").data
    assert b"119901200208234806" not in _text_of(masked)
    full = browser.post(f"{listed}/list-in-full.xlsx", listed).data
    assert b"119901200208234806" in _text_of(full)
    line = db.session.scalars(sa.select(audit.Change).order_by(audit.Change.id.desc()).limit(1)).one()
    assert (line.action, line.values) == ("personal.exported", {"people": [None, 212]})
    with transaction():
        done = service.import_roster(edition_id, full, "again.xlsx", actor=SYSTEM, at=AT, today=TODAY)
    assert (done.entries, done.members, done.changed, done.same) == (0, 0, 0, 212)


def _text_of(content: bytes) -> bytes:
    rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row).encode()


def test_an_entry_is_registered_by_hand_and_what_was_typed_is_kept_on_an_error(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page = f"/editions/{_edition(event)}/entries/new?event_id={event.id}"
    typed = {
        "entry-number": "88",
        "entry-group_key": "workers",
        "person-name": "才让•示范",
        "person-id_kind": "resident",
        "person-id_number": "63990119900105002",
        "person-organisation": "示范公司",
    }
    bad = browser.post(page, page, **typed)
    html = bad.get_data(as_text=True)
    assert bad.status_code == 422
    assert "居民身份证号码应为 18 位，此处为 17 位" in html
    assert 'value="才让•示范"' in html
    good = browser.post(page, page, **(typed | {"person-id_number": id_number(2).lower()}))
    assert good.status_code == 302
    html = browser.text(good.location)
    assert "才让·示范" in html
    assert "还需要 1 名选手" in html
    assert id_number(2) not in html


def test_a_number_is_shown_in_full_only_when_asked_for_and_only_then(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    entry = make_entry(event, "1", facts("李一", 1), facts("王二", 2))
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page, member_id = f"/entries/{entry.id}", entry.members[0].id
    shown = browser.post(f"/members/{member_id}/reveal", page).get_data(as_text=True)
    assert id_number(1) in shown
    assert id_number(2) not in shown
    assert id_number(1) not in browser.text(page)


def test_two_tabs_on_one_entry_the_second_keeps_what_was_typed(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    entry = make_entry(event, "1", facts("李一", 1), facts("王二", 2))
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page = f"/entries/{entry.id}/edit"
    typed = {"entry-version": entry.version, "entry-number": "1", "entry-group_key": ""}
    assert browser.post(page, page, **typed, **{"entry-name": "先到队"}).status_code == 302
    late = browser.post(page, page, **typed, **{"entry-name": "后到队"})
    html = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "后到队" in html
    assert "先到队" in html
    assert db.session.get_one(Entry, entry.id).name == "先到队"


def test_each_round_has_a_draw_of_its_own_on_the_page(app: Flask, office: Callable[..., Office]) -> None:
    event = ramen_event()
    entries = [
        make_entry(event, f"{n:02d}", facts(f"李{n}", n * 2), facts(f"王{n}", n * 2 + 1)) for n in (1, 2)
    ]
    contest_id, event_id = _contest(event), event.id
    with transaction():
        for position, (key, name) in enumerate((("heat", "预赛"), ("final", "决赛"))):
            db.session.add(EventRound(event_id=event_id, key=key, name=name, position=position))
    organiser = office(Role.ORGANISER, ScopeKind.CONTEST, contest_id, contest_id)
    page = f"/events/{event_id}/draw"
    assert [name in organiser.text(page) for name in ("预赛", "决赛")] == [True, True]
    for key, order in (("heat", (1, 2)), ("final", (2, 1))):
        places = {f"p-{entry.id}": str(place) for entry, place in zip(entries, order, strict=True)}
        address = f"{page}?round={key}"
        answer = organiser.post(f"{page}/by-hand?round={key}", address, **places)
        assert (answer.status_code, answer.location) == (302, address)
    drawn = {
        row.round_key: [place.entry_id for place in sorted(row.places, key=lambda one: one.position)]
        for row in queries.draws_of(event_id)
    }
    ids = [entry.id for entry in entries]
    assert drawn == {"heat": ids, "final": ids[::-1]}
    assert "p-" not in organiser.text(f"{page}?round=heat")
    assert f'name="p-{ids[0]}"' in organiser.text(page)
    assert organiser.get(f"{page}?round=other").status_code == 404


def test_draw_and_codes_go_from_page_to_paper(app: Flask, office: Callable[..., Office]) -> None:
    event = ramen_event()
    for number in range(1, 4):
        make_entry(
            event, f"{number:02d}", facts(f"李{number}", number * 2), facts(f"王{number}", number * 2 + 1)
        )
    contest_id, event_id = _contest(event), event.id
    organiser = office(Role.ORGANISER, ScopeKind.CONTEST, contest_id, contest_id)
    page = f"/events/{event_id}/draw"
    offered = organiser.post(f"{page}/seed", page).get_data(as_text=True)
    seed = re.search(r"<code>([0-9a-f]{32})</code>", offered)[1]
    commitment = re.search(r'value="([0-9a-f]{64})"', offered)[1]
    assert organiser.post(f"{page}/commit", page, commitment=commitment, benches=2).status_code == 302
    assert seed not in organiser.text(page)
    (row,) = queries.draws_of(event_id)
    wrong = organiser.post(f"/draws/{row.id}/reveal", page, seed="x" * 32, public_value="7")
    assert (wrong.status_code, "摘要不一致" in wrong.get_data(as_text=True)) == (422, True)
    assert organiser.post(f"/draws/{row.id}/reveal", page, seed=seed, public_value="7").status_code == 302
    assert organiser.post(f"/draws/{row.id}/lock", page).status_code == 302
    assert db.session.get_one(Draw, row.id).locked_at is not None
    for paper in ("protocol", "door-list", "labels"):
        answer = organiser.get(f"/draws/{row.id}/{paper}.pdf")
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    coder = office(Role.CODER, ScopeKind.CONTEST, contest_id, contest_id)
    codes = f"/events/{event_id}/codes"
    assert coder.post(f"{codes}/issue", codes).status_code == 302
    code = db.session.scalars(sa.select(WorkCode.code).limit(1)).one()
    assert code in coder.text(codes)
    assert code not in organiser.text(codes)
    assert organiser.get(f"{codes}/list.pdf").status_code == 404
    assert coder.get(f"{codes}/labels.pdf").data[:5] == b"%PDF-"
    supervisor = office(Role.SUPERVISOR, ScopeKind.CONTEST, contest_id, contest_id)
    assert supervisor.post(f"{codes}/open", codes, reason="评分表已锁定").status_code == 302
    assert code in organiser.text(codes)


ROLES = (
    Role.ORGANISER,
    Role.REGISTRAR,
    Role.SUPERVISOR,
    Role.CODER,
    Role.CHIEF_JUDGE,
    Role.SCOREKEEPER,
    Role.JUDGE,
    Role.CONTESTANT,
)
ORG, REG, SUP, COD = Role.ORGANISER, Role.REGISTRAR, Role.SUPERVISOR, Role.CODER
OPEN_TO = {
    "/editions/{edition}/entries": {ORG, REG, SUP},
    "/editions/{edition}/entries/list.xlsx": {ORG, REG, SUP},
    "/editions/{edition}/entries/new?event_id={event}": {ORG, REG},
    "/editions/{edition}/entries/units?event_id={event}": {ORG, REG},
    "/entries/{entry}": {ORG, REG, SUP},
    "/entries/{entry}/edit": {ORG, REG},
    "/entries/{entry}/state": {ORG, REG},
    "/entries/{entry}/members/new": {ORG, REG},
    "/members/{member}/edit": {ORG, REG},
    "/members/{member}/substitute": {ORG, REG},
    "/members/{member}/leave": {ORG, REG},
    "/members/{member}/state": {ORG, REG},
    "/members/{member}/name": {ORG, REG},
    "/editions/{edition}/roster": {ORG, REG},
    "/editions/{edition}/roster/template.xlsx": {ORG, REG},
    "/roster-imports/{upload}": {ORG, REG},
    "/roster-imports/{upload}/findings.xlsx": {ORG, REG},
    "/editions/{edition}/delegations": {ORG},
    "/editions/{edition}/delegations/new": {ORG},
    "/delegations/{delegation}/edit": {ORG},
    "/editions/{edition}/organisations": {ORG},
    "/editions/{edition}/organisations/{organisation}": {ORG},
    "/events/{event}/draw": {ORG, COD},
    "/draws/{draw}/protocol.pdf": {ORG, COD},
    "/events/{event}/codes": {ORG, COD, SUP},
    "/events/{event}/codes/list.pdf": {COD},
}


def test_each_page_opens_to_its_roles_only(app: Flask, sign_in: SignIn) -> None:
    event = ramen_event()
    edition_id, contest_id = _edition(event), _contest(event)
    with transaction():
        delegation = service.add_delegation(edition_id, name="青海省", order=1, actor=SYSTEM, at=AT).id
    entry = make_entry(event, "1", facts("李一", 1), facts("王二", 2), delegation_id=delegation)
    ids = {"edition": edition_id, "event": event.id, "entry": entry.id, "member": entry.members[0].id}
    with transaction():
        ids["upload"] = service.upload(
            edition_id, case("office.xls"), "o.xls", actor=SYSTEM, at=AT, today=TODAY
        ).id
    with transaction():
        ids["draw"] = service.draw_by_seed(
            event.id, seed="s" * 32, public_value="7", benches=1, actor=SYSTEM, at=AT
        ).id
    with transaction():
        service.issue_codes(event.id, actor=SYSTEM, at=AT)
    ids |= {"delegation": delegation, "organisation": entry.members[0].organisation_id or 0}
    opened: dict[str, set[Role]] = {url: set() for url in OPEN_TO}
    for role in ROLES:
        account = make_account(role.value, (role, ScopeKind.CONTEST, contest_id), contest_id=contest_id)
        browser = sign_in(app.test_client(), account)
        for url in OPEN_TO:
            status = browser.get(url.format(**ids)).status_code
            assert status in (200, 403, 404), (url, role, status)
            if status == 200:
                opened[url].add(role)
    assert opened == OPEN_TO
    stranger = app.test_client()
    assert {stranger.get(url.format(**ids)).status_code for url in OPEN_TO} == {302}


def test_a_delegations_registrar_sees_and_enters_only_its_own(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    edition_id, contest_id = _edition(event), _contest(event)
    with transaction():
        own = service.add_delegation(edition_id, name="青海省", order=1, actor=SYSTEM, at=AT).id
    with transaction():
        other = service.add_delegation(edition_id, name="甘肃省", order=2, actor=SYSTEM, at=AT).id
    mine = make_entry(event, "6301", facts("李一", 1), facts("王二", 2), delegation_id=own)
    theirs = make_entry(event, "6201", facts("赵三", 3), facts("钱四", 4), delegation_id=other)
    browser = office(Role.REGISTRAR, ScopeKind.DELEGATION, own, contest_id)
    listed = browser.text(f"/editions/{edition_id}/entries")
    assert ("李一、王二" in listed, "赵三、钱四" in listed, "甘肃省" in listed) == (True, False, False)
    assert browser.get(f"/entries/{mine.id}/edit").status_code == 200
    for url in (
        f"/entries/{theirs.id}",
        f"/members/{theirs.members[0].id}/edit",
        f"/editions/{edition_id}/delegations",
    ):
        assert browser.get(url).status_code == 404
    assert b"6201" not in _text_of(browser.get(f"/editions/{edition_id}/entries/list.xlsx").data)
    page = f"/editions/{edition_id}/entries/new?event_id={event.id}"
    forged = browser.post(
        page,
        page,
        **{
            "entry-delegation_id": other,
            "entry-group_key": "workers",
            "person-name": "孙五",
            "person-id_kind": "resident",
            "person-id_number": id_number(5),
            "person-organisation": "示范公司",
        },
    )
    assert forged.status_code == 422
    preview = browser.text(_upload(browser, edition_id, "office.xls"))
    assert "没有这个代表队" in preview
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 2
    with transaction():
        upload = service.upload(edition_id, case("office.xls"), "o.xls", actor=SYSTEM, at=AT, today=TODAY).id
    assert browser.get(f"/roster-imports/{upload}").status_code == 404


def test_posting_without_a_safety_token_changes_nothing(app: Flask, office: Callable[..., Office]) -> None:
    event = ramen_event()
    entry = make_entry(event, "1", facts("李一", 1), facts("王二", 2))
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    answer = browser.client.post(
        f"/entries/{entry.id}/state", data={"state": "withdrawn", "reason": "x", "version": 1}
    )
    assert answer.status_code == 400
    assert db.session.get_one(Entry, entry.id).state.value == "present"


def test_the_list_is_searched_by_name_pinyin_unit_and_whole_number(
    app: Flask, office: Callable[..., Office]
) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    with transaction():
        service.import_roster(edition_id, case("roster.xlsx"), "r.xlsx", actor=SYSTEM, at=AT, today=TODAY)
    browser = office(Role.SUPERVISOR, ScopeKind.CONTEST, _contest(event), _contest(event))

    def found(q: str) -> int:
        html = browser.text(f"/editions/{edition_id}/entries?q={q}")
        return int(re.search(r"共 (\d+) 个参赛选手（队）", html)[1])

    assert [found(q) for q in ("孟才玲", "meng cai", "1101", "119901200208234806", "119901200208234807", "%25")] == [
        1, 1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert found("北京样例") == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delegation)) == 31
    assert db.session.scalar(sa.select(RosterImport.committed_at)) == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_units_are_registered_as_entries_without_people(app: Flask, office: Callable[..., Office]) -> None:
    event = make_event("五比一创", members_min=1, members_max=1)
    edition_id = _edition(event)
    browser = office(Role.ORGANISER, ScopeKind.CONTEST, _contest(event), _contest(event))
    page = f"/editions/{edition_id}/entries/units?event_id={event.id}"
    names = "示范一公司\n\n示范二公司\n"
    assert browser.post(page, page, names=names, group_key="workers").status_code == 302
    again = browser.post(page, page, names=names, group_key="workers")
    assert (again.status_code, "示范一公司、示范二公司" in again.get_data(as_text=True)) == (422, True)
    roster = queries.roster_for_event(event.id)
    assert [(e.number, e.display_name, e.organisation, e.members) for e in roster] == [
        ("001", "示范一公司", "示范一公司", ()),
        ("002", "示范二公司", "示范二公司", ()),
    ]
    alone = f"/editions/{edition_id}/entries/new?event_id={event.id}"
    made = browser.post(
        alone, alone, **{"entry-name": "示范项目", "entry-group_key": "workers", "person-id_kind": "resident"}
    )
    assert made.status_code == 302
    assert "示范项目" in browser.text(made.location)
