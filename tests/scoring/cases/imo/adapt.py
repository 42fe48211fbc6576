"""One row a contestant becomes one row a mark; the year is the event, and year and country name a line of the tables.

Contestants whom the official list shows without a rank (1992) are marked as not listed.
"""

import csv
import gzip


def adapt(folder, out):
    """Turn p1 … p6 into rows."""
    with gzip.open(folder / "expected.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        unlisted = {row["entry"] for row in csv.DictReader(stream) if not row["official_rank"]}
    with (
        gzip.open(folder / "input.csv.gz", "rt", encoding="utf-8", newline="") as stream,
        out.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(("event", "entry", "country", "country_of_year", "listed", "aspect", "mark"))
        for row in csv.DictReader(stream):
            listed = "no" if row["entry"] in unlisted else "yes"
            contestant = (
                row["year"],
                row["entry"],
                row["country"],
                f"{row['year']} {row['country']}",
                listed,
            )
            for problem in ("p1", "p2", "p3", "p4", "p5", "p6"):
                writer.writerow((*contestant, problem, row[problem]))
