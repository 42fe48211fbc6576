"""Gold, Silver, Bronze become the marks 1, 2, 3; one person may win two medals in an event, so each row is an entry."""

import csv

PLACES = {"Gold": 1, "Silver": 2, "Bronze": 3}


def adapt(folder, out):
    """Rename the columns."""
    with (
        (folder / "input.csv").open(encoding="utf-8", newline="") as stream,
        out.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(("event", "entry", "delegation", "mark"))
        for number, row in enumerate(csv.DictReader(stream)):
            writer.writerow(
                (row["event"], f"{row['entry']} ({number})", row["country"], PLACES[row["medal"]])
            )
