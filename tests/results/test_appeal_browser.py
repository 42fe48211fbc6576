"""The whole path with one upheld appeal that swaps gold and silver, in a real browser; and the papers follow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contest.awards import service as awards
from contest.certificates import service as certificates
from contest.certificates.models import Certificate, CertificateState
from contest.certificates.states import state_of
from contest.db import db, transaction
from contest.results import queries
from contest.results.models import Appeal, AppealState, ListState, Publication
from tests.browsers import in_chromium
from tests.results.builders import NOON, advanced, fill, make_field, published
from tests.results.test_corrections import applied, proposed, re_mark
from tests.results.test_results_browser import Office

MARKS = [(38, 50, 80), (36, 50, 80), (30, 40, 70), (20, 40, 70)]
pytestmark = in_chromium
PICTURES = os.environ.get("PICTURES", "")


def gold_and_silver(publication_id: int) -> list[str]:
    rows = queries.rows_for(db.session.get_one(Publication, publication_id))
    return [row.data["number"] for row in rows[:2]]


def sent(page, action: str) -> None:
    page.click(f"main form[action$='{action}'] button:not([type=button])")
    page.wait_for_load_state()


@pytest.mark.parametrize("size,locale", [("desk", "zh-CN"), ("telephone", "en")])
def test_an_upheld_appeal_swaps_gold_and_silver(app, chromium, address, size, locale, tmp_path):
    made = make_field()
    fill(made, MARKS)
    from contest.db import now

    one = published(made, at=now())
    assert gold_and_silver(one) == ["001", "002"]
    pictures = Path(PICTURES) if PICTURES else tmp_path
    office = Office(app, chromium, address, made, size, locale)

    def picture(page, name):
        page.screenshot(path=pictures / f"{size}-{name}.png", full_page=True)

    page = office.open("organiser", f"/publications/{one}/appeal")
    page.select_option("select[name=entry_id]", label="002")
    page.select_option("select[name=subject]", "marking")
    page.fill("textarea[name=text]", "拉制评分点漏记 3 分，请核对原始评分表")
    page.set_input_files(
        "input[name=evidence]",
        {"name": "评分表.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n picture"},
    )
    picture(page, "1-filing")
    page.click("main form .form-actions button")
    page.wait_for_url("**/appeals/*")
    appeal = page.url.removeprefix(address)

    page = office.open("supervisor", appeal)
    sent(page, "/acknowledge")
    page.check("input[name=verdict][value=upheld]")
    page.fill("textarea[name=decision]", "经核对原始评分表，漏记 3 分，申诉成立")
    picture(page, "2-deciding")
    page.click("main form[action$='/decide'] .form-actions button")
    page.wait_for_load_state()
    office.fits(page)

    page = office.open("chief", appeal)
    page.click("main a[href*='/corrections/new']")
    page.select_option("select[name=effect]", "re_mark")
    page.click("main form .form-actions button")
    page.wait_for_selector("input[name^=mark-]")
    office.fits(page)
    page.fill("input[name^=mark-][name*='-pull-']", "53")
    page.fill("textarea[name=reason]", "申诉成立：拉制补记 3 分")
    picture(page, "3-proposing")
    page.click("main form .form-actions button")
    page.wait_for_url("**/corrections/*")
    correction = page.url.removeprefix(address)

    page = office.open("supervisor", correction)
    picture(page, "4-preview")
    told = page.inner_text("main")
    assert "2 → 1" in told and "1 → 2" in told
    sent(page, "/apply")
    page = office.open("supervisor", f"/events/{made.event_id}/results")
    sent(page, "/check")

    page = office.open("organiser", f"/events/{made.event_id}/results")
    page.click("main details.card summary") if page.locator("main details.card:not([open])").count() else None
    page.fill("textarea[name=note]", "申诉成立，002 号拉制补记 3 分")
    page.click("main form[action$='/publish'] .form-actions button")
    page.wait_for_url("**/publications/*")
    office.fits(page)
    picture(page, "5-amended")
    two = int(page.url.rpartition("/")[2])
    page = office.open("organiser", f"/lists/{two}")
    picture(page, "6-public")
    assert "2 → 1" in page.inner_text("main")
    office.close()
    db.session.rollback()
    assert gold_and_silver(two) == ["002", "001"]
    assert db.session.query(Appeal).one().state is AppealState.UPHELD
    assert office.problems == []


def papers(made, publication_id) -> dict[str, Certificate]:
    """Prizes drawn up and certificates issued; by the name on them."""
    organiser = made.actor("organiser")
    with transaction():
        awards.draw_up(db.session.get_one(Publication, publication_id), actor=organiser, at=NOON)
    with transaction():
        found = certificates.issue(
            made.event, base_url="http://localhost", dated_on=NOON.date(), actor=organiser, at=NOON
        )
        return {f"{one.award.key} {one.award.name}": one for one in found}


def test_after_a_correction_the_papers_of_the_swapped_places_are_revoked_and_the_third_stays(app):
    made = make_field()
    fill(made, MARKS)
    one = published(made)
    advanced(made, one, ListState.FINAL)
    first = {key: paper.id for key, paper in papers(made, one).items()}
    assert len(first) == 3
    applied(made, proposed(made, 1, re_mark(made, 1, "pull", 53_000)))
    two = published(made, note="002 号拉制补记 3 分")
    advanced(made, two, ListState.FINAL)
    second = papers(made, two)
    states = {key: state_of(db.session.get_one(Certificate, paper_id)) for key, paper_id in first.items()}
    revoked = {key.partition(" ")[0] for key, state in states.items() if state is CertificateState.REVOKED}
    assert revoked == {"gold", "silver"}
    assert {key.partition(" ")[0] for key in second} == {"gold", "silver"}
    assert {state_of(paper) for paper in second.values()} == {CertificateState.VALID}
    assert not set(first) & set(second)
