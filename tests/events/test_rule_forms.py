"""The generated forms of the rules: what they show is what they send, for every shipped rule set."""

import pytest

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.events import service
from contest.events.models import Event
from contest.scoring import presets
from contest.scoring.rules import RuleSet
from tests.events.pages import filled


def adopt(event_id: int, preset: str) -> None:
    with transaction():
        service.adopt_preset(db.session.get_one(Event, event_id), preset=preset, actor=SYSTEM, at=now())


def document(event_id: int) -> dict:
    db.session.rollback()
    event = db.session.get_one(Event, event_id)
    draft = service.draft_of(event)
    return dict(draft.document if draft else event.rule_version.document)


def differing(before, after, path="") -> list[str]:
    """Where two documents differ, for a message that can be read."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted(before.keys() | after.keys())
        return [
            line for name in names for line in differing(before.get(name), after.get(name), f"{path}.{name}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            line
            for at, pair in enumerate(zip(before, after, strict=True))
            for line in differing(*pair, f"{path}.{at}")
        ]
    return [] if before == after else [f"{path}: {before!r} -> {after!r}"]


def parts_of(rules: RuleSet):
    """Address parts of every form of a rule set."""
    for module in rules.modules:
        for node in module.walk():
            yield f"nodes/edit?key={node.key}", "title_zh"
    for one in rules.rounds:
        yield f"rounds/edit?key={one.key}", "title_zh"
        yield f"advance/edit?key={one.key}", "first"
    for ranking in rules.rankings:
        yield f"rankings/edit?key={ranking.key}", "title_zh"
        for award in ranking.awards:
            yield f"awards/edit?key={award['key']}&within={ranking.key}", "title_zh"
    for table in rules.tables:
        yield f"tables/edit?key={table['key']}", "title_zh"
    yield "general/edit", "title_zh"
    yield "team/edit", "minimum"
    yield "total/edit", "gate"


@pytest.mark.parametrize("preset", presets.names())
def test_saving_every_form_as_it_opens_changes_nothing(office, event, preset):
    adopt(event.id, preset)
    before = document(event.id)
    for address, field in parts_of(presets.load(preset)):
        url = f"/events/{event.id}/rules/{address}"
        sent = filled(office.get(url), field)
        office.post(url, sent)
        assert differing(before, document(event.id)) == [], address
