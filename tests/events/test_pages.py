"""Pages of the contest set-up, as people use them."""

import pytest

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.db import db, now, transaction
from contest.events import service
from contest.events.models import Event
from tests.builders import make_account

PAGES = (
    "/contests",
    "/contests/{contest}",
    "/contests/{contest}/edit",
    "/contests/{contest}/editions/new",
    "/editions/{edition}/setup",
    "/editions/{edition}/edit",
    "/editions/{edition}/people",
    "/editions/{edition}/sub-contests/new",
    "/sub-contests/{sub}",
    "/sub-contests/{sub}/edit",
    "/sub-contests/{sub}/hosts",
    "/sub-contests/{sub}/events/new",
    "/events/{event}/setup",
    "/events/{event}/edit",
    "/events/{event}/groups",
    "/events/{event}/dry-run",
    "/events/{event}/rules",
    "/events/{event}/rules/frame",
    "/events/{event}/rules/rankings",
    "/events/{event}/rules/text",
    "/events/{event}/rules/spreadsheet",
    "/events/{event}/rules/versions",
    "/occupations?q=焊工",
)


def addresses(event: Event) -> list[str]:
    sub = event.sub_contest
    ids = {"contest": sub.edition.contest_id, "edition": sub.edition_id, "sub": sub.id, "event": event.id}
    return [page.format(**ids) for page in PAGES]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_for_the_organiser(office, event, locale):
    for address in addresses(event):
        office.get(f"{address}{'&' if '?' in address else '?'}lang={locale}")


def test_every_page_opens_with_rules_in_force_too(office, event):
    event_id = event.id
    with transaction():
        service.adopt_preset(db.session.get_one(Event, event_id), preset="ramen", actor=SYSTEM, at=now())
    for address in addresses(db.session.get_one(Event, event_id)):
        office.get(address)
    rules = f"/events/{event_id}/rules"
    for section, key in (
        ("nodes", "theory"),
        ("nodes", "dough"),
        ("rankings", "individual"),
        ("tables", "delegations"),
    ):
        office.get(f"{rules}/{section}/edit?key={key}")
    office.get(f"{rules}/awards/edit?key=medals&within=individual")
    for section in ("general", "team", "total"):
        office.get(f"{rules}/{section}/edit")


def test_a_stranger_finds_nothing_behind_these_addresses(event, browser_of):
    other = make_account("钱外人", (Role.ORGANISER, ScopeKind.CONTEST, 999), contest_id=999)
    browser = browser_of(other)
    for address in addresses(event):
        if address not in ("/contests", "/occupations?q=焊工"):
            browser.get(address, status=404)
