"""The marks of a field become planes for the figures about judges."""

from contest.scoring import tabulate
from contest.scoring.field import Mark, Member, Subject, field_of
from contest.scoring.panel import HEADER, panel_rows, panels_of
from contest.scoring.rules import RuleSet

RULES = RuleSet.from_dict(
    {
        "modules": [
            {"key": "show", "parts": [{"key": "voice", "maximum": 60}, {"key": "look", "maximum": 40}]},
            {"key": "theory", "maximum": 100},
        ],
        "rankings": [{"key": "r"}],
    }
)


def marks_of(entry: str, *totals: int) -> list[Mark]:
    """J1, J2 … give these points for voice and 1 point for look."""
    found = []
    for n, total in enumerate(totals, 1):
        found += [Mark(entry, f"J{n}", "voice", total * 1000), Mark(entry, f"J{n}", "look", 1000)]
    return found


def field(**delegations: str):
    subjects = [Subject(key, texts={"delegation": where}) for key, where in delegations.items()]
    marks = [mark for n, key in enumerate(delegations) for mark in marks_of(key, 10 + n, 10 + n, 13 + n)]
    marks += [Mark(key, "machine", "theory", 50_000) for key in delegations]
    return field_of(RULES, subjects, marks)


def test_a_panel_sums_each_judges_marks_over_a_module():
    (panel,) = panels_of(RULES, field(a="X", b="Y"))
    assert (panel.module, panel.round, panel.judges, panel.subjects) == (
        "show",
        "",
        ("J1", "J2", "J3"),
        ("a", "b"),
    )
    assert panel.marks.tolist() == [[11000, 11000, 14000], [12000, 12000, 15000]]
    assert panel.given.all()
    assert panel.delegations == ("X", "Y")


def test_a_module_that_one_judge_marks_is_no_panel():
    assert [panel.module for panel in panels_of(RULES, field(a="X"))] == ["show"]


def test_a_judge_who_left_out_an_aspect_is_not_compared():
    marks = [mark for mark in marks_of("a", 10, 20, 30) if (mark.seat, mark.aspect) != ("J2", "look")]
    (panel,) = panels_of(RULES, field_of(RULES, [Subject("a"), Subject("b")], marks))
    assert panel.given.tolist() == [[True, False, True], [False, False, False]]


def test_absent_marks_and_later_attempts_are_left_out():
    marks = [
        *marks_of("a", 10, 20),
        Mark("a", "J1", "voice", 50_000, attempt=2),
        Mark("b", "J1", "voice", None, "absent"),
        Mark("b", "J2", "voice", None, "void"),
    ]
    (panel,) = panels_of(RULES, field_of(RULES, [Subject("a"), Subject("b")], marks))
    assert panel.marks.tolist() == [[11000, 21000], [0, 0]]
    assert panel.given.tolist() == [[True, True], [False, False]]


def test_points_that_are_taken_away_count_against():
    rules = RuleSet.from_dict(
        {
            "modules": [
                {
                    "key": "m",
                    "parts": [{"key": "d", "maximum": 10, "kind": "deduction"}, {"key": "v", "maximum": 5}],
                }
            ],
            "rankings": [{"key": "r"}],
        }
    )
    marks = [Mark("a", judge, aspect, 2000) for judge in ("J1", "J2") for aspect in ("d", "v")]
    marks[0] = Mark("a", "J1", "d", 3000)
    (panel,) = panels_of(rules, field_of(rules, [Subject("a")], marks))
    assert panel.marks.tolist() == [[-1000, 0]]


def test_members_are_the_subjects_of_a_module_marked_per_member():
    rules = RuleSet.from_dict(
        {
            "members": {"maximum": 2},
            "modules": [{"key": "m", "maximum": 9, "per": "member"}],
            "rankings": [{"key": "r"}],
        }
    )
    team = Subject(
        "t", texts={"delegation": "X"}, members=(Member("p"), Member("q", texts={"delegation": "Y"}))
    )
    marks = [Mark("t", judge, "m", 1000 * n, member="pq"[n % 2]) for n in (1, 2) for judge in ("J1", "J2")]
    (panel,) = panels_of(rules, field_of(rules, [team], marks))
    assert (panel.subjects, panel.delegations) == (("p", "q"), ("X", "Y"))
    assert panel.marks.tolist() == [[2000, 2000], [1000, 1000]]


def test_every_round_has_its_panel():
    rules = RuleSet.from_dict(
        {
            "modules": [{"key": "m", "maximum": 9}],
            "total": {"rounds": "sum"},
            "rounds": [{"key": "heat"}, {"key": "final"}],
            "rankings": [{"key": "r"}],
        }
    )
    marks = [
        Mark("a", judge, "m", 1000 * n, round=name)
        for n, name in ((1, "heat"), (2, "final"))
        for judge in "JK"
    ]
    found = list(panels_of(rules, field_of(rules, [Subject("a")], marks)))
    assert [(panel.round, panel.marks.tolist()) for panel in found] == [
        ("heat", [[1000, 1000]]),
        ("final", [[2000, 2000]]),
    ]


def rows(
    delegations: dict[str, str], home: dict[str, str] | None = None
) -> dict[tuple[str, str], tuple[str, ...]]:
    (panel,) = panels_of(RULES, field(**delegations))
    found = [dict(zip(HEADER, row, strict=True)) for row in panel_rows("e", panel, home)]
    assert {(row["event"], row["round"], row["module"]) for row in found} == {("e", "", "show")}
    return {(row["judge"], row["figure"]): (row["value"], row["count"], row["too_few"]) for row in found}


def test_figures_of_a_panel_become_rows():
    found = rows(dict.fromkeys("abcde", "X"))
    assert found["J3", "severity"] == ("3.0000", "5", "")
    assert found["J1", "spread"] == ("1.2000", "5", "")
    assert found["J3", "outliers"] == ("5", "", "")
    assert found["J1", "outliers"] == ("0", "", "")
    assert found["", "concordance"] == ("1.0000", "", "")
    assert found["", "intraclass_correlation"] == ("0.4545", "", "")
    assert len(found) == 11


def test_figures_of_small_panels_say_too_few():
    found = rows(dict.fromkeys("abcd", "X"))
    assert found["J1", "severity"] == ("", "4", "subjects 4 < 5")
    assert found["", "concordance"] == ("", "", "subjects 4 < 5")


def test_favour_is_measured_when_the_judges_delegations_are_known():
    found = rows(dict(zip("abcdefgh", "XXXYYYYY", strict=True)), {"J1": "X"})
    assert found["J1", "own_favour"] == ("0.0000", "", "")
    assert found["J2", "own_favour"] == ("", "", "own 0 < 3")


def test_tabulate_writes_the_figures_when_asked(tmp_path):
    (tmp_path / "scheme.toml").write_text(RULES.to_toml(), encoding="utf-8")
    lines = ["entry,judge,aspect,mark"]
    for n, entry in enumerate("abcde"):
        lines += [
            f"{entry},{judge},voice,{10 + n + extra}" for judge, extra in (("J1", 0), ("J2", 0), ("J3", 3))
        ]
        lines += [f"{entry},{judge},look,1" for judge in ("J1", "J2", "J3")]
        lines.append(f"{entry},machine,theory,50")
    (tmp_path / "marks.csv").write_text("\n".join(lines), encoding="utf-8")
    files = [str(tmp_path / "scheme.toml"), str(tmp_path / "marks.csv"), "--out"]
    assert tabulate.main([*files, str(tmp_path / "plain")]) == 0
    assert not (tmp_path / "plain/judges.csv").exists()
    assert tabulate.main([*files, str(tmp_path / "out"), "--judges"]) == 0
    rows = (tmp_path / "out/judges.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == ",".join(HEADER)
    assert ",,show,J3,severity,3.0000,5," in rows
