"""The skill's number is the event, the member the delegation, the score the mark."""

import csv


def adapt(folder, out):
    """Rename the columns."""
    with (
        (folder / "input.csv").open(encoding="utf-8", newline="") as stream,
        out.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(("event", "entry", "delegation", "kind", "mark"))
        for row in csv.DictReader(stream):
            writer.writerow((row["skill_no"], row["entry"], row["member"], row["kind"], row["score_500"]))
