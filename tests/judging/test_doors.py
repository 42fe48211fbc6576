"""The tablet and the office pages through HTTP: receipts, blindness, rights, and forms without scripts."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import sqlalchemy as sa

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, LinkPurpose, Role
from contest.db import db, now, transaction
from contest.entries.models import Delegation, Entry, Organisation
from contest.judging import queries, service
from contest.judging.models import Judge, MarkRevision, Panel, Sheet
from tests.builders import csrf_of
from tests.judging.builders import VALUES, fill, make_hall, make_officer, submit


@pytest.fixture
def hall(app):
    return make_hall(entries=3, judges=2)


def as_account(app, sign_in, account):
    """A browser of its own, signed in; the request's actor is not carried over from another one."""
    return sign_in(app.test_client(), account)


def sent(browser, token, marks, url="/judge/sync"):
    return browser.post(url, json={"device": "t1", "marks": marks}, headers={"X-CSRFToken": token})


def one(sheet, aspect="dough", value="38.5", **fields):
    return {
        "uuid": str(uuid4()),
        "sheet": sheet.public_id,
        "aspect": aspect,
        "state": "value",
        "value": value,
        **fields,
    }


def test_a_batch_gets_a_receipt_for_each_mark_and_twice_is_harmless(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    token = csrf_of(judge, "/judge/")
    sheet = hall.sheets()[0]
    batch = [one(sheet), one(sheet, "cut", "31"), {"uuid": "broken"}, "rubbish", one(sheet, "cut", 2)]
    for expected in ("stored", "known"):
        receipts = sent(judge, token, batch).get_json()["receipts"]
        by_id = {receipt["uuid"]: receipt for receipt in receipts}
        assert len(receipts) == 5
        assert by_id[batch[0]["uuid"]]["status"] == expected
        assert (by_id[batch[1]["uuid"]]["status"], by_id[batch[1]["uuid"]]["reason"]) == ("refused", "above")
        assert by_id[batch[4]["uuid"]]["reason"] == "malformed"  # a JSON number has been a binary float
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 1


def test_without_the_safety_token_nothing_is_taken_and_the_answer_says_so(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    answer = sent(judge, "wrong", [one(hall.sheets()[0])])
    assert (answer.status_code, answer.get_json()["error"]) == (400, "csrf")
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 0


def test_signed_out_is_told_as_such_so_that_the_tablet_keeps_its_marks(app, hall):
    assert app.test_client().get("/judge/token", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"marks": 3}', b"\xff"])
def test_an_unreadable_batch_is_refused_with_a_sentence(app, hall, sign_in, body):
    judge = as_account(app, sign_in, hall.account(0))
    token = csrf_of(judge, "/judge/")
    answer = judge.post(
        "/judge/sync", data=body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "malformed")


def test_a_judge_reads_and_marks_only_own_sheets_by_every_address(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    token = csrf_of(judge, "/judge/")
    theirs = hall.sheets(1)[0]
    for path in ("", "/submit"):
        assert judge.get(f"/judge/sheets/{theirs.public_id}{path}").status_code == 404
    for path in ("", "/submit", "/take-back"):
        posted = judge.post(f"/judge/sheets/{theirs.public_id}{path}", data={"csrf_token": token})
        assert posted.status_code == 404
    for path in (
        f"/sheets/{theirs.public_id}",
        f"/desk/sheets/{theirs.public_id}",
        f"/events/{hall.event_id}/board",
    ):
        assert judge.get(path).status_code == 404
    assert sent(judge, token, [one(theirs)]).get_json()["receipts"][0]["reason"] == "not_yours"
    assert sent(judge, token, [one(theirs)], "/desk/sync").get_json()["receipts"][0]["reason"] == "not_yours"


def test_no_page_or_answer_of_the_tablet_names_an_entry(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    token, sheet = csrf_of(judge, "/judge/"), hall.sheets()[0]
    fill(hall, sheet, hall.actor(0))
    pages = [judge.get(url).get_data(as_text=True) for url in (
        "/judge/", f"/judge/sheets/{sheet.public_id}", f"/judge/sheets/{sheet.public_id}/submit")]  # fmt: skip
    pages.append(sent(judge, token, [one(sheet, "safety", "0")]).get_data(as_text=True))
    secrets = [entry.name for entry in db.session.scalars(sa.select(Entry))]
    secrets += [row.name for row in db.session.scalars(sa.select(Organisation))]
    secrets += [row.name for row in db.session.scalars(sa.select(Delegation))]
    assert "K01" in pages[0]
    assert [secret for secret in secrets for text in pages if secret in text] == []
    ids = {str(entry) for entry in hall.entry_ids}
    found = {value for text in pages for value in re.findall(r'(?:entry|member)[-_"=:]+(\d+)', text)}
    assert found & ids == set()


def test_a_browser_without_scripts_marks_a_sheet_and_submits_it(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    sheet = hall.sheets()[0]
    url = f"/judge/sheets/{sheet.public_id}"
    form = fields_of(judge.get(url).get_data(as_text=True))
    form.update({f"value.{key}.1": value for key, value in VALUES.items()}, then="submit")
    assert judge.post(url, data=form).headers["Location"].endswith("/submit")
    assert judge.post(url, data=form).status_code == 302  # sent twice, because the network was slow
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == len(VALUES)
    summary = fields_of(judge.get(f"{url}/submit").get_data(as_text=True))
    assert judge.post(f"{url}/submit", data=summary).status_code == 302
    assert db.session.get_one(Sheet, sheet.id).submitted_at is not None


def test_a_refused_form_keeps_what_was_typed_and_stores_the_good_fields(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    sheet = hall.sheets()[0]
    url = f"/judge/sheets/{sheet.public_id}"
    form = fields_of(judge.get(url + "?lang=en").get_data(as_text=True))
    form.update({"value.dough.1": "1e999", "value.cut.1": "2"})
    answer = judge.post(url, data=form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="1e999"' in text
    assert {key for key, _ in queries.marks_of(sheet.id)} == {"cut"}


def test_a_form_that_was_overtaken_by_another_tab_overwrites_nothing(app, hall, sign_in):
    judge = as_account(app, sign_in, hall.account(0))
    sheet = hall.sheets()[0]
    url = f"/judge/sheets/{sheet.public_id}"
    first, second = (fields_of(judge.get(url).get_data(as_text=True)) for _ in range(2))
    assert judge.post(url, data={**first, "value.dough.1": "38"}).status_code == 302
    assert judge.post(url, data={**second, "value.dough.1": "20"}).status_code == 422
    assert queries.marks_of(sheet.id)[("dough", 1)].milli == 38000


def test_a_reissued_card_ends_the_old_one_and_its_session(app, hall):
    with transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        old = service.issue_code(judge, actor=SYSTEM, at=now())
    browser = app.test_client()
    browser.post(f"/s/{old}", data={"csrf_token": csrf_of(browser, f"/s/{old}")})
    assert browser.get("/judge/").status_code == 200
    with transaction():
        new = service.issue_code(db.session.get_one(Judge, hall.judge_ids[0]), actor=SYSTEM, at=now())
    assert browser.get("/judge/").status_code == 302
    fresh = app.test_client()
    assert fresh.post(f"/s/{old}", data={"csrf_token": csrf_of(fresh, f"/s/{old}")}).status_code == 403
    assert fresh.post(f"/s/{new}", data={"csrf_token": csrf_of(fresh, f"/s/{new}")}).status_code == 302


def test_cards_are_printed_for_the_ticked_judges_and_kill_the_older_ones(app, hall, sign_in):
    organiser = as_account(app, sign_in, make_officer(hall, Role.ORGANISER))
    with transaction():
        account = db.session.get_one(Account, hall.account(0).id)
        old = accounts.make_link(account, purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now())
    token = csrf_of(organiser, f"/events/{hall.event_id}/panels")
    data = {"csrf_token": token, "judge_id": str(hall.judge_ids[0])}
    paper = organiser.post(f"/events/{hall.event_id}/judges/cards", data=data)
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    from contest.accounts import queries as account_queries

    assert account_queries.link_by_token(old).revoked_at is not None


ROLES = {
    "panels": {Role.ORGANISER, Role.CHIEF_JUDGE, Role.SCOREKEEPER, Role.SUPERVISOR},
    "board": {Role.ORGANISER, Role.CHIEF_JUDGE, Role.SCOREKEEPER, Role.SUPERVISOR},
    "desk": {Role.SCOREKEEPER},
    "mark-files": {Role.ORGANISER, Role.CHIEF_JUDGE, Role.SCOREKEEPER, Role.SUPERVISOR},
}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_each_office_page_opens_for_its_roles_only(app, hall, sign_in, role):
    browser = as_account(app, sign_in, make_officer(hall, role))
    opened = {page for page in ROLES if browser.get(f"/events/{hall.event_id}/{page}").status_code == 200}
    assert opened == {page for page, roles in ROLES.items() if role in roles}


def test_the_chief_judge_locks_and_only_the_chief_judge(app, hall, sign_in):
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor(0))
    submit(sheet.id, hall.actor(0))
    for role, status in ((Role.ORGANISER, 404), (Role.SCOREKEEPER, 404), (Role.CHIEF_JUDGE, 302)):
        browser = as_account(app, sign_in, make_officer(hall, role))
        token = csrf_of(browser, f"/events/{hall.event_id}/panels")
        assert (
            browser.post(f"/sheets/{sheet.public_id}/lock", data={"csrf_token": token}).status_code == status
        )
    assert db.session.get_one(Sheet, sheet.id).locked_at is not None


def test_unlocking_without_a_reason_shows_the_form_again(app, hall, sign_in):
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor(0))
    submit(sheet.id, hall.actor(0))
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=SYSTEM, at=now())
    chief = as_account(app, sign_in, make_officer(hall, Role.CHIEF_JUDGE))
    token = csrf_of(chief, f"/sheets/{sheet.public_id}")
    url = f"/sheets/{sheet.public_id}/unlock"
    assert chief.post(url, data={"csrf_token": token, "reason": ""}).status_code == 422
    assert chief.post(url, data={"csrf_token": token, "reason": "录入有误"}).status_code == 302
    assert db.session.get_one(Sheet, sheet.id).locked_at is None


def test_a_chief_judge_who_marks_sees_other_sheets_after_submitting_the_own_one(app, hall, sign_in):
    with transaction():
        panel, judge = db.session.get_one(Panel, hall.panel_id), db.session.get_one(Judge, hall.judge_ids[0])
        service.set_chief(panel, judge, actor=SYSTEM, at=now())
    own, other = hall.sheets(0)[0], hall.sheets(1)[0]
    chief = as_account(app, sign_in, hall.account(0))
    assert chief.get(f"/sheets/{other.public_id}").status_code == 403
    fill(hall, own, hall.actor(0))
    submit(own.id, hall.actor(0))
    assert chief.get(f"/sheets/{other.public_id}").status_code == 200


def test_the_desk_keys_a_paper_sheet_by_work_code(app, hall, sign_in):
    desk = as_account(app, sign_in, make_officer(hall, Role.SCOREKEEPER))
    sheet = hall.sheets()[1]
    assert desk.get(f"/events/{hall.event_id}/desk?code=k02").status_code == 200
    assert desk.get(f"/events/{hall.event_id}/desk?code=NOPE").status_code == 404
    url = f"/desk/sheets/{sheet.public_id}"
    form = fields_of(desk.get(url).get_data(as_text=True))
    form.update({f"value.{key}.1": value for key, value in VALUES.items()}, then="submit")
    assert desk.post(url, data=form).headers["Location"].endswith(f"{url}/submit")
    summary = fields_of(desk.get(f"{url}/submit").get_data(as_text=True))
    assert desk.post(f"{url}/submit", data=summary).status_code == 302
    rows = db.session.scalars(sa.select(MarkRevision)).all()
    assert {row.source.value for row in rows} == {"desk"}
    view = queries.office_sheet(SYSTEM, sheet.public_id, may="marks.view", locale="en")
    assert (view.line.state, view.signed_by) == ("submitted", ("裁判1",))


def test_score_sheets_are_printed_one_a_page_with_codes_and_without_names(app, hall, sign_in, tmp_path):
    import io

    from pypdf import PdfReader

    browser = as_account(app, sign_in, make_officer(hall, Role.ORGANISER))
    answer = browser.get(f"/events/{hall.event_id}/sheets.pdf?seat={hall.seat_ids[0]}")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert [code for text in pages for code in re.findall(r"K\d\d", text)] == ["K01", "K02", "K03"]
    assert [text for text in pages if "示范队" in text or "代表队" in text] == []


def test_panels_are_set_up_through_the_page(app, sign_in):
    hall = make_hall(entries=1, judges=0)
    browser = as_account(app, sign_in, make_officer(hall, Role.ORGANISER))
    url = f"/events/{hall.event_id}"
    token = csrf_of(browser, f"{url}/panels")
    post = lambda path, **data: browser.post(url + path, data={"csrf_token": token, **data}).status_code  # noqa: E731
    assert post("/panels", name="", module_keys="practice", kind="judge", seats="2") == 422
    assert post("/panels", name="甲组", module_keys="practice", kind="judge", seats="2") == 302
    assert post("/judges", name="张三", unit_name="示范学院", delegation_id="0", certificate_number="") == 302
    assert post("/judges", name="张三", unit_name="示范学院", delegation_id="0", certificate_number="") == 422
    panel = db.session.scalars(sa.select(Panel).where(Panel.name == "甲组")).one()
    judge = db.session.scalars(sa.select(Judge)).one()
    assert post(f"/seats/{panel.seats[0].id}/assign", judge_id=str(judge.id)) == 302
    assert post("/sheets") == 302
    assert db.session.scalar(sa.select(sa.func.count(Sheet.id))) == 2


def test_judges_are_pasted_as_a_list_all_or_none_and_pasting_again_adds_none(app, hall, sign_in):
    browser = as_account(app, sign_in, make_officer(hall, Role.ORGANISER))
    url = f"/events/{hall.event_id}/judges/list"
    token = csrf_of(browser, f"/events/{hall.event_id}/panels")
    bad = "李四,示范学院\n王五\t示范厂\t没有的代表队"
    assert browser.post(url, data={"csrf_token": token, "rows": bad}).status_code == 422
    good = "李四,示范学院\n王五\t示范厂\t示范市1代表队\t证0001\n\n"
    for _twice in range(2):
        assert browser.post(url, data={"csrf_token": token, "rows": good}).status_code == 302
    rows = db.session.scalars(sa.select(Judge).where(Judge.name.in_(["李四", "王五"])).order_by(Judge.name))
    found = [(row.name, row.unit_name, row.delegation_id is not None, row.certificate_number) for row in rows]
    assert found == [("李四", "示范学院", False, ""), ("王五", "示范厂", True, "证0001")]


def test_a_declared_tie_takes_the_sheet_away(app, hall, sign_in):
    browser = as_account(app, sign_in, make_officer(hall, Role.ORGANISER))
    url = f"/events/{hall.event_id}/judges/conflicts"
    data = {
        "csrf_token": csrf_of(browser, f"/events/{hall.event_id}/panels"),
        "judge_id": str(hall.judge_ids[0]),
    }
    assert browser.post(url, data={**data, "number": "777", "relation": "亲属"}).status_code == 422
    assert browser.post(url, data={**data, "number": "001", "relation": "亲属"}).status_code == 302
    assert [line.work_code for line in queries.my_sheets(hall.actor(0), locale="en")] == ["K02", "K03"]


def fields_of(html: str) -> dict[str, str]:
    """The fields of a page's main form as a browser would send them."""
    form = html[html.rindex("<main") :]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in attributes:
            fields[attributes["name"]] = attributes.get("value", "")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(
            r'<option value="([^"]*)"', body
        )
        fields[name] = chosen.group(1) if chosen else ""
    return fields


def test_a_judge_chooses_how_the_pages_look_and_what_is_unknown_changes_nothing(app, client, sign_in):
    hall = make_hall(entries=1, judges=1)
    browser = sign_in(client, hall.account())
    app.config["WTF_CSRF_ENABLED"] = False
    for name, expected in (("sun", True), ("dark", True), ('"><script>', False)):
        browser.post("/judge/theme", data={"theme": name})
        page = browser.get("/judge/").get_data(as_text=True)
        assert (f'data-theme="{name}"' in page) is expected
    assert "data-theme=" not in page
