"""competition/round becomes the event, `result` the mark; -1 and -2 are DNF and DNS, 0 is an attempt not made."""

import csv
import gzip

WORDS = {"-1": "DNF", "-2": "DNS", "0": ""}


def adapt(folder, out):
    """Join the format of each round to its rows."""
    with (folder / "rounds.csv").open(encoding="utf-8", newline="") as stream:
        formats = {(row["competition"], row["round"]): row["format"] for row in csv.DictReader(stream)}
    with (
        gzip.open(folder / "input.csv.gz", "rt", encoding="utf-8", newline="") as stream,
        out.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(("event", "format", "entry", "attempt", "mark"))
        for row in csv.DictReader(stream):
            event = f"{row['competition']}/{row['round']}"
            mark = WORDS.get(row["result"], row["result"])
            writer.writerow(
                (event, formats[row["competition"], row["round"]], row["entry"], row["attempt"], mark)
            )
