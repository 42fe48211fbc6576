"""Judges' pages in three lights, two languages and at twice the text: no violation, nothing out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from contest.db import db
from contest.judging.models import Sheet
from tests.browsers import device, on_a_device
from tests.judging.builders import make_hall
from tests.judging.test_tablet_browser import open_sheet, sign_in

pytestmark = on_a_device
AXE = Path(__file__).parent.parent / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def hall(app):
    return make_hall(entries=2, judges=2)


def pages_of(hall) -> list[str]:
    """Every page that a judge marking the first sheet opens."""
    db.session.rollback()
    sheet = hall.sheets()[0]
    public_id = db.session.scalar(sa.select(Sheet.public_id).where(Sheet.id == sheet.id))
    aspect = hall.event.aspects[0].key
    return [
        "/judge/",
        f"/judge/sheets/{public_id}",
        f"/judge/sheets/{public_id}/across/{aspect}",
        f"/judge/sheets/{public_id}/submit",
        "/judge/check",
        "/judge/offline",
    ]


def violations(page) -> set[tuple[str, str]]:
    """Rules of axe-core that the open page breaks, each with its first place."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        """async (tags) => (await axe.run(document, {runOnly: {type: "tag", values: tags}})).violations
            .map((one) => [one.id, one.nodes[0].html.slice(0, 200)])""",
        RULES,
    )
    return {(rule, place) for rule, place in found}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_no_page_of_a_judge_breaks_a_rule_of_accessibility(address, chromium, hall, language, theme):
    context = device(chromium, language=language, bypass_csp=True)
    page = context.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    page.goto(f"{address}/judge/")
    page.click(f"button[name=theme][value={theme}]")
    broken = {}
    for path in pages_of(hall):
        page.goto(address + path)
        found = violations(page)
        if found:
            broken[path] = found
    context.close()
    assert broken == {}, broken


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_twice_the_text_loses_nothing(address, chromium, hall, size):
    context = device(chromium, size=size, bypass_csp=True)
    page = context.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    outside = {}
    for path in pages_of(hall):
        page.goto(address + path)
        page.add_style_tag(content="html { font-size: 200% !important; }")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = page.evaluate(
            """() => [...document.querySelectorAll("button, a, input, select, textarea, p, li, h1, h2, td, th, label")]
                .filter((one) => {
                    const box = one.getBoundingClientRect();
                    const scrolls = one.closest(".table-wrap, [data-scrolls]");
                    return box.width > 1 && box.height > 1 && !scrolls && !one.closest(".skip")
                        && (box.right > window.innerWidth + 1 || box.left < -1);
                })
                .map((one) => one.outerHTML.slice(0, 160))"""
        )
        if found:
            outside[path] = found
    context.close()
    assert outside == {}, outside
