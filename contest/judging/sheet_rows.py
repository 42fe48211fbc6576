"""A sheet as rows of plain values: what the tablet page, the desk page and the printed sheet are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import uuid4

from contest.judging.bands import reached
from contest.judging.beside import PhotoLine
from contest.judging.models import MarkState
from contest.judging.scheme import AspectView
from contest.judging.shown import MarkView, SheetLine, SheetView
from contest.judging.typed import shown


@dataclass(frozen=True)
class Button:
    """One choice of a row: what it sends, its figure, and the words beside it."""

    value: str
    figure: str
    words: str
    is_chosen: bool
    points: str = ""


@dataclass(frozen=True)
class BandLine:
    """One row of the table beside a field: its kind (`bands.Band`), the numbers in it, its points, whether it is reached.

    low, high: the ends in thousandths for the script, empty where there is none.
    """

    kind: str
    edge: str
    low: str
    high: str
    low_milli: str
    high_milli: str
    points: str
    is_reached: bool


@dataclass(frozen=True)
class Row:
    """One field of a sheet. state: none, value, absent, void; `value` as it is shown, `typed` as it was typed last.

    before: uuid of the mark that stands. fresh: an id for the next one, for browsers without scripts.
    """

    number: int
    aspect: AspectView
    attempt: int
    title: str
    heading: str
    opens_heading: bool
    maximum: str
    low: str
    high: str
    step: str
    state: str
    value: str
    typed: str
    before: str
    fresh: str
    comment: str
    buttons: tuple[Button, ...]
    points: str
    error: str = ""
    line: SheetLine | None = None
    photos: tuple[PhotoLine, ...] = ()
    presses: tuple[dict[str, object], ...] = ()
    is_across: bool = False
    bands: tuple[BandLine, ...] = ()

    @property
    def name(self) -> str:
        """The stem of the row's field names; where several sheets stand on a page, with the sheet before it."""
        own = f"{self.aspect.key}.{self.attempt}"
        return f"{self.line.public_id}.{own}" if self.is_across and self.line else own


def row_of(rows: list[Row], aspect: str, attempt: int) -> Row | None:
    """The row of a place; None for the whole sheet."""
    return next((row for row in rows if (row.aspect.key, row.attempt) == (aspect, attempt)), None)


def rows_across(views: list[SheetView], aspect_key: str, locale: str) -> list[Row]:
    """One aspect of several sheets, in their order: a row for each sheet and attempt."""
    found = []
    for view in views:
        for row in rows_of(view, locale):
            if row.aspect.key == aspect_key:
                found.append(replace(row, number=len(found) + 1, opens_heading=False, is_across=True))
    return found


def rows_of(
    view: SheetView,
    locale: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows of a sheet in its order. `typed` and `errors`, by row name, come back from a refused form."""
    rows: list[Row] = []
    heading = ""
    for aspect in view.aspects:
        for attempt in range(1, aspect.attempts + 1):
            name = f"{aspect.key}.{attempt}"
            rows.append(
                _row(
                    len(rows) + 1,
                    aspect,
                    attempt,
                    view.marks.get((aspect.key, attempt)),
                    locale,
                    opens_heading=aspect.heading(locale) != heading and bool(aspect.heading(locale)),
                    typed=(typed or {}).get(name),
                    error=(errors or {}).get(name, ""),
                    view=view,
                )
            )
            heading = aspect.heading(locale)
    return rows


def _row(
    number: int,
    aspect: AspectView,
    attempt: int,
    mark: MarkView | None,
    locale: str,
    *,
    opens_heading: bool,
    typed: str | None,
    error: str,
    view: SheetView,
) -> Row:
    place = (aspect.key, attempt)
    value = shown(mark.milli) if mark and mark.milli is not None else ""
    return Row(
        number=number,
        aspect=aspect,
        attempt=attempt,
        title=aspect.title(locale),
        heading=aspect.heading(locale),
        opens_heading=opens_heading,
        maximum=shown(aspect.maximum) if aspect.maximum is not None else "",
        low=_bound(aspect.limits.low),
        high=_bound(aspect.limits.high),
        step=shown(aspect.limits.step) if aspect.limits.step else "",
        state=mark.state.value if mark else "none",
        value=value,
        typed=value if typed is None else typed,
        before=mark.uuid if mark else "",
        fresh=str(uuid4()),
        comment=view.comments.get(place, ""),
        buttons=_buttons(aspect, mark, locale),
        points=points_text(aspect, mark),
        error=error,
        line=view.line,
        photos=tuple(one for one in view.photos if (one.aspect, one.attempt) == place),
        presses=tuple(view.presses.get(f"{aspect.key}.{attempt}", ())),
        bands=_bands(aspect, mark),
    )


def _bands(aspect: AspectView, mark: MarkView | None) -> tuple[BandLine, ...]:
    stands = reached(aspect.bands, mark.milli if mark else None)
    return tuple(
        BandLine(
            kind=band.kind,
            edge=_plain(band.edge),
            low=shown(band.low) if band.low is not None else "",
            high=shown(band.high) if band.high is not None else "",
            low_milli="" if band.low is None else str(band.low),
            high_milli="" if band.high is None else str(band.high),
            points="" if band.points is None else _plain(band.points),
            is_reached=band is stands,
        )
        for band in aspect.bands
    )


def _plain(value: Fraction) -> str:
    """A number of the rules as people write it, to the thousandth."""
    return shown(round(value * 1000))


def _bound(milli: int | None) -> str:
    return shown(milli) if milli is not None and abs(milli) < 1_000_000_000 else ""


def _buttons(aspect: AspectView, mark: MarkView | None, locale: str) -> tuple[Button, ...]:
    return tuple(
        Button(
            value=shown(choice.milli),
            figure=shown(choice.milli) if aspect.kind == "judgement" else "",
            words=(choice.title_en or choice.title_zh)
            if locale == "en"
            else (choice.title_zh or choice.title_en),
            is_chosen=mark is not None and mark.milli == choice.milli,
            points=_two(points(aspect, choice.milli)) if aspect.slope is not None else "",
        )
        for choice in aspect.choices
    )


def points_text(aspect: AspectView, mark: MarkView | None) -> str:
    """The points of a mark before weights, at most two decimals; empty where a formula or the field decides."""
    if mark is None or mark.milli is None:
        return ""
    if aspect.slope is not None:
        return _two(points(aspect, mark.milli))
    band = reached(aspect.bands, mark.milli)
    return _two(band.points * 1000) if band and band.points is not None else ""


def points(aspect: AspectView, milli: int) -> Fraction:
    """Points of a mark in thousandths, before weights; a deduction never goes below 0."""
    value = Fraction(aspect.base) + (aspect.slope or Fraction(0)) * milli
    return max(Fraction(0), value) if aspect.kind == "deduction" else value


def running_sum(view: SheetView) -> str:
    """The sum of the points so far, before weights: a help for the judge, never a result."""
    found = [
        points(aspect, mark.milli)
        for aspect in view.aspects
        for attempt in range(1, aspect.attempts + 1)
        if (mark := view.marks.get((aspect.key, attempt)))
        and mark.state is MarkState.VALUE
        and mark.milli is not None
        and aspect.slope is not None
    ]
    return _two(sum(found, Fraction(0)))


def full_sum(view: SheetView) -> str:
    """The sum of the allotted points, attempts and optional aspects counted once."""
    return _two(
        sum(
            (
                Fraction(one.maximum or 0)
                for one in view.aspects
                if one.slope is not None and not one.is_optional
            ),
            Fraction(0),
        )
    )


def _two(thousandths: Fraction) -> str:
    hundredths = round(thousandths / 10)
    return shown(hundredths * 10)
