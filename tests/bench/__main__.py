"""`make bench`: every file of this folder that has `TITLE` and `figures()` prints its table.

python -m tests.bench              # all
python -m tests.bench serving      # one
python -m tests.bench --write      # and put the tables into docs/performance.md
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from tests import bench
from tests.bench.figures import as_table, machine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures begin: `make bench ARGS=--write` writes from here -->", "<!-- figures end -->"


def main() -> int:
    """Run the named benches, or all; returns 1 if one could not be run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="files of tests/bench, without .py")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    args = parser.parse_args()
    names = args.names or sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    tables, failed = {}, False
    print(f"Measured on {machine()}.\n")
    for name in names:
        module = importlib.import_module(f"tests.bench.{name}")
        if not hasattr(module, "figures") or not hasattr(module, "TITLE"):
            continue
        try:
            tables[module.TITLE] = as_table(module.TITLE, list(module.figures()))
            print(tables[module.TITLE], flush=True)
        except Exception as error:  # the other figures are still worth having
            failed = True
            print(f"{name} could not be measured: {type(error).__name__}: {error}", file=sys.stderr)
    if args.write:
        PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), tables, machine()), encoding="utf-8")
    return 1 if failed else 0


def with_tables(page: str, tables: dict[str, str], measured_on: str) -> str:
    """The page with these tables new; tables of benches that did not run stay as they are. `tables`: title → table."""
    before, _, rest = page.partition(BEGIN)
    block, _, after = rest.partition(END)
    kept = {part.partition("\n")[0]: f"### {part.strip()}\n" for part in block.split("### ")[1:]}
    new = {title: f"{table.strip()}\n\nMeasured on {measured_on}.\n" for title, table in tables.items()}
    together = {**kept, **new}
    sections = "\n".join(together[title] for title in sorted(together))
    return f"{before}{BEGIN}\n\n{sections}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(main())
