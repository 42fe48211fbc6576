"""The register: numbers once and for ever, papers only from what released them, states that follow from the left."""

import io
import threading
from datetime import date

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from contest import audit
from contest.accounts.access import SYSTEM
from contest.awards import queries as award_queries
from contest.awards import service as awards
from contest.awards.models import Title
from contest.certificates import numbers, queries, service
from contest.certificates.checked import checked
from contest.certificates.models import Certificate, CertificateState, NumberSequence
from contest.certificates.refusals import (
    AlreadySettled,
    AwardGone,
    BatchRefused,
    NothingToIssue,
    NumberPatternBroken,
    NumberTaken,
    ReasonNeeded,
)
from contest.db import db, transaction
from contest.entries.models import Person
from contest.events.models import Event
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, advance, make_list, supersede

ACT = {"actor": SYSTEM, "at": NOON}
URL = "https://contest.example.org"
DAY = date(2026, 11, 20)


@pytest.fixture
def confirmed(app):
    """(event id, publication id) of a confirmed list whose prizes are drawn up."""
    listed = make_list()
    ids = listed.event_id, listed.id
    with transaction():
        db.session.get_one(
            Event, ids[0]
        ).sub_contest.edition.contest.holder.number_pattern = "示工证〔{year}〕{serial:05}号"
    with transaction():
        awards.draw_up(db.session.get_one(Publication, ids[1]), **ACT)
    return ids


def issue(event_id, **options):
    with transaction():
        made = service.issue(
            db.session.get_one(Event, event_id), base_url=URL, dated_on=DAY, **options, **ACT
        )
        return [one.id for one in made]


def confer_titles(publication_id):
    advance(publication_id, ListState.FINAL)
    with transaction():
        awards.propose_titles(db.session.get_one(Publication, publication_id), **ACT)
    with transaction():
        edition = db.session.get_one(Publication, publication_id).event.sub_contest.edition
        decision = awards.draft(
            edition, award_queries.waiting_titles(SYSTEM, edition.id), authority="示范省总工会", **ACT
        )
        awards.confer(
            decision, authority="示范省总工会", document_number="示工发〔2026〕18号", dated_on=date(2026, 12, 18),
            version=decision.version, **ACT,
        )  # fmt: skip


def text_of(content):
    (page,) = PdfReader(io.BytesIO(content)).pages
    return page.extract_text().replace(" ", "").replace("\n", "")


def certificate(certificate_id) -> Certificate:
    return db.session.get_one(Certificate, certificate_id)


def test_each_prize_gets_the_next_number_of_the_issuers_pattern(confirmed):
    ids = issue(confirmed[0])
    assert [(certificate(one).name, certificate(one).number) for one in ids] == [
        (name, f"示工证〔2026〕{serial:05d}号") for serial, name in enumerate(NAMES, 1)
    ]


def test_each_paper_holds_its_holder_number_prize_and_code_and_nobody_elses(confirmed):
    ids = issue(confirmed[0])
    assert service.make(ids) == len(NAMES)
    db.session.expire_all()
    rows = queries.with_ids(ids)
    texts = [text_of(service.content_of(one)) for one in rows]
    assert [[name for name in NAMES if name in text] for text in texts] == [[name] for name in NAMES]
    found = [
        (
            one.number in text,
            one.award.label in text,
            numbers.shown_code(one.verify_code) in text,
            "演示样张" in text,
        )
        for one, text in zip(rows, texts, strict=True)
    ]
    assert found == [(True, True, True, True)] * len(NAMES)


def test_making_twice_makes_nothing_twice_and_the_bytes_stay(confirmed):
    ids = issue(confirmed[0])
    service.make(ids)
    before = [certificate(one).file.digest for one in ids]
    assert service.make(ids) == 0
    assert [certificate(one).file.digest for one in ids] == before


def test_an_award_that_has_its_paper_is_not_issued_again(confirmed):
    issue(confirmed[0])
    assert service.planned(confirmed[0]).planned == ()
    with pytest.raises(NothingToIssue):
        issue(confirmed[0])


@pytest.mark.parametrize("state", [ListState.DRAFT, ListState.CHECKED, ListState.PROVISIONAL])
def test_a_list_that_fell_back_from_confirmed_releases_no_paper(confirmed, state):
    advance(confirmed[1], state)
    with pytest.raises(NothingToIssue):
        issue(confirmed[0])


def test_a_superseded_list_releases_no_paper(confirmed):
    supersede(confirmed[1])
    with pytest.raises(NothingToIssue):
        issue(confirmed[0])


def test_a_proposed_title_has_no_paper_and_a_conferred_one_has(confirmed):
    prizes = issue(confirmed[0])
    advance(confirmed[1], ListState.FINAL)
    with transaction():
        awards.propose_titles(db.session.get_one(Publication, confirmed[1]), **ACT)
    assert service.planned(confirmed[0]).planned == ()
    with transaction():
        for title in db.session.scalars(sa.select(Title)):
            awards.refuse(title, reason="重来", **ACT)
    assert service.planned(confirmed[0]).planned == ()
    assert len(prizes) == len(NAMES)


def test_a_titles_paper_names_the_decision_that_conferred_it(confirmed):
    issue(confirmed[0])
    confer_titles(confirmed[1])
    ids = issue(confirmed[0])
    service.make(ids)
    db.session.expire_all()
    rows = queries.with_ids(ids)
    assert [(one.name, one.layout) for one in rows] == [(name, "title") for name in NAMES[:3]]
    text = text_of(service.content_of(rows[0]))
    assert ("示工发〔2026〕18号" in text, "示范省技术能手" in text, "2026年12月18日" in text) == (
        True,
        True,
        True,
    )


def test_one_name_that_cannot_be_printed_refuses_the_batch_and_takes_no_number(confirmed):
    with transaction():
        award = award_queries.awards_of(confirmed[1])[2]
        award.name = "龘" * 60
    with pytest.raises(BatchRefused) as refused:
        issue(confirmed[0])
    assert [(one["code"], one["params"]["slot"]) for one in refused.value.problems] == [
        ("text_too_long", "name")
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 0
    assert db.session.scalars(sa.select(NumberSequence.last)).all() == []


def test_reissuing_after_a_corrected_name_gives_a_new_number_and_the_old_reads_replaced(confirmed):
    first = issue(confirmed[0])[0]
    with transaction():
        db.session.get_one(Person, certificate(first).person_id).name = "更尕昂保"
    with transaction():
        made = service.reissue(certificate(first), reason="姓名更正", base_url=URL, **ACT).id
    old, new = certificate(first), certificate(made)
    assert (new.name, new.number, new.replaces_id) == ("更尕昂保", "示工证〔2026〕00009号", old.id)
    assert (service.state_of(old), service.state_of(new)) == (
        CertificateState.REPLACED,
        CertificateState.VALID,
    )
    assert new.verify_code != old.verify_code


def test_a_voided_number_is_never_given_again_and_the_award_can_be_issued_anew(confirmed):
    first = issue(confirmed[0])[0]
    with transaction():
        service.void(certificate(first), reason="打印损坏", **ACT)
    again = issue(confirmed[0])
    assert [certificate(one).number for one in again] == ["示工证〔2026〕00009号"]
    assert (service.state_of(certificate(first)), service.reason_of(certificate(first))) == (
        CertificateState.VOID, "打印损坏",
    )  # fmt: skip


def test_every_number_is_accounted_for(confirmed):
    ids = issue(confirmed[0])
    with transaction():
        service.void(certificate(ids[0]), reason="打印损坏", **ACT)
    with transaction():
        service.reissue(certificate(ids[1]), reason="补办", base_url=URL, **ACT)
    with transaction():
        service.revoke(certificate(ids[2]), reason="撤销", **ACT)
    issue(confirmed[0])
    rows = db.session.scalars(sa.select(Certificate)).all()
    serials = sorted(int(one.number[-6:-1]) for one in rows)
    assert serials == list(range(1, len(rows) + 1))
    states = [service.state_of(one).value for one in sorted(rows, key=lambda one: one.number)]
    assert states == ["void", "replaced", "revoked", *["valid"] * (len(rows) - 3)]


@pytest.mark.parametrize("act", ["void", "revoke"])
def test_a_settled_certificate_cannot_be_settled_again_and_a_reason_is_needed(confirmed, act):
    first = issue(confirmed[0])[0]
    with pytest.raises(ReasonNeeded), transaction():
        getattr(service, act)(certificate(first), reason=" ", **ACT)
    with transaction():
        getattr(service, act)(certificate(first), reason="x", **ACT)
    for name in ("void", "revoke"):
        with pytest.raises(AlreadySettled), transaction():
            getattr(service, name)(certificate(first), reason="x", **ACT)
    with pytest.raises(AlreadySettled), transaction():
        service.reissue(certificate(first), reason="x", base_url=URL, **ACT)


def test_a_prizes_paper_is_revoked_by_a_new_list_that_grants_something_else(confirmed):
    ids = issue(confirmed[0])
    supersede(confirmed[1])
    event = db.session.get_one(Event, confirmed[0])
    again = make_list(event=event, revision=2, names=(*NAMES[:1], *reversed(NAMES[1:]))).id
    assert {service.state_of(certificate(one)) for one in ids} == {CertificateState.REVOKED}
    with transaction():
        awards.draw_up(db.session.get_one(Publication, again), **ACT)
    states = [service.state_of(certificate(one)).value for one in ids]
    assert states == ["valid", "revoked", "revoked", "valid", "valid", "valid", "revoked", "revoked"]
    todo = [one.name for one in service.planned(confirmed[0]).planned]
    assert sorted(todo) == sorted([NAMES[1], NAMES[2], NAMES[6], NAMES[7]])


def test_new_papers_after_a_changed_list_take_new_numbers_and_the_old_ones_stay_revoked(confirmed):
    ids = issue(confirmed[0])
    supersede(confirmed[1])
    event = db.session.get_one(Event, confirmed[0])
    again = make_list(event=event, revision=2, names=tuple(reversed(NAMES))).id
    with transaction():
        awards.draw_up(db.session.get_one(Publication, again), **ACT)
    fresh = issue(confirmed[0])
    assert {certificate(one).number for one in fresh} & {certificate(one).number for one in ids} == set()
    with pytest.raises(AwardGone), transaction():
        service.reissue(certificate(ids[0]), reason="x", base_url=URL, **ACT)


def test_a_revoked_title_makes_its_paper_read_revoked(confirmed):
    issue(confirmed[0])
    confer_titles(confirmed[1])
    ids = issue(confirmed[0])
    with transaction():
        awards.revoke(certificate(ids[0]).title, reason="弄虚作假", **ACT)
    assert [service.state_of(certificate(one)).value for one in ids] == ["revoked", "valid", "valid"]
    assert service.reason_of(certificate(ids[0])) == "弄虚作假"


def test_two_batches_at_the_same_moment_never_share_a_number(app, confirmed):
    holder_id = db.session.get_one(Event, confirmed[0]).sub_contest.edition.contest.holder_id
    db.session.rollback()
    pattern = numbers.pattern_of("T{year}-{serial:04}", {"year": 2026})
    given, errors = [], []

    def take(count):
        try:
            with app.app_context():
                for _ in range(5):
                    with transaction():
                        given.extend(numbers.allocate(holder_id, pattern, count))
                db.session.remove()
        except Exception as error:  # noqa: BLE001 - the test reports whatever a thread met
            errors.append(error)

    threads = [threading.Thread(target=take, args=(count,)) for count in (1, 2, 3, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(given) == [f"T2026-{serial:04d}" for serial in range(1, 5 * 13 + 1)]


def test_a_failed_batch_gives_its_numbers_back_unused(confirmed):
    holder_id = db.session.get_one(Event, confirmed[0]).sub_contest.edition.contest.holder_id
    pattern = numbers.pattern_of("T-{serial}", {})
    with pytest.raises(RuntimeError), transaction():
        numbers.allocate(holder_id, pattern, 5)
        raise RuntimeError("the database went away")
    with transaction():
        assert numbers.allocate(holder_id, pattern, 1) == ["T-1"]


def test_a_number_that_another_pattern_gave_is_refused(confirmed):
    issue(confirmed[0])
    holder_id = db.session.get_one(Event, confirmed[0]).sub_contest.edition.contest.holder_id
    other = numbers.pattern_of(
        "示工证〔{year}〕0000{serial}号".replace("0000{serial}", "{serial:05}"), {"year": 2026}
    )
    with transaction():
        db.session.execute(sa.update(NumberSequence).values(last=2))
    with pytest.raises(NumberTaken), transaction():
        numbers.allocate(holder_id, other, 1)


@pytest.mark.parametrize(
    "pattern",
    ["", "证书", "{serial}{serial}", "{name}{serial}", "A1{serial}", "{serial}2", "{year}{serial}", "{serial:99}", "{serial:0}", "{serial}{", "a\n{serial}"],
)  # fmt: skip
def test_a_pattern_that_could_collide_or_names_nothing_is_refused(pattern):
    with pytest.raises(NumberPatternBroken):
        numbers.pattern_of(pattern, {"year": 2026, "edition": 1})


def test_a_code_typed_from_paper_is_understood():
    assert numbers.typed_code(" 7k2m-9qxa 4trb—oil8 ") == "7K2M9QXA4TRB0118"
    assert numbers.shown_code("7K2M9QXA4TRB0118") == "7K2M-9QXA-4TRB-0118"


def test_the_printing_file_has_a_page_for_each_paper_in_delegation_order(confirmed):
    ids = issue(confirmed[0])
    service.make(ids)
    db.session.expire_all()
    rows = queries.certificates_for(SYSTEM, confirmed[0])
    papers, book = list(service.papers_of(rows)), io.BytesIO()
    assert service.merged(papers, title="获奖证书", into=book) == len(NAMES)
    pages = PdfReader(book).pages
    texts = [page.extract_text().replace(" ", "").replace("\n", "") for page in pages]
    # The builder gives the first name the last delegation.
    assert [next(name for name in NAMES if name in text) for text in texts] == list(reversed(NAMES))
    assert sum(len(one.content) for one in papers) > 3 * len(book.getvalue())


def zipped(papers, rule):
    out = io.BytesIO()
    service.zipped(papers, rule=rule, into=out)
    return out


def test_the_zip_names_each_paper_by_the_rule(confirmed):
    import zipfile

    ids = issue(confirmed[0])
    service.make(ids)
    db.session.expire_all()
    papers = list(service.papers_of(queries.with_ids(ids)))
    names = zipfile.ZipFile(zipped(papers, "delegation_number_name")).namelist()
    assert names == [f"示范第{i}代表队/示工证〔2026〕{i:05d}号_{name}.pdf" for i, name in enumerate(NAMES, 1)]
    assert zipped(papers, "name_number").getvalue() == zipped(papers, "name_number").getvalue()


def test_two_papers_of_one_name_get_two_files_in_the_zip():
    import zipfile

    from contest.certificates.printing import Paper

    twins = [Paper(f"证/{i}", "王伟", "", b"%PDF") for i in (1, 2)]
    names = zipfile.ZipFile(zipped(twins, "delegation_name")).namelist()
    assert names == ["—/王伟.pdf", "—/王伟_证_2.pdf"]


def test_issuing_and_settling_stand_in_the_log_and_the_chain_is_whole(confirmed):
    ids = issue(confirmed[0])
    with transaction():
        service.revoke(certificate(ids[0]), reason="误发", **ACT)
    contest_id = certificate(ids[0]).edition.contest_id
    lines = db.session.scalars(sa.select(audit.Change).where(audit.Change.contest_id == contest_id)).all()
    assert [(one.action, one.reason) for one in lines][-2:] == [
        ("certificates.issued", ""),
        ("certificate.revoked", "误发"),
    ]
    assert audit.broken_links(contest_id) == []


def test_the_public_learns_state_masked_name_award_and_date_only(confirmed):
    ids = issue(confirmed[0])
    code = certificate(ids[1]).verify_code
    assert checked(code) is None
    service.make(ids)
    shown = checked(numbers.shown_code(code).lower())
    assert (shown.state, shown.masked_name, shown.award, shown.dated) == (
        CertificateState.VALID, "才***玛", "银奖", "2026年11月20日",
    )  # fmt: skip
    assert checked("0" * 16) is None


def test_two_organisers_issuing_at_the_same_moment_issue_each_paper_once(app, confirmed):
    db.session.rollback()
    outcomes = []

    def go():
        with app.app_context():
            try:
                outcomes.append(len(issue(confirmed[0])))
            except NothingToIssue:
                outcomes.append(0)
            db.session.remove()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 0, len(NAMES)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == len(NAMES)
