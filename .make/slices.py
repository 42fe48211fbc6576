"""Write static/css/rare.css: which slice of the shipped fonts shows which characters that old machines lack."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from contest import slices  # noqa: E402

if __name__ == "__main__":
    (ROOT / "static" / "css" / "rare.css").write_text(slices.style(), "utf-8")
