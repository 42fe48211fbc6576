"""`contest tabulate`: files in, files out; every bad row is listed and nothing is computed from half a file."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contest.scoring import tidy_words
from contest.scoring.tabulate import main

SCHEME = """
decimals = 2
groups = ["worker", "student"]
panel = ["J1", "J2"]
inputs = [ { name = "difficulty", decimals = 1, low = 1, high = 4 } ]
filters = [ { name = "gender", values = ["f", "m"] } ]
total = { rounds = "sum" }
[[modules]]
key = "a"
maximum = 10
kind = { by = "marks", step = "0.25" }
missing_judge = "ignore"
[[modules]]
key = "b"
maximum = 5
missing_judge = "ignore"
[[rounds]]
key = "1"
[[rounds]]
key = "2"
[[rankings]]
key = "r"
"""
GOOD = "entry,judge,aspect,round,mark\nA,J1,a,1,5\nA,J1,b,1,1\nA,J1,a,2,6\nA,J1,b,2,2\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Write a scheme and marks, run the command; returns the exit code, what was printed, and the output folder."""

    def go(marks, scheme=SCHEME, *arguments):
        (tmp_path / "scheme.toml").write_text(scheme, encoding="utf-8")
        data = marks if isinstance(marks, bytes) else marks.encode()
        (tmp_path / "marks.csv").write_bytes(data)
        out = tmp_path / "out"
        code = main(
            [str(tmp_path / "scheme.toml"), str(tmp_path / "marks.csv"), "--out", str(out), *arguments]
        )
        printed = capsys.readouterr()
        return code, printed.err + printed.out, out

    return go


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_good_file_gives_all_files(run):
    code, printed, out = run(GOOD)
    assert (code, printed) == (0, "")
    names = ["aspects.csv", "awards.csv", "problems.csv", "ranking.csv", "rounds.csv", "tables.csv"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert rows(out / "ranking.csv") == [
        {
            "event": "",
            "ranking": "r",
            "entry": "A",
            "total": "14",
            "rank": "1",
            "decided_by": "total",
            "status": "present",
            "award": "",
        }
    ]
    assert [(row["round"], row["total"]) for row in rows(out / "rounds.csv")] == [("1", "6"), ("2", "8")]
    aspects = [(row["round"], row["entry"], row["aspect"], row["value"]) for row in rows(out / "aspects.csv")]
    assert aspects == [("1", "A", "a", "5"), ("1", "A", "b", "1"), ("2", "A", "a", "6"), ("2", "A", "b", "2")]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("B,J1,a,1,NaN", "mark", "NaN", "is not a finite number"),
        ("B,J1,a,1,-inf", "mark", "-inf", "is not a finite number"),
        ("B,J1,a,1,1e999", "mark", "1e999", "is not a number"),
        ("B,J1,a,1,seven", "mark", "seven", "is not a number"),
        ("B,J1,a,1,٧", "mark", "٧", "is not a number"),
        ("B,J1,a,1,5²", "mark", "5²", "is not a number"),
        ("B,J1,a,1,½", "mark", "½", "is not a number"),
        ("B,J1,a,1,1:05", "mark", "1:05", "is a time; this aspect is not of the kind time"),
        ("B,J1,a,1,1:65", "mark", "1:65", "is not a number"),
        ('B,J1,a,1,"1,5"', "mark", "1,5", "is not a number"),
        ("B,J1,a,1,-0", "mark", "-0", "is a negative zero; write 0"),
        ("B,J1,a,1,-0.00", "mark", "-0.00", "is a negative zero; write 0"),
        ("B,J1,a,1,1.234", "mark", "1.234", "has more decimals than the rules allow"),
        ("B,J1,a,1," + "9" * 1000, "mark", "9" * 60, "has too many digits"),
        ("B,J1,a,1,9999999999999999", "mark", "9999999999999999", "has too many digits"),
        ("B,J1,a,1,10.25", "mark", "10.25", "is above 10"),
        ("B,J1,a,1,-1", "mark", "-1", "is below 0"),
        ("B,J1,a,1,1.3", "mark", "1.3", "is not in steps of 0.25"),
        ("B,J9,a,1,5", "judge", "J9", "this judge is not of the panel"),
        ("B,J1,c,1,5", "aspect", "c", "the scheme has no such aspect; it has a, b"),
        ("B,J1,a,3,5", "round", "3", "the scheme has no such round; it has 1, 2"),
        ("B,J1,a,,5", "round", "", "the scheme has no such round; it has 1, 2"),
        (",J1,a,1,5", "entry", "", "the key is empty"),
        ("A,J1,a,1,5", "mark", "5", "a second mark for the same entry, judge, aspect, round and attempt"),
        ("B,J1,a,1", "row", "B,J1,a,1", "4 cells where the header has 5"),
        ("B,J1,a,1,5,6", "row", "B,J1,a,1,5,6", "6 cells where the header has 5"),
    ],
)
def test_a_bad_row_is_listed_with_line_column_value_and_reason(run, row, column, value, reason):
    code, printed, out = run(f"{GOOD}{row}\n")
    assert code == 2
    typed = f"'{value}" if value.startswith("-") and not value[1:].replace(".", "").isdigit() else value
    assert rows(out / "bad_rows.csv") == [{"line": "6", "column": column, "value": typed, "reason": reason}]
    assert f"line 6, column {column}" in printed
    assert not (out / "ranking.csv").exists()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("attempt", "0", "an attempt is a whole number from 1 to 1000"),
        ("attempt", "1.5", "an attempt is a whole number from 1 to 1000"),
        ("difficulty", "3.25", "has more decimals than the rules allow"),
        ("difficulty", "5", "is above 4"),
        ("difficulty", "0.5", "is below 1"),
        ("status", "asleep", "is no known status"),
        ("group", "judge", "is none of worker, student"),
        ("gender", "x", "is none of f, m"),
        ("lot", "first", "is not a whole number"),
    ],
)
def test_bad_cells_of_other_columns(run, column, value, reason):
    lines = [
        f"{line},{column if index == 0 else value if index == 1 else ''}"
        for index, line in enumerate(GOOD.splitlines())
    ]
    code, _, out = run("\n".join(lines))
    assert code == 2
    assert [
        (row["line"], row["column"], row["value"], row["reason"]) for row in rows(out / "bad_rows.csv")
    ] == [("2", column, value, reason)]


CLOCK = """
[[modules]]
key = "run"
kind = { by = "time", high = 7200 }
less = true
attempts = "best"
[[rankings]]
key = "r"
less = true
"""


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("59.5", "59.5"),
        ("1:05", "65"),
        ("01:05.25", "65.25"),
        ("75:00", "4500"),
        ("1:02:03.5", "3723.5"),
        ("１：０５", "65"),
    ],
)
def test_a_time_may_be_typed_with_colons(run, typed, seconds):
    code, _, out = run(f"entry,mark\nA,{typed}\n", CLOCK)
    assert (code, rows(out / "ranking.csv")[0]["total"]) == (0, seconds)


@pytest.mark.parametrize("typed", ["1:60:00", "1:5", ":05", "1:05:", "-1:05", "2:00:01"])
def test_what_is_no_time_or_too_long_is_refused(run, typed):
    assert run(f"entry,mark\nA,{typed}\n", CLOCK)[0] == 2


def test_digits_of_a_chinese_keyboard_count(run):
    code, _, out = run(
        "entry,judge,aspect,round,attempt,difficulty,lot,mark\nA,J1,a,1,１,２．５,３,８．５\nA,J1,b,1,,,,−０.０\n"
    )
    assert [(row["column"], row["value"]) for row in rows(out / "bad_rows.csv")] == [("mark", "−０.０")]
    code, _, out = run(
        "entry,judge,aspect,round,attempt,difficulty,lot,mark\nA,J1,a,1,１,２．５,３,８．５\nA,J1,b,1,,,,０\n"
    )
    assert (code, rows(out / "rounds.csv")[0]["total"]) == (0, "8.5")


def test_what_spreadsheets_leave_at_the_edge_is_left_out(run):
    edged = "\r\n".join(f"{line},," for line in GOOD.splitlines())
    code, _, out = run("\ufeff" + edged + "\r\n,,,,,,\r\n")
    assert (code, rows(out / "ranking.csv")[0]["total"]) == (0, "14")
    code, printed, _ = run(
        "\n".join(f"{line},{'' if index == 0 else 'x'}" for index, line in enumerate(GOOD.splitlines()))
    )
    assert (code, "a column needs a name of its own" in printed) == (2, True)


def test_a_header_in_other_words_says_what_it_found(run):
    code, printed, _ = run("选手,裁判,得分\nA,J1,5\n")
    assert (code, "column entry" in printed, "the first line has 选手, 裁判, 得分" in printed) == (
        2,
        True,
        True,
    )
    code, printed, _ = run("entry;mark\nA;5\n")
    assert (code, "the first line has entry;mark" in printed) == (2, True)


ASKING = """
filters = [ { name = "region" } ]
[[modules]]
key = "a"
maximum = 10
[[rankings]]
key = "r"
[[rankings.awards]]
key = "medal"
by = "place"
bands = [ { award = "gold", places = 1 } ]
holders = { attribute = "prior_holder", policy = "no_repeat" }
unless = { veto = ["yes"] }
only = { region = ["west"] }
quotas = [ { key = "q", attribute = "trade", values = ["x"], at_least = "10%" } ]
[[rankings]]
key = "west"
filter = [ { column = "region", values = ["west"] } ]
[[tables]]
key = "t"
by = "sum"
ranking = "r"
where = { veto = ["no"] }
"""


def test_a_column_that_the_rules_ask_about_and_the_file_lacks_is_named(run):
    code, printed, out = run("entry,mark\nA,5\n", ASKING)
    found = {(row["severity"], row["code"], row["path"]) for row in rows(out / "problems.csv")}
    assert code == 0
    assert found == {
        ("error", "column_missing", "rankings.r.awards.medal.only"),
        ("note", "column_missing_bar", "rankings.r.awards.medal.holders"),
        ("error", "column_missing", "tables.t.where"),
        ("error", "column_missing", "tables.t.group"),
        ("error", "column_missing", "rankings.r.awards.medal.quotas"),
    }
    assert "the file has no column “region”" in printed
    code, printed, out = run(
        "entry,mark,region,prior_holder,veto,trade,delegation\nA,5,west,,no,x,D\n", ASKING
    )
    assert (code, printed, rows(out / "problems.csv")) == (0, "", [])
    assert rows(out / "ranking.csv")[0]["award"] == "gold"


def test_a_text_that_an_award_asks_about_may_not_change_within_a_subject(run):
    text = (
        "entry,aspect,mark,region,prior_holder,veto,trade,delegation\nA,a,5,west,,no,x,D\nA,,,west,,yes,x,D\n"
    )
    code, printed, _ = run(text, ASKING)
    assert (code, "column veto" in printed) == (2, True)


def test_all_bad_rows_are_listed_in_one_pass(run):
    code, printed, out = run(GOOD + "B,J1,a,1,x\nB,J7,b,9,11\n")
    listed = [(row["line"], row["column"]) for row in rows(out / "bad_rows.csv")]
    assert (code, listed) == (2, [("6", "mark"), ("7", "judge"), ("7", "mark"), ("7", "round")])


def test_every_reason_is_told_in_chinese_too(run):
    reasons = set()
    for source in ("tidy.py", "tidy_event.py", "tidy_subjects.py"):
        text = (Path(tidy_words.__file__).parent / source).read_text(encoding="utf-8")
        reasons |= set(re.findall(r'f?"((?:is|the scheme|this|a|an|another|the key) [^"]*)"', text))
    reasons = {re.sub(r"\{[^}]*\}", "7", reason) for reason in reasons}
    assert len(reasons) > 15
    assert [one for one in sorted(reasons) if not re.search("[一-鿿]", tidy_words.reason_in(one, "zh"))] == []
    assert [one for one in reasons if tidy_words.reason_in(one, "en") != one] == []
    code, printed, out = run(GOOD + "B,J7,b,9,11\n", SCHEME, "--lang", "zh")
    assert (code, "第 6 行，列 mark，值“11”：高于 5" in printed) == (2, True)
    assert {row["reason"] for row in rows(out / "bad_rows.csv")} == {
        "高于 5", "该裁判不在裁判名单中", "方案没有这一轮；有 1, 2"
    }  # fmt: skip
    code, printed, _ = run("选手,得分\n", SCHEME, "--lang", "zh")
    assert "缺少此列；首行是 选手, 得分，请改正相应列名" in printed


def test_line_numbers_hold_behind_cells_with_line_breaks(run):
    code, _, out = run('entry,judge,aspect,round,mark,note\nA,J1,a,1,5,"two\nlines"\n\nA,J1,b,1,x,\n')
    assert (code, [row["line"] for row in rows(out / "bad_rows.csv")]) == (2, ["5"])


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("", "entry"),
        ("entry,judge\nA,J1\n", "column mark"),
        ("entry,mark,mark\nA,5,5\n", "a column needs a name of its own"),
        ("entry,judge,aspect,mark\nA,J1,a,5\n", "several rounds"),
        ("entry,judge,round,mark\nA,J1,1,5\n", "several aspects"),
        (b"entry,judge,aspect,round,mark\n\xff\xfe,J1,a,1,5\n", "utf-8"),
        ('entry,mark\n"A,5\n', "unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(run, marks, said):
    code, printed, _ = run(marks)
    assert (code, said in printed) == (2, True)


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("key = ", "The file is not TOML"),
        ("foo = 1", "there is no field “foo” here"),
        ("[[modules]]\nkey = 'a'", "There is no ranking; add at least one."),
        (SCHEME + "[[variants]]\nevents = ['*']\nrules = { decimals = 'many' }", "“many” is not of type int"),
        (SCHEME + "[[variants]]\nevents = ['*']\nrules = { decimals = 9 }", "marks are kept in thousandths"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(run, scheme, said):
    code, printed, _ = run(GOOD, scheme)
    assert (code, said in printed) == (2, True)
    if "foo" not in scheme and "key = \n" not in scheme:
        assert any("一" <= letter <= "鿿" for letter in run(GOOD, scheme, "--lang", "zh")[1])


def test_a_missing_file_is_a_message(tmp_path, capsys):
    assert main([str(tmp_path / "none.toml"), str(tmp_path / "none.csv")]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_problems_of_single_subjects_block_only_them(run):
    code, printed, out = run(GOOD + "B,J1,a,1,5\n")
    assert code == 0
    assert "b (1) is not yet marked for 1 subjects (B)" in printed
    assert [(row["entry"], row["rank"], row["status"]) for row in rows(out / "ranking.csv")] == [
        ("A", "1", "present"),
        ("B", "", "incomplete"),
    ]
    assert [row["code"] for row in rows(out / "problems.csv")] == ["mark_missing"]


def test_variants_change_the_rules_of_some_events(run):
    scheme = """
    [[modules]]
    key = "a"
    maximum = 10
    [[rankings]]
    key = "r"
    [[variants]]
    events = ["j-*"]
    rules = { total = { round = { digits = 0 } } }
    [[variants]]
    where = { format = "low" }
    [[variants.rules.rankings]]
    key = "r"
    less = true
    [[variants.rules.modules]]
    key = "b"
    maximum = 5
    """
    text = "event,format,entry,aspect,mark\nj-1,,A,a,1.5\ns-1,low,A,a,1.5\ns-1,low,A,b,1\ns-1,low,B,a,1\ns-1,low,B,b,1\n"
    code, _, out = run(text, scheme)
    got = [(row["event"], row["entry"], row["total"], row["rank"]) for row in rows(out / "ranking.csv")]
    assert (code, got) == (0, [("j-1", "A", "2", "1"), ("s-1", "B", "2", "1"), ("s-1", "A", "2.5", "2")])


def test_cells_that_a_spreadsheet_would_run_are_made_text(run):
    marks = GOOD.replace("A,", "=1+1,")
    _, _, out = run(marks)
    assert rows(out / "ranking.csv")[0]["entry"] == "'=1+1"


def test_output_does_not_depend_on_the_order_of_rows(run):
    lines = (GOOD + GOOD.replace("A,", "B,").split("\n", 1)[1]).splitlines()
    _, _, out = run("\n".join(lines))
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    _, _, out = run("\n".join([lines[0], *reversed(lines[1:])]))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_the_command_runs_by_itself(tmp_path):
    (tmp_path / "s.toml").write_text(SCHEME)
    (tmp_path / "m.csv").write_text("\ufeff" + GOOD, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "contest.scoring.tabulate",
        str(tmp_path / "s.toml"),
        str(tmp_path / "m.csv"),
        "--explain",
        "A",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        "event,ranking,entry,total,rank,decided_by,status,award",
        ",r,A,14,1,total,present,",
    ]


def test_modules_tell_aspects_apart_that_share_a_name(run):
    scheme = """
    [[modules]]
    key = "x"
    [[modules.parts]]
    key = "x/speed"
    maximum = 10
    [[modules]]
    key = "y"
    [[modules.parts]]
    key = "y/speed"
    maximum = 10
    factor = 10
    [[modules]]
    key = "z"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    code, _, out = run("entry,module,aspect,mark\nA,x,speed,1\nA,y,speed,2\nA,z,,3\n", scheme)
    assert (code, rows(out / "ranking.csv")[0]["total"]) == (0, "24")
    code, printed, _ = run("entry,module,aspect,mark\nA,x,y/speed,1\n", scheme)
    assert (code, "no such aspect" in printed) == (2, True)


def test_members_belong_to_one_entry_and_have_texts_of_their_own(run):
    scheme = """
    members = { maximum = 2 }
    filters = [ { name = "gender" } ]
    [[modules]]
    key = "a"
    maximum = 10
    per = "member"
    [[rankings]]
    key = "r"
    subject = "member"
    filter = [ { column = "gender", values = ["f"] }, { column = "delegation", values = ["D"] } ]
    """
    code, _, out = run("entry,member,delegation,gender,mark\nT,x,D,f,5\nT,y,D,m,6\nU,z,E,f,7\n", scheme)
    assert (code, [row["entry"] for row in rows(out / "ranking.csv")]) == (0, ["x"])
    aspects = [(row["entry"], row["member"], row["value"]) for row in rows(out / "aspects.csv")]
    assert aspects == [("T", "x", "5"), ("T", "y", "6"), ("U", "z", "7")]
    code, printed, _ = run("entry,member,delegation,gender,mark\nT,x,D,f,5\nU,x,D,f,6\n", scheme)
    assert (code, "this member already belongs to another entry" in printed) == (2, True)
    code, printed, _ = run("entry,member,delegation,gender,mark\nT,x,D,f,5\nT,y,E,f,6\n", scheme)
    assert code == 0


def test_a_text_that_changes_within_a_subject_is_refused_where_it_is_asked_about(run):
    scheme = (
        'filters = [ { name = "origin" } ]\n[[modules]]\nkey = "a"\nmaximum = 10\n[[rankings]]\nkey = "r"'
    )
    text = "entry,judge,origin,note,mark\nA,J1,x,1,5\nA,J2,y,2,6\n"
    code, printed, _ = run(text, scheme)
    assert (code, "line 2, column origin" in printed or "line 3, column origin" in printed) == (2, True)
    assert run(text.replace("y,2", "x,2"), scheme)[0] == 0
