"""What all pages of the rules editor share: the document being edited, its tabs, its problems with links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor
from contest.db import now, transaction
from contest.events import queries, scheme, service
from contest.events.forms.fields import is_chinese
from contest.events.models import Event, RuleDraft
from contest.events.views.door import crumbs_of
from contest.events.views.events import MAY, side
from contest.scoring.problems import Problem, RulesError
from contest.scoring.rules import RuleSet

EMPTY: dict[str, Any] = {"format": 1, "modules": [], "rankings": []}


@dataclass(frozen=True)
class Desk:
    """An event with the rules as they are being edited. `version` is the draft's, 0 while there is none."""

    event: Event
    document: dict[str, Any]
    draft: RuleDraft | None

    @property
    def version(self) -> int:
        return self.draft.version if self.draft else 0

    @property
    def is_blank(self) -> bool:
        """Whether nobody has begun with rules for this event."""
        return self.draft is None and self.event.rule_version is None


def desk_of(event_id: int, may: str = MAY) -> Desk:
    """The event and the rules being edited: the draft if there is one, else the version in force."""
    event = queries.event_for(current_actor(), event_id, may=may)
    draft = service.draft_of(event)
    if draft is not None:
        return Desk(event, dict(draft.document), draft)
    return Desk(event, dict(event.rule_version.document) if event.rule_version else dict(EMPTY), None)


def blank_rules(event: Event) -> dict[str, Any]:
    """Rules to fill in: no module, one ranking, the event's team sizes and groups."""
    overall = {
        "key": "overall",
        "title_zh": "总成绩",
        "title_en": "Overall",
        "order": ["total", "lot", "ruling"],
    }
    return {
        **EMPTY,
        "key": f"event-{event.id}",
        "title_zh": event.name,
        "groups": [group.name for group in event.groups],
        "members": {"minimum": event.members_min, "maximum": event.members_max},
        "rankings": [{**overall, "ties": "never"}],
    }


def context_of(desk: Desk, tab: str) -> dict[str, Any]:
    """What the templates of the editor are given."""
    return {
        **side(desk.event, "rules"),
        "desk": desk,
        "tabs": tabs_of(desk.event, tab),
        "problems": [] if desk.is_blank else told_problems(desk.event, desk.document),
        "crumbs": [*crumbs_of(desk.event), (_("Rules"), None)],
    }


def tabs_of(event: Event, current: str) -> list[dict[str, Any]]:
    """The views of one rule set."""
    labels = [
        ("rules", _("Marking scheme")),
        ("rules_frame", _("Frame and total")),
        ("rules_rankings", _("Rankings and awards")),
        ("rules_toml", _("As text")),
        ("rules_sheet", _("From a spreadsheet")),
        ("rules_versions", _("Versions")),
    ]
    return [
        {"label": label, "href": url_for(f"events.{name}", event_id=event.id), "current": name == current}
        for name, label in labels
    ]


def language() -> str:
    """The language of the scoring core's sentences."""
    return "zh" if is_chinese() else "en"


def told_problems(event: Event, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything wrong with the rules, in words, each with the page where it is mended."""
    return [
        {
            "severity": "blocker" if one.severity == "error" else "notice",
            "text": replace(one, path=place_in_words(document, one.path)).sentence(language()),
            "href": place_of(event, document, one),
        }
        for one in service.problems_of(document)
    ]


def place_in_words(document: Mapping[str, Any], path: str) -> str:
    """A path such as rankings.individual.awards.medals by the titles that people gave: 个人成绩 › 个人奖."""
    first, second = ("title_zh", "title_en") if is_chinese() else ("title_en", "title_zh")
    titles: dict[str, str] = {}
    pending: list[Any] = [document.get(name, []) for name in ("modules", "rounds", "rankings", "tables")]
    while pending:
        for one in pending.pop():
            titles[str(one.get("key"))] = str(one.get(first) or one.get(second) or one.get("key"))
            pending += [one.get("parts", []), one.get("awards", [])]
    steps = [titles.get(step, step) for step in path.split(".")]
    named = steps[1:] if len(steps) > 1 and steps[0] in ("modules", "rounds", "rankings", "tables") else steps
    return " › ".join(step for step in named if step not in ("parts", "awards"))


def place_of(event: Event, document: Mapping[str, Any], problem: Problem) -> str:
    """The page on which a problem is mended, from its path such as modules.practice.method."""
    steps = problem.path.split(".")
    known = set(scheme.keys(document))
    named = [step for step in steps if step in known]
    here = {"event_id": event.id}
    if steps[0] == "modules" and named:
        return url_for("events.part", **here, section="nodes", key=named[-1])
    if steps[0] in ("rankings", "rounds", "tables") and len(steps) > 1:
        if len(steps) > 3 and steps[2] == "awards":
            return url_for("events.part", **here, section="awards", within=steps[1], key=steps[3])
        if any(one.get("key") == steps[1] for one in document.get(steps[0], [])):
            return url_for("events.part", **here, section=steps[0], key=steps[1])
    if steps[0] == "rankings":
        return url_for("events.rules_rankings", **here)
    return url_for(
        "events.rules_frame" if steps[0] in ("total", "members", "decimals") else "events.rules", **here
    )


def keep(
    event_id: int,
    change: Callable[[dict[str, Any]], Mapping[str, Any]],
    *,
    version: int,
    what: str,
    preset: str = "",
) -> None:
    """Change the document in a transaction and keep it as the draft. Raises Stale, RulesError for an unreadable one."""
    with transaction():
        desk = desk_of(event_id)
        document = canonical(change(desk.document))
        service.problems_of(document)  # What the checks can't look through must not become the draft.
        service.put_draft(
            desk.event, document, version=version, actor=current_actor(), at=now(), what=what, preset=preset
        )


def canonical(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with exact numbers and without defaults. Raises RulesError naming what can't be read."""
    return RuleSet.from_dict(document).to_dict()


def read_errors(error: RulesError) -> list[str]:
    """The sentences of a document that can't be read."""
    return [problem.sentence(language()) for problem in error.problems]
