"""Every door of the room × role × state: who gets in, and that nothing unpublished gets out."""

from __future__ import annotations

import re

import pytest

from contest.db import db, now, transaction
from contest.results import service
from contest.results.evidence import add_evidence
from contest.results.hooks import add_webhook
from contest.results.house import keep_template
from contest.results.models import Appeal, Correction, ListState, Publication, Recheck, TieRuling
from contest.results.scans import add_scan
from contest.results.tokens import add_token
from tests.results.builders import NOON, advanced, far_end, fill, make_field, notice_over, published
from tests.results.test_appeals import file
from tests.results.test_corrections import proposed, re_mark
from tests.results.test_house import workbook
from tests.results.test_ties import TIED, keys, rule

STAFF = {"organiser", "chief", "supervisor", "scorekeeper"}
ROLES = [
    "organiser", "chief", "supervisor", "scorekeeper", "registrar",
    "judge", "coder", "contestant", "administrator", "stranger", None,
]  # fmt: skip

# (address, who may read it); everybody else gets 404, nobody signed in is sent to sign in.
READING = {
    "/events/{event}/results": STAFF,
    "/events/{event}/results?ranking=table:delegations": STAFF,
    "/events/{event}/results/ties": STAFF,
    "/events/{event}/results/tally.pdf": STAFF,
    "/events/{event}/results/tally.docx": STAFF,
    "/publications/{list}": STAFF,
    "/events/{event}/appeals": {*STAFF, "registrar"},
    "/publications/{list}/appeal": {"organiser", "registrar"},
    "/appeals/{appeal}": {*STAFF, "registrar"},
    "/appeals/{appeal}/evidence/{evidence}": {*STAFF, "registrar"},
    "/events/{event}/appeals/module": {"organiser", "registrar"},
    "/events/{event}/corrections/new": {"chief", "supervisor"},
    "/corrections/{correction}": STAFF,
    "/publications/{list}/bundle.zip": STAFF,
    "/publications/{list}/objections": STAFF,
    "/events/{event}/rechecks": {"chief", "supervisor", "scorekeeper"},
    "/rechecks/{recheck}": {"chief", "supervisor", "scorekeeper"},
    "/rechecks/{recheck}/report.pdf": {"chief", "supervisor", "scorekeeper"},
    "/editions/{edition}/results-settings": {"organiser"},
    "/contests/{contest}/programs": {"organiser"},
    "/publications/{list}/scans/{scan}": STAFF,
    "/publications/{list}/house.xlsx": STAFF,
    "/editions/{edition}/list-template": {"organiser"},
    "/events/{event}/results/{ranking}/{subject}": {"chief", "supervisor", "scorekeeper"},
}
# (address, form, who may do it)
DOING = {
    "/events/{event}/results/publish": ({"ranking": "all"}, {"organiser"}),
    "/events/{event}/results/check": ({"ranking": "all"}, {"chief", "supervisor", "scorekeeper"}),
    "/publications/{list}/places": ({"shown_places": "3"}, {"organiser"}),
    "/publications/{list}/ask": ({}, {"organiser"}),
    "/publications/{list}/sign": ({"role": "chief_judge"}, {"chief", "supervisor"}),
    "/publications/{list}/confirm": ({"waiver": "各队放弃"}, {"organiser"}),
    "/publications/{list}/notice": ({}, {"organiser"}),
    "/publications/{list}/final": ({}, {"organiser"}),
    "/events/{event}/rechecks": (
        {"top": "1", "share": "15", "seed": "红"},
        {"chief", "supervisor", "scorekeeper"},
    ),
    "/rechecks/{recheck}/items/{item}": ({"wrong": "0"}, {"chief", "supervisor", "scorekeeper"}),
    "/rechecks/{recheck}/close": ({}, {"chief", "supervisor", "scorekeeper"}),
    "/publications/{list}/archive": ({}, {"organiser"}),
    "/publications/{list}/objections": ({"text": "年龄不符"}, {"organiser"}),
    "/publications/{list}/objections/{objection}": ({"verdict": "upheld", "answer": "属实"}, {"organiser"}),
    "/editions/{edition}/results-settings": ({"notice_days": "7"}, {"organiser"}),
    "/publications/{list}/release": ({}, {"organiser"}),
    "/editions/{edition}/list-template": ({}, {"organiser"}),
    "/editions/{edition}/list-template/drop": ({}, {"organiser"}),
    "/publications/{list}/scans": ({"title": "x"}, {"organiser"}),
    "/publications/{list}/scans/{scan}/remove": ({}, {"organiser"}),
    "/contests/{contest}/webhooks": ({"url": "https://a.example/"}, {"organiser"}),
    "/contests/{contest}/tokens": ({"name": "官网"}, {"organiser"}),
    "/webhooks/{webhook}/end": ({}, {"organiser"}),
    "/tokens/{token}/end": ({}, {"organiser"}),
    "/publications/{list}/withdraw": ({"reason": "印错"}, {"organiser"}),
    "/events/{event}/results/ties": (
        {
            "ranking": "all",
            "kind": "lot",
            "reason": "抽签",
            "subjects": "e1 e2",
            "place-e1": "1",
            "place-e2": "2",
        },
        {"chief"},
    ),
    "/rulings/{ruling}/revoke": ({"reason": "有误"}, {"chief"}),
    "/appeals/{appeal}/decide": ({"verdict": "dismissed", "decision": "无误"}, {"supervisor"}),
    "/appeals/{appeal}/withdraw": ({"reason": "撤回"}, {"organiser", "registrar"}),
    "/appeals/{appeal}/acknowledge": ({}, {"supervisor"}),
    "/appeals/{appeal}/assign": ({"account_id": "3"}, {"supervisor"}),
    "/appeals/{appeal}/second": ({"reason": "复议"}, {"organiser", "registrar"}),
    "/events/{event}/appeals/module": (
        {"entry_id": "1", "subject": "equipment", "module_key": "practice", "text": "停电"},
        {"organiser", "registrar"},
    ),
    "/events/{event}/corrections/new?entry=1&effect=void": (
        {"reason": "作废", "module": "practice"},
        {"chief", "supervisor"},
    ),
    "/corrections/{correction}/apply": ({}, {"chief", "supervisor"}),
    "/corrections/{correction}/reject": ({"reason": "不改"}, {"chief", "supervisor"}),
    "/publications/{list}/appeal": (
        {"entry_id": "1", "subject": "other", "text": "漏记"},
        {"organiser", "registrar"},
    ),
}


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field()
    fill(field, TIED)
    ruling = rule(field, keys(field, 1, 0))
    one = published(field, at=now())
    field.places = {
        "ranking": "all",
        "subject": "e1",
        "event": field.event_id,
        "list": one,
        "appeal": file(field, one, at=now()),
        "ruling": ruling,
        "objection": 1,
        "edition": field.event.sub_contest.edition_id,
        "correction": proposed(field, 0, re_mark(field, 0, "dough", 12_000)),
    }
    with transaction():
        scan = add_scan(
            publication=db.session.get_one(Publication, one), title="盖章件", content=b"%PDF-1.7",
            is_public=False, actor=field.actor("organiser"), at=now(),
        )  # fmt: skip
        field.places["scan"] = scan.id
        keep_template(
            edition=field.event.sub_contest.edition, name="a.xlsx", content=workbook(["{row.name}"]),
            actor=field.actor("organiser"), at=now(),
        )  # fmt: skip
        contest, organiser = field.event.sub_contest.edition.contest, field.actor("organiser")
        hook, _secret = add_webhook(contest=contest, url="https://a.example/", actor=organiser, at=now())
        token, _secret = add_token(contest=contest, name="官网", actor=organiser, at=now())
        field.places |= {"contest": contest.id, "webhook": hook.id, "token": token.id}
        recheck = service.draw_recheck(
            event=field.event,
            ranking_key="all",
            top=1,
            share_bp=1500,
            seed="x",
            actor=field.actor("chief"),
            at=now(),
        )
        field.places |= {"recheck": recheck.id, "item": recheck.items[0].id}
        appeal = db.session.get_one(Appeal, field.places["appeal"])
        pieces = add_evidence(
            appeal=appeal, pieces=[("证据.pdf", b"%PDF-1.7")], actor=field.actor("registrar"), at=now()
        )
        field.places["evidence"] = pieces[0].id
    return field


def browser(app, made, sign_in, who):
    client = app.test_client()
    return client if who is None else sign_in(client, made.account(who))


@pytest.mark.parametrize("who", ROLES)
def test_pages_open_for_those_who_may_read_them_and_are_not_there_for_others(app, made, sign_in, who):
    client = browser(app, made, sign_in, who)
    found = {path: client.get(path.format(**made.places)).status_code for path in READING}
    closed = 302 if who is None else 404
    assert found == {path: 200 if who in may else closed for path, may in READING.items()}


@pytest.mark.parametrize("who", ROLES)
def test_steps_are_taken_by_those_who_may_and_change_nothing_for_others(app, made, sign_in, who):
    client = browser(app, made, sign_in, who)
    before = _state(made)
    for path, (form, may) in DOING.items():
        if who in may:
            continue
        answer = client.post(path.format(**made.places), data=form)
        assert (path, answer.status_code) == (path, 302 if who is None else 404)
        if who is None:
            assert "/sign-in" in answer.headers["Location"]
    assert _state(made) == before


def _state(made):
    db.session.rollback()
    publication = db.session.get_one(Publication, made.places["list"])
    return (
        publication.state,
        publication.withdrawn_at,
        len(publication.steps),
        db.session.get_one(Appeal, made.places["appeal"]).state,
        db.session.get_one(TieRuling, made.places["ruling"]).revoked_at,
        db.session.query(Publication).count(),
        db.session.query(Appeal).count(),
        db.session.get_one(Appeal, made.places["appeal"]).acknowledged_at,
        db.session.get_one(Correction, made.places["correction"]).state,
        db.session.query(Correction).count(),
    )


def test_the_walk_covers_every_door_of_the_room(app):
    doors = {
        re.sub(r"<[^>]*>", "*", str(rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("results.")
    }
    walked = {re.sub(r"\{[^}]*\}", "*", path.partition("?")[0]) for path in (*READING, *DOING)}
    walked |= {"/publications/*/notice-record.pdf"}  # once there is a notice: tests/test_access.py
    public = {
        "/lists",
        "/lists/*",
        "/lists/*.*",
        "/editions/*/lists",
        "/editions/*/site.zip",
        "/lists/*/scans/*",
        "/lists/feed.atom",
        "/lists/*/table",
        "/lists/*/screen",
    }
    assert doors - walked - public == set()


PUBLIC = ["/lists", "/lists/feed.atom", "/lists?q=才让", "/lists?delegation=乙地区代表队", "/lists/{list}", "/lists/{list}?lang=en",
          "/lists/{list}.csv", "/lists/{list}.xlsx", "/lists/{list}.pdf", "/lists/{list}.json", "/lists/{list}/table", "/lists/{list}/screen", "/editions/1/lists"]  # fmt: skip


def _public(app, path, **places):
    return app.test_client().get(path.format(**places))


def test_before_publication_nobody_outside_reads_a_name_a_mark_or_that_there_is_a_list(app):
    made = make_field()
    fill(made)
    with transaction():
        service.take_snapshot(event=made.event, ranking_key="all", actor=made.actor("organiser"), at=NOON)
    for path in PUBLIC:
        answer = _public(app, path, list=1)
        text = answer.get_data(as_text=True)
        assert (path, "更尕昂宝" in text, "80.50" in text, "拉面制作" in text) == (path, False, False, False)
        assert (path, answer.status_code) == (
            path,
            200 if path.startswith("/lists?") or path in ("/lists", "/lists/feed.atom") else 404,
        )


def test_an_embargoed_list_is_not_there_for_the_public_until_it_is_released(app):
    made = make_field()
    fill(made)
    one = published(made, is_embargoed=True)
    advanced(made, one, ListState.CONFIRMED)
    for path in PUBLIC[4:]:
        assert (path, _public(app, path, list=one).status_code) == (path, 404)
    assert "更尕昂宝" not in _public(app, "/lists?q=更尕").get_data(as_text=True)
    with transaction():
        publication = db.session.get_one(Publication, one)
        service.release(publication=publication, actor=made.actor("organiser"), at=NOON)
    assert _public(app, "/lists/{list}", list=one).status_code == 200


def test_a_list_under_embargo_that_supersedes_a_public_one_is_not_linked(app, made):
    made.mark(2, "dough", 25_000)
    two = published(made, is_embargoed=True)
    page = _public(app, "/lists/{list}", list=made.places["list"]).get_data(as_text=True)
    assert ("被替代" in page or "superseded" in page, f"/lists/{two}" in page) == (True, False)


def test_no_form_of_a_public_list_has_an_id_number_or_telephone(app, made):
    for path in PUBLIC:
        body = _public(app, path, list=made.places["list"]).get_data()
        assert (path, b"63010119900101" in body, b"1390000" in body, b"139****" in body) == (
            path,
            False,
            False,
            False,
        )


def test_public_pages_touch_no_session_and_may_be_kept_by_anyone(app, made, sign_in):
    for client in (app.test_client(), browser(app, made, sign_in, "organiser")):
        for path in PUBLIC:
            answer = client.get(path.format(**made.places))
            assert (path, answer.headers.get("Set-Cookie"), answer.headers["Vary"], answer.headers["Cache-Control"]) == (
                path, None, "Accept-Encoding", "public, no-cache",
            )  # fmt: skip


def test_a_public_page_is_the_same_for_whoever_asks(app, made, sign_in):
    pages = {
        browser(app, made, sign_in, who).get(f"/lists/{made.places['list']}").data
        for who in (None, "organiser", "judge")
    }
    assert len(pages) == 1


def test_the_language_of_a_public_page_follows_from_its_address_alone(app, made):
    headers = {"Accept-Language": "en"}
    chinese = app.test_client().get(f"/lists/{made.places['list']}", headers=headers).get_data(as_text=True)
    english = app.test_client().get(f"/lists/{made.places['list']}?lang=en").get_data(as_text=True)
    assert ('<html lang="zh-CN"' in chinese, '<html lang="en"' in english) == (True, True)


def test_an_unchanged_list_answers_304_and_a_withdrawn_one_does_not(app, made):
    app.extensions["contest.pages"].standings.clear() if "contest.pages" in app.extensions else None
    client = app.test_client()
    path = f"/lists/{made.places['list']}"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    with transaction():
        publication = db.session.get_one(Publication, made.places["list"])
        service.withdraw(publication=publication, reason="计算有误", actor=made.actor("organiser"), at=NOON)
    app.extensions["contest.pages"].clock = lambda: 1e12  # half a second later
    answer = client.get(path, headers={"If-None-Match": etag})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "计算有误" in text, "才让卓玛" in text) == (200, True, False)
    assert client.get(f"{path}.csv").status_code == 404


def test_what_was_typed_is_kept_when_an_appeal_is_refused(app, made, sign_in):
    client = browser(app, made, sign_in, "registrar")
    answer = client.post(
        f"/publications/{made.places['list']}/appeal",
        data={"entry_id": "1", "subject": "marking", "text": ""},
    )
    assert answer.status_code == 422
    answer = client.post(
        f"/publications/{made.places['list']}/appeal",
        data={"entry_id": "2", "subject": "marking", "text": "乙队的选手"},
    )
    assert (answer.status_code, "乙队的选手" in answer.get_data(as_text=True)) == (422, True)


def test_an_appeal_sent_too_late_shows_what_was_written(app, made, sign_in):
    with transaction():
        db.session.get_one(Publication, made.places["list"]).appeals_until = NOON
    answer = browser(app, made, sign_in, "registrar").post(
        f"/publications/{made.places['list']}/appeal",
        data={"entry_id": "1", "subject": "marking", "text": "漏记了拉制一项"},
    )
    assert (answer.status_code, "漏记了拉制一项" in answer.get_data(as_text=True)) == (422, True)


def test_the_whole_path_from_publishing_to_final_through_the_doors(app, made, sign_in):
    one = made.places["list"]
    items = [item.id for item in db.session.get_one(Recheck, made.places["recheck"]).items]
    organiser, chief, supervisor = (
        browser(app, made, sign_in, who) for who in ("organiser", "chief", "supervisor")
    )
    steps = [
        (
            supervisor,
            f"/appeals/{made.places['appeal']}/decide",
            {"verdict": "dismissed", "decision": "复核无误"},
        ),
        (chief, f"/corrections/{made.places['correction']}/reject", {"reason": "不改"}),
        *((chief, f"/rechecks/{made.places['recheck']}/items/{item}", {"wrong": "0"}) for item in items),
        (chief, f"/rechecks/{made.places['recheck']}/close", {}),
        (chief, f"/publications/{one}/sign", {"role": "chief_judge"}),
        (supervisor, f"/publications/{one}/sign", {"role": "supervisor"}),
        (organiser, f"/publications/{one}/confirm", {"waiver": "各队书面放弃"}),
        (organiser, f"/publications/{one}/notice", {"note": "公示五个工作日", "ends_on": far_end()}),
    ]
    for client, path, form in steps:
        assert (path, client.post(path, data=form).status_code) == (path, 302)
    assert organiser.post(f"/publications/{one}/final").status_code == 409
    notice_over(one)
    assert organiser.post(f"/publications/{one}/final", data={"note": "公示无异议"}).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Publication, one).state is ListState.FINAL


def test_confirming_too_early_says_why_and_keeps_the_list_as_it_is(app, made, sign_in):
    client = browser(app, made, sign_in, "organiser")
    answer = client.post(f"/publications/{made.places['list']}/confirm", data={"waiver": ""})
    db.session.rollback()
    assert (answer.status_code, db.session.get_one(Publication, made.places["list"]).state) == (
        409,
        ListState.PROVISIONAL,
    )


def test_every_finding_leads_to_a_screen_that_is_there(app):
    from contest.results.views.sentences import ENDPOINTS

    assert [endpoint for endpoint, _ in ENDPOINTS.values() if endpoint not in app.view_functions] == []
