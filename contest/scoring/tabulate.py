"""`contest tabulate SCHEME.toml MARKS.csv [--out DIR]`: recompute a result from tidy files, without a database.

The only module of the scoring core that reads and writes files. The format is described in docs/scoring.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from contest.scoring.checks import validate
from contest.scoring.problems import Problem, RulesError
from contest.scoring.rules import RuleSet

BAD_INPUT = 2
"""Exit code when the scheme or a row cannot be used; nothing is computed then."""
MOST_LISTED = 200
"""So many bad rows are printed; with --out all of them are in bad_rows.csv."""
NOT_UTF8 = {
    "en": "A file is not UTF-8; save it again as “CSV UTF-8”.",
    "zh": "文件不是 UTF-8 编码；请另存为“CSV UTF-8”。",
}
LINES = {
    "en": ("line {}, column {}, value “{}”: {}\n", "… and {} more bad rows\n"),
    "zh": ("第 {} 行，列 {}，值“{}”：{}\n", "……还有 {} 行有误\n"),
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def register(subparsers: Any) -> None:
    """Add the sub-command; its function takes the arguments and returns an exit code."""
    parser = subparsers.add_parser("tabulate", help="compute rankings from a scheme and a file of marks")
    _arguments(parser)
    parser.set_defaults(run=run, needs_app=False)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scheme", type=Path, metavar="SCHEME.toml", help="the rule set")
    parser.add_argument("marks", type=Path, metavar="MARKS.csv", help="one mark a row, UTF-8")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write all files there instead of printing the ranking"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of messages")
    parser.add_argument("--judges", action="store_true", help="with --out: also write judges.csv")
    parser.add_argument("--explain", metavar="SUBJECT", help="print how this subject's totals came about")


def main(arguments: list[str] | None = None) -> int:
    """Run as `python -m contest.scoring.tabulate`."""
    parser = argparse.ArgumentParser(prog="tabulate", description=__doc__)
    _arguments(parser)
    return run(parser.parse_args(arguments))


def run(args: argparse.Namespace) -> int:
    """Read, check, compute, write. Returns 0, or 2 with every reason on standard error."""
    from contest.scoring import tidy  # pandas is only loaded when a file is read

    try:
        rules = RuleSet.from_toml(args.scheme.read_text(encoding="utf-8-sig"))
        table = read_table(args.marks)
    except RulesError as error:
        return _refuse_rules(error.problems, args.lang)
    except UnicodeDecodeError as error:
        sys.stderr.write(f"{error}\n{NOT_UTF8[args.lang]}\n")
        return BAD_INPUT
    except (OSError, csv.Error) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    problems = [problem for problem in validate(rules) if problem.severity == "error"]
    if problems:
        return _refuse_rules(problems, args.lang)
    try:
        events = tidy.events(rules, table)
    except RulesError as error:
        return _refuse_rules(error.problems, args.lang)
    for event in events:
        found = (
            [problem for problem in validate(event.rules) if problem.severity == "error"]
            if rules.variants
            else []
        )
        if found:
            return _refuse_rules(found, args.lang)
    if table.bad:
        return _refuse_rows(table.bad, args.out, args.lang)
    return _compute(rules, events, args)


def read_table(path: Path) -> Any:
    """The rows of a CSV file (UTF-8, with or without a byte order mark) by column. Raises OSError, csv.Error."""
    from contest.scoring import tidy

    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = next(reader, [])
        rows, lines = [], []
        line = reader.line_num
        for row in reader:
            rows.append(row)
            lines.append(line + 1)
            line = reader.line_num
    return tidy.table(rows, lines, header)


def _refuse_rules(problems: Iterable[Problem], language: str) -> int:
    for problem in problems:
        sys.stderr.write(f"{problem.sentence(language)}\n")
    return BAD_INPUT


def _refuse_rows(bad: list[Any], out: Path | None, language: str) -> int:
    from contest.scoring.tidy_words import reason_in

    line = LINES[language]
    rows = sorted(bad, key=lambda row: (row.line, row.column, row.reason))
    for row in rows[:MOST_LISTED]:
        sys.stderr.write(line[0].format(row.line, row.column, row.value, reason_in(row.reason, language)))
    if len(rows) > MOST_LISTED:
        sys.stderr.write(line[1].format(len(rows) - MOST_LISTED))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        lines = [(str(row.line), row.column, row.value, reason_in(row.reason, language)) for row in rows]
        write_csv(out / "bad_rows.csv", ("line", "column", "value", "reason"), lines)
    return BAD_INPUT


def _compute(rules: RuleSet, events: list[Any], args: argparse.Namespace) -> int:
    from contest.scoring import reports
    from contest.scoring.compute import compute
    from contest.scoring.honours import honours, ranked_fields
    from contest.scoring.honours_rows import titles_of

    outcomes = [(event, compute(event.rules, event.field)) for event in events]
    fields = [
        one
        for event, outcome in outcomes
        for one in ranked_fields(event.name, event.rules, event.field, outcome)
    ]
    given = honours(fields, rules.tables, rules.overall)
    ranking = [
        line for event, outcome in outcomes for line in reports.ranking_lines(event.name, outcome, given)
    ]
    problems = [
        line
        for event, outcome in outcomes
        for line in reports.problem_lines(event.name, (*event.problems, *outcome.problems))
    ]
    for line in problems:
        sys.stderr.write(
            f"{line[1]}: {line[0]}{': ' if line[0] else ''}{line[4 if args.lang == 'en' else 5]}\n"
        )
    if args.out is None:
        sys.stdout.write(csv_text(reports.RANKING, ranking))
    else:
        _write_all(args.out, outcomes, given, ranking, problems, titles_of(rules))
        if args.judges:
            _write_judges(args.out, events)
    if args.explain:
        _explain(outcomes, args)
    return 0


def _write_all(
    out: Path, outcomes: list[Any], given: Any, ranking: list[Any], problems: list[Any], titles: Any
) -> None:
    from contest.scoring import honours_rows, reports

    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "ranking.csv", reports.RANKING, ranking)
    rounds = (line for event, outcome in outcomes for line in reports.round_lines(event.name, outcome))
    write_csv(out / "rounds.csv", reports.ROUNDS, rounds)
    aspects = (
        line for event, outcome in outcomes for line in reports.aspect_lines(event.name, outcome, event.field)
    )
    write_csv(out / "aspects.csv", reports.ASPECTS, aspects)
    write_csv(out / "awards.csv", honours_rows.AWARDS_HEADER, honours_rows.award_rows(given, titles))
    header, rows = honours_rows.table_rows(given)
    write_csv(out / "tables.csv", header, rows)
    write_csv(out / "problems.csv", reports.PROBLEMS, problems)


def _write_judges(out: Path, events: list[Any]) -> None:
    from contest.scoring.panel import HEADER, panel_rows, panels_of

    panels = ((event.name, panel) for event in events for panel in panels_of(event.rules, event.field))
    rows = (row for name, panel in panels for row in panel_rows(name, panel))
    write_csv(out / "judges.csv", HEADER, rows)


def _explain(outcomes: list[Any], args: argparse.Namespace) -> None:
    for _, outcome in outcomes:
        for key, standing in outcome.rankings.items():
            if any(row.subject == args.explain for row in standing.rows):
                sys.stdout.write(outcome.explain(key, args.explain).text(args.lang) + "\n")


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A UTF-8 file with \\n line ends; cells that a spreadsheet would take for a formula are made text."""
    path.write_text(csv_text(header, rows), encoding="utf-8", newline="")


def csv_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A header and rows as CSV text."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(_neutral(row) for row in rows)
    return stream.getvalue()


def _neutral(row: Iterable[str]) -> Iterator[str]:
    for cell in row:
        yield f"'{cell}" if cell.startswith(FORMULA_STARTS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).isdigit()


if __name__ == "__main__":
    sys.exit(main())
