"""An independent second reading of published results: plain Python, no code of the product, nothing but csv files.

Each function takes the published marks of a folder and returns its own list; a test holds it against both the
published list and the product's. Run by itself it prints the three lists:

    python tests/scoring/second_reading.py tests/scoring/cases
"""

import csv
import gzip
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path


def read(path):
    """The rows of a csv file, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def with_ranks(results, better_first):
    """[(name, result)] → [(name, result, rank)], equal results sharing the better rank (1, 2, 2, 4)."""
    ordered = sorted(results, key=lambda pair: better_first(pair[1]))
    ranked = []
    for name, result in ordered:
        better = sum(1 for _, other in results if better_first(other) < better_first(result))
        ranked.append((name, result, better + 1))
    return ranked


def diving(folder):
    """Six dives: of seven marks the two highest and two lowest dropped, the rest added, times difficulty."""
    dives = {}
    for row in read(folder / "diving_paris2024" / "input.csv"):
        place = row["entry"], row["round"], row["difficulty"]
        dives.setdefault(place, []).append(Decimal(row["mark"]))
    totals = {}
    for (name, _, difficulty), marks in dives.items():
        marks.sort()
        totals[name] = totals.get(name, Decimal(0)) + (marks[2] + marks[3] + marks[4]) * Decimal(difficulty)
    return with_ranks(list(totals.items()), lambda total: -total)


def olympiad(folder, year):
    """One year of the olympiad: sum of six problems; contestants without an official rank occupy no place."""
    listed = {row["entry"] for row in read(folder / "imo" / "expected.csv.gz") if row["official_rank"]}
    results = []
    for row in read(folder / "imo" / "input.csv.gz"):
        if row["year"] == year and row["entry"] in listed:
            results.append((row["entry"], sum(int(row[f"p{number}"]) for number in range(1, 7))))
    ahead = {}
    for _, total in results:
        ahead[total] = ahead.get(total, 0) + 1
    rank, place = {}, 1
    for total in sorted(ahead, reverse=True):
        rank[total] = place
        place += ahead[total]
    return [(name, total, rank[total]) for name, total in results]


def cubes(folder, competition, round_):
    """A round of five solves: best and worst dropped, mean of three, ranked by it and then by the best single."""
    solves = {}
    for row in read(folder / "wca_results" / "input.csv.gz"):
        if (row["competition"], row["round"]) == (competition, round_):
            solves.setdefault(row["entry"], []).append(int(row["result"]))
    never = 10**9
    results = []
    for name, times in solves.items():
        made = sorted(time for time in times if time > 0)
        bad = sum(1 for time in times if time < 0)
        whole = len(made) + bad == 5 and bad <= 1
        average = never
        if whole:
            middle = (made + [never] * bad)[1:4]
            average = int((Decimal(sum(middle)) / 3).quantize(Decimal(1), ROUND_HALF_UP))
        results.append((name, (average, made[0] if made else never)))
    return [
        (name, tuple(-1 if time == never else time for time in result), rank)
        for name, result, rank in with_ranks(results, lambda result: result)
    ]


def main():
    """Print the lists."""
    folder = Path(sys.argv[1])
    for title, lines in (
        ("Diving, Paris 2024", diving(folder)),
        ("Mathematical olympiad 2024", olympiad(folder, "2024")),
        ("3x3x3, Australian Nationals 2022, first round", cubes(folder, "AustralianNationals2022", "333-r1")),
    ):
        sys.stdout.write(f"{title}\n")
        for name, result, rank in lines:
            sys.stdout.write(f"{rank:>4} {name} {result}\n")


if __name__ == "__main__":
    main()
