"""Papers that no award stands behind: lists of recipients, looked through, frozen, numbered, accounted for."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Role, ScopeKind
from contest.certificates import account, letter_queries, letters, service
from contest.certificates.checked import checked
from contest.certificates.models import CertificateState, Letter, NumberSequence, Roll
from contest.certificates.refusals import (
    AlreadySettled,
    BatchRefused,
    NothingToIssue,
    NumberTaken,
    RollEmpty,
    RollFrozen,
    SourceUnfit,
)
from contest.certificates.roll_lines import of_file, of_text
from contest.db import db, transaction
from contest.entries.models import Entry, EntryState, Member, Person, Staff, StaffRole
from contest.events.models import Contest, Event
from contest.judging.models import Judge, Panel, Seat, SeatHolder
from tests.awards.builders import NAMES, NOON, make_people
from tests.builders import csrf_of, make_account, make_event

ACT = {"actor": SYSTEM, "at": NOON}
URL = "http://localhost"
DAY = date(2026, 11, 20)


@pytest.fixture
def event_id(app):
    """An event with eight people, two of whom weren't there, a coach of two entries, and a panel of three judges."""
    event = make_event()
    event_id = event.id
    with transaction():
        event = db.session.get_one(Event, event_id)
        event.sub_contest.edition.contest.holder.number_pattern = "示工证〔{year}〕{serial:05}号"
        entries = make_people(event, NAMES)
        entries[1].state = EntryState.ABSENT
        entries[2].members[0].state = EntryState.WITHDRAWN
        for entry in entries[3:5]:
            entry.delegation_id = entries[3].delegation_id
            db.session.add(Staff(entry_id=entry.id, role=StaffRole.COACH, name="马教练"))
            db.session.add(Staff(entry_id=entry.id, role=StaffRole.LEADER, name="领队不要"))
        _panel(event)
    return event_id


def _panel(event):
    panel = Panel(event_id=event.id, name="一组", module_keys=["practice"])
    db.session.add(panel)
    db.session.flush()
    for place, name in enumerate(("甲裁判", "乙裁判", "丙裁判"), 1):
        held = Account(name=name, created_at=NOON)
        db.session.add(held)
        db.session.flush()
        judge = Judge(
            edition_id=event.sub_contest.edition_id,
            account_id=held.id,
            name=name,
            unit_name=f"示范第{place}院",
        )
        seat = Seat(panel_id=panel.id, position=place)
        db.session.add_all([judge, seat])
        db.session.flush()
        gone = place == 2
        db.session.add(
            SeatHolder(
                seat_id=seat.id, judge_id=judge.id, from_at=NOON, until_at=NOON if gone else None,
                until_reason="ill" if gone else "",
            )
        )  # fmt: skip
        if place == 3:
            panel.chief_judge_id = judge.id
    db.session.flush()


def draft(event_id, kind, source, *, role="", lines=(), bodies=False, whole=False):
    with transaction():
        event = db.session.get_one(Event, event_id)
        roll = service.draft_roll(
            event.sub_contest.edition, None if whole else event, kind=kind, source=source, name="名单", role=role,
            is_of_bodies=bodies, lines=lines, **ACT,
        )  # fmt: skip
        return roll.id


def roll_of(roll_id) -> Roll:
    db.session.expire_all()
    return db.session.get_one(Roll, roll_id)


def issue(roll_id, **options):
    with transaction():
        made = service.issue_letters(
            db.session.get_one(Roll, roll_id), base_url=URL, dated_on=DAY,
            **{"layout": db.session.get_one(Roll, roll_id).kind, **options}, **ACT,
        )  # fmt: skip
        return [one.id for one in made]


def letter(letter_id) -> Letter:
    db.session.expire_all()
    return db.session.get_one(Letter, letter_id)


def lines(roll_id):
    return [(one.name, one.unit, one.role) for one in roll_of(roll_id).recipients]


def text_of(content):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", "").replace(" ", "")  # fmt: skip


def test_judges_are_drawn_from_the_seats_they_hold_the_chief_first(event_id):
    assert lines(draft(event_id, "appointment", "seats")) == [
        ("丙裁判", "示范第3院", "裁判长"),
        ("甲裁判", "示范第1院", "裁判员"),
    ]


def test_a_coach_of_two_entries_of_a_delegation_gets_one_paper_and_leaders_none(event_id):
    assert lines(draft(event_id, "coach", "coaches")) == [("马教练", "示范第4代表队", "优秀教练")]


def test_participation_is_for_members_who_were_there_in_official_order(event_id):
    found = lines(draft(event_id, "participation", "present"))
    assert {name for name, _, _ in found} == set(NAMES) - {NAMES[1], NAMES[2]}
    assert found[0][0] == NAMES[-1]  # its delegation stands first


@pytest.mark.parametrize(
    ("kind", "source"), [("appointment", "coaches"), ("prize", "typed"), ("honour", "seats")]
)
def test_a_list_of_a_kind_comes_from_its_own_sources_only(event_id, kind, source):
    with pytest.raises(SourceUnfit):
        draft(event_id, kind, source)


def test_judges_of_a_whole_edition_can_only_be_typed(event_id):
    with pytest.raises(SourceUnfit):
        draft(event_id, "appointment", "seats", whole=True)


def test_typed_lines_are_read_with_unit_and_role_and_every_bad_one_is_told():
    found = of_text("张三,示范公司,专家\n\n李四\n,没有名字\n张三，示范公司，专家\n王😀五\n", are_bodies=False)
    assert [(one.row, one.name, one.unit, one.role) for one in found.lines] == [
        (1, "张三", "示范公司", "专家"), (3, "李四", "", ""),
    ]  # fmt: skip
    assert [(one.row, one.code) for one in found.bad][:2] == [
        (4, "recipient_nameless"),
        (5, "recipient_twice"),
    ]
    assert {one.row for one in found.bad} == {4, 5, 6}


def test_a_file_is_read_by_its_headings_whatever_their_order():
    csv = "序号,称号,单位名称\n1,优秀组织奖,示范市总工会\n2,最佳合作奖,示范学院\n".encode()
    found = of_file(csv, "名单.csv", are_bodies=True)
    assert [(one.name, one.role) for one in found.lines] == [
        ("示范市总工会", "优秀组织奖"), ("示范学院", "最佳合作奖"),
    ]  # fmt: skip
    assert found.bad == ()


def test_whoever_is_not_kept_is_left_out_and_nobody_may_be_left(event_id):
    roll_id = draft(event_id, "participation", "present")
    keep = [one.id for one in roll_of(roll_id).recipients[:2]]
    with transaction():
        assert service.keep_only(roll_of(roll_id), keep, **ACT) == 4
    assert len(lines(roll_id)) == 2
    with pytest.raises(RollEmpty), transaction():
        service.keep_only(roll_of(roll_id), [], **ACT)


def test_issuing_freezes_the_list_and_gives_numbers_of_the_issuers_sequence(event_id):
    roll_id = draft(event_id, "appointment", "seats")
    ids = issue(roll_id)
    assert [(letter(one).name, letter(one).number) for one in ids] == [
        ("丙裁判", "示工证〔2026〕00001号"), ("甲裁判", "示工证〔2026〕00002号"),
    ]  # fmt: skip
    assert roll_of(roll_id).digest == letters.digest_of(roll_of(roll_id))
    with pytest.raises(RollFrozen), transaction():
        service.keep_only(roll_of(roll_id), [1], **ACT)
    with pytest.raises(RollFrozen), transaction():
        service.discard_roll(roll_of(roll_id), **ACT)
    with pytest.raises(NothingToIssue):
        issue(roll_id)


def test_a_list_may_have_numbers_of_its_own_and_certificates_cannot_take_them(event_id):
    first = issue(draft(event_id, "appointment", "seats"), pattern="示聘字〔{year}〕{kind}{serial:03}号")
    assert letter(first[0]).number == "示聘字〔2026〕聘任001号"
    with transaction():  # somebody set the counter back by hand
        db.session.execute(db.update(NumberSequence).values(last=0))
    with pytest.raises(NumberTaken):
        issue(draft(event_id, "appointment", "seats"), pattern="示聘字〔{year}〕{kind}{serial:03}号")


def test_each_paper_names_its_holder_and_no_other(event_id):
    ids = issue(draft(event_id, "appointment", "seats"))
    assert service.make(ids, register=service.LETTERS) == 2
    texts = [text_of(service.content_of(letter(one))) for one in ids]
    assert [["丙裁判" in text, "甲裁判" in text] for text in texts] == [[True, False], [False, True]]
    assert ["裁判长" in text for text in texts] == [True, False]
    assert service.make(ids, register=service.LETTERS) == 0  # done twice, harmless


def test_a_text_that_names_the_event_is_refused_on_a_list_of_the_whole_edition(event_id):
    roll_id = draft(
        event_id,
        "appointment",
        "typed",
        role="专家",
        lines=of_text("张三", are_bodies=False).lines,
        whole=True,
    )
    with pytest.raises(BatchRefused) as refused:
        issue(roll_id)
    assert [(one["code"], one["params"]["field"]) for one in refused.value.problems] == [
        ("value_empty", "event")
    ]
    assert roll_of(roll_id).frozen_at is None
    ids = issue(roll_id, texts={"body": "　　兹聘请您担任{edition}{role}。"})
    assert letter(ids[0]).number == "示工证〔2026〕00001号"


def test_one_name_that_does_not_fit_stops_the_whole_list_and_uses_no_number(event_id):
    typed = of_text("张三\n" + "很长的名字" * 11, are_bodies=True).lines
    roll_id = draft(event_id, "participation", "typed", lines=typed)
    with pytest.raises(BatchRefused) as refused:
        issue(roll_id)
    assert [one["code"] for one in refused.value.problems] == ["text_too_long"]
    assert db.session.scalar(db.select(db.func.count(Letter.id))) == 0
    assert issue(draft(event_id, "appointment", "seats"))[0] == 1


def test_a_bodys_name_is_shown_on_the_verify_page_and_a_persons_is_masked(event_id):
    person = issue(draft(event_id, "appointment", "seats"))[0]
    body = issue(
        draft(
            event_id,
            "honour",
            "typed",
            lines=of_text("示范市总工会", are_bodies=True).lines,
            bodies=True,
            whole=True,
        )
    )[0]
    service.make([person, body], register=service.LETTERS)
    found = [checked(letter(one).verify_code) for one in (person, body)]
    assert [(one.masked_name, one.award, one.state, one.kind) for one in found] == [
        ("丙*判", "裁判长", CertificateState.VALID, "appointment"),
        ("示范市总工会", "优秀组织奖", CertificateState.VALID, "honour"),
    ]


def test_a_reissued_letter_has_the_present_name_and_the_old_one_reads_replaced(event_id):
    ids = issue(draft(event_id, "participation", "present"))
    old = letter(ids[0])
    with transaction():
        db.session.get_one(Person, old.person_id).name = "周福闻"
    with transaction():
        new = service.reissue_letter(letter(ids[0]), reason="wrong character", base_url=URL, **ACT).id
    service.make([ids[0], new], register=service.LETTERS)
    assert (letter(new).name, letter(new).number) == ("周福闻", "示工证〔2026〕00007号")
    assert [service.state_of(letter(one)) for one in (ids[0], new)] == [
        CertificateState.REPLACED,
        CertificateState.VALID,
    ]
    with pytest.raises(AlreadySettled), transaction():
        service.reissue_letter(letter(ids[0]), reason="again", base_url=URL, **ACT)


def test_after_a_void_paper_the_recipient_gets_another_number_and_after_a_revoked_one_none(event_id):
    roll_id = draft(event_id, "appointment", "seats")
    spoilt, taken = issue(roll_id)
    with transaction():
        service.void(letter(spoilt), reason="coffee", **ACT)
        service.revoke(letter(taken), reason="left", **ACT)
    (fresh,) = issue(roll_id)
    assert (letter(fresh).name, letter(fresh).number) == ("丙裁判", "示工证〔2026〕00003号")


def test_every_number_is_accounted_for(event_id):
    roll_id = draft(event_id, "participation", "present")
    ids = issue(roll_id)
    service.make(ids[:5], register=service.LETTERS)
    with transaction():
        service.void(letter(ids[0]), reason="spoilt", **ACT)
        service.revoke(letter(ids[1]), reason="not there", **ACT)
        service.reissue_letter(letter(ids[2]), reason="typing error", base_url=URL, **ACT)
    with transaction():  # a row taken out behind the program's back
        db.session.execute(db.delete(Letter).where(Letter.id == ids[3]))
    contest = db.session.get_one(Event, event_id).sub_contest.edition.contest
    (found,) = account.of_contest(contest)
    assert [(one.serial, one.state) for one in found.numbers] == [
        (1, "void"), (2, "revoked"), (3, "replaced"), (4, "missing"), (5, "valid"), (6, "being_made"), (7, "being_made"),
    ]  # fmt: skip
    assert sum(found.counts.values()) == found.last == 7
    assert (found.numbers[2].replaced_by, found.numbers[2].reason) == (
        "示工证〔2026〕00007号",
        "typing error",
    )
    assert [(run.first.serial, run.count) for run in found.runs()] == [
        (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2),
    ]  # fmt: skip


def test_another_contests_numbers_are_counted_without_a_word_about_whose_they_are(event_id):
    issue(draft(event_id, "appointment", "seats"))
    with transaction():
        first = db.session.get_one(Event, event_id).sub_contest.edition.contest
        other = Contest(holder_id=first.holder_id, kind=first.kind, name="另一竞赛", created_at=NOON)
        db.session.add(other)
        db.session.flush()
        db.session.scalars(db.select(Letter).order_by(Letter.id)).first().edition.contest_id = other.id
        event = db.session.get_one(Event, event_id)
        third = Letter(
            **{
                column.name: getattr(db.session.scalars(db.select(Letter)).first(), column.name)
                for column in Letter.__table__.columns
                if column.name not in ("id", "number", "verify_code", "edition_id", "recipient_id")
            },
            number="示工证〔2026〕00003号", verify_code="X" * 16, edition_id=_edition(first).id,
            recipient_id=_recipient(event).id,
        )  # fmt: skip
        db.session.add(third)
        db.session.execute(db.update(NumberSequence).values(last=3))
    (found,) = account.of_contest(db.session.get_one(Contest, first.id))
    assert [(one.state, one.holder) for one in found.numbers] == [
        ("elsewhere", ""),
        ("elsewhere", ""),
        ("being_made", "丙裁判"),
    ]


def _edition(contest):
    from contest.events.models import Edition

    made = Edition(contest_id=contest.id, ordinal=9, name="第九届", year=2026, created_at=NOON)
    db.session.add(made)
    db.session.flush()
    return made


def _recipient(event):
    from contest.certificates.models import Recipient

    roll = Roll(
        edition_id=event.sub_contest.edition_id, kind="appointment", source="typed", name="x", made_at=NOON
    )
    db.session.add(roll)
    db.session.flush()
    made = Recipient(roll_id=roll.id, position=1, name="x")
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def organiser(client, sign_in, event_id):
    contest_id = db.session.get_one(Event, event_id).sub_contest.edition.contest_id
    return sign_in(
        client, make_account("Ann", (Role.ORGANISER, ScopeKind.CONTEST, contest_id), contest_id=contest_id)
    )


def post(browser, url, page, **values):
    return browser.post(url, data={"csrf_token": csrf_of(browser, page), **values})


def test_an_organiser_makes_a_list_issues_it_and_takes_the_papers_home(organiser, event_id):
    edition_id = db.session.get_one(Event, event_id).sub_contest.edition_id
    page = f"/editions/{edition_id}/rolls"
    made = post(organiser, page, page, of="participation:present", event_id=str(event_id), name="参赛证书")
    assert made.status_code == 302
    home = made.headers["Location"]
    assert post(organiser, f"{home}/issue", home, dated_on="2026-11-20", naming="number_name", order="name", layout="participation", pictures="y").status_code == 302  # fmt: skip
    names = [one.name for one in letter_queries.letters_of(int(home.rsplit("/", 1)[1]))]
    assert len(names) == 6
    bundle = organiser.get(f"{home}/papers.zip?order=name&naming=name_number&pictures=y").data
    with zipfile.ZipFile(io.BytesIO(bundle)) as held:
        found = held.namelist()
    assert [one.split("_")[0] for one in found if one.endswith(".pdf")] == [
        "更尕昂宝", "李桂兰", "钱海龙", "孙秀英", "赵永明", "周福文",
    ]  # fmt: skip
    assert len([one for one in found if one.endswith(".png")]) == 6
    book = PdfReader(io.BytesIO(organiser.get(f"{home}/papers.pdf?order=number").data))
    assert [
        name in page.extract_text().replace(" ", "") for page, name in zip(book.pages, names, strict=True)
    ] == [True] * 6


def test_pre_printed_sheets_get_what_differs_between_holders_and_nothing_else(organiser, event_id):
    roll_id = draft(event_id, "appointment", "seats")
    service.make(issue(roll_id), register=service.LETTERS)
    content = organiser.get(f"/rolls/{roll_id}/overprint.pdf?order=award").data
    pages = [page.extract_text().replace(" ", "") for page in PdfReader(io.BytesIO(content)).pages]
    assert [["丙裁判" in page, "甲裁判" in page, "特发此证" in page] for page in pages] == [
        [True, False, False],
        [False, True, False],
    ]


def test_bad_lines_are_named_and_what_was_typed_stays(organiser, event_id):
    edition_id = db.session.get_one(Event, event_id).sub_contest.edition_id
    page = f"/editions/{edition_id}/rolls"
    answer = post(
        organiser,
        page,
        page,
        of="honour:typed",
        event_id="",
        name="组织奖",
        are_bodies="y",
        text="示范市总工会\n,优秀组织奖",
    )
    text = answer.get_data(as_text=True)
    assert (answer.status_code, "示范市总工会" in text, "recipient_nameless" in text) == (422, True, False)
    assert db.session.scalar(db.select(db.func.count(Roll.id))) == 0


def test_the_account_comes_as_page_paper_and_workbook(organiser, event_id):
    issue(draft(event_id, "appointment", "typed", lines=of_text("=cmd,示范院,专家", are_bodies=True).lines))
    contest_id = db.session.get_one(Event, event_id).sub_contest.edition.contest_id
    page = organiser.get(f"/contests/{contest_id}/numbers").get_data(as_text=True)
    assert "示工证〔2026〕00001号" in page
    assert "示工证〔2026〕00001号" in text_of(organiser.get(f"/contests/{contest_id}/numbers.pdf").data)
    book = load_workbook(io.BytesIO(organiser.get(f"/contests/{contest_id}/numbers.xlsx").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=3)]
    assert [row[:4] for row in rows] == [[1, "示工证〔2026〕00001号", "已领号，证书待生成", "'=cmd"]]


def test_a_judge_fetches_the_own_letter_and_nobody_elses(client, sign_in, event_id):
    chief, other = issue(draft(event_id, "appointment", "seats"))
    service.make([chief, other], register=service.LETTERS)
    account_id = letter(chief).recipient.account_id
    browser = sign_in(client, db.session.get_one(Account, account_id))
    assert [browser.get(f"/my-letter/{one}.pdf").status_code for one in (chief, other)] == [200, 404]
    assert letter(chief).number in browser.get("/my-certificate").get_data(as_text=True)


def test_a_participant_finds_the_paper_by_number_name_and_digits(client, event_id):
    ids = issue(draft(event_id, "participation", "present"))
    service.make(ids, register=service.LETTERS)
    row = letter(ids[0])
    member = db.session.scalars(db.select(Member).where(Member.person_id == row.person_id)).one()
    place = int(db.session.get_one(Entry, member.entry_id).number)
    from tests.awards.builders import id_number

    answer = client.post(
        "/my-certificate",
        data={"csrf_token": csrf_of(client, "/my-certificate"), "number": member.number, "name": row.name, "digits": id_number(place)[-6:]},
    )  # fmt: skip
    assert answer.status_code == 302
    assert client.get(f"/my-letter/{ids[0]}.pdf").status_code == 200
    assert client.get(f"/my-letter/{ids[1]}.pdf").status_code == 404
