"""The column `run` becomes `attempt`."""

import csv


def adapt(folder, out):
    """Rename the run; a run without marks keeps its empty rows."""
    with (folder / "input.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{**row, "attempt": row["run"]} for row in csv.DictReader(stream)]
    columns = ("event", "entry", "country", "attempt", "judge", "mark")
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
