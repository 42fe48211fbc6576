"""Two small events from file to files, every line of them; the figures were worked out by hand when they were written.

two_rounds: heat and final with a cut line, attempts with difficulties, a knock-out, a pass gate, places made points.
teams: members marked one by one, made into teams in two ways, and ranked by themselves; a void mark that blocks.
"""

from pathlib import Path

import pytest

from contest.scoring.tabulate import main

FACTS = Path(__file__).parent / "facts"
FILES = ("ranking", "rounds", "aspects", "awards", "tables", "problems")
EXPLAINED = {"two_rounds": ("A", "E"), "teams": ("T1", "T3", "c")}


def told(event, tmp_path, capsys):
    """Every file, what stands on standard error, and the explanations in both languages, one after the other."""
    scheme, marks = (str(FACTS / event / name) for name in ("scheme.toml", "marks.csv"))
    assert main([scheme, marks, "--out", str(tmp_path)]) == 0
    parts = [("stderr", capsys.readouterr().err)]
    parts += [(name, (tmp_path / f"{name}.csv").read_text(encoding="utf-8")) for name in FILES]
    for subject in EXPLAINED[event]:
        for language in ("en", "zh"):
            main([scheme, marks, "--out", str(tmp_path), "--explain", subject, "--lang", language])
            parts.append((f"{subject} {language}", capsys.readouterr().out))
    return "\n".join(f"== {name}\n{text}" for name, text in parts)


@pytest.mark.parametrize("event", sorted(EXPLAINED))
def test_every_line_of_a_whole_event(event, tmp_path, capsys):
    assert told(event, tmp_path, capsys) == (FACTS / event / "told.txt").read_text(encoding="utf-8")
