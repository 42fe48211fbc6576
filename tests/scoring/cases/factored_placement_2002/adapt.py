"""The columns `segment` and `place` become `module` and `mark`; the weights stand in the scheme."""

import csv


def adapt(folder, out):
    """Rename two columns."""
    with (folder / "input.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{**row, "module": row["segment"], "mark": row["place"]} for row in csv.DictReader(stream)]
    columns = ("event", "entry", "module", "mark")
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
