"""The house's rules, read off the imports. What docs/architecture.md says, this keeps."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "contest"
ROOMS = ("accounts", "events", "entries", "judging", "ballots", "results", "awards", "certificates", "desk")
DOORS = ("views", "forms", "cli", "sessions")  # what only a door may import from a room on its left
LAYERS = {"models": 0, "queries": 1, "service": 2, "forms": 3, "views": 4, "cli": 4}
TOP_LEVEL = {
    "contest", "templates", "static", "migrations", "tests", "docs", "wsgi.py", "pyproject.toml", "README.md",
    "Makefile", "LICENSE", "CHANGELOG.md", "requirements.lock",
}  # fmt: skip
MODULES = sorted(path for path in CODE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, *, types_too: bool = True) -> set[str]:
    """Full names of everything a file imports; `from a import b` gives both a and a.b."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not types_too
        for inner in ast.walk(node)
    }
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parent, base] if base else parent)
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "contest" and parts[1] in ROOMS else None


def layer_of(module: str) -> int | None:
    return next((LAYERS[part] for part in module.split(".")[2:] if part in LAYERS), None)


def is_door(module: str) -> bool:
    return any(part in DOORS or part.startswith(("views_", "forms_")) for part in module.split(".")[2:])


def test_the_scoring_core_imports_only_itself_the_standard_library_numpy_and_pandas():
    allowed = set(sys.stdlib_module_names) | {"numpy", "pandas", "__future__"}
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if name_of(path).startswith("contest.scoring")
        for imported in imports_of(path)
        if imported.split(".")[0] not in allowed
        and not imported.startswith("contest.scoring")
        and imported != "contest"
    }
    assert breaches == set()


def test_a_room_looks_only_to_its_left():
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if (room := room_of(name_of(path)))
        for imported in imports_of(path)
        if (other := room_of(imported)) and ROOMS.index(other) > ROOMS.index(room)
    }
    assert breaches == set()


def test_shared_modules_import_no_room():
    free = {"contest.app", "contest.cli"}  # the two roots that put the house together
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if room_of(name_of(path)) is None
        and name_of(path) not in free
        and not name_of(path).startswith("contest.scoring")
        for imported in imports_of(path, types_too=False)
        if room_of(imported)
    }
    assert breaches == set()


def test_the_doors_of_a_room_are_used_by_doors_only():
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if room_of(name_of(path)) and not is_door(name_of(path))
        for imported in imports_of(path)
        if room_of(imported) and is_door(imported)
    }
    assert breaches == set()


def test_inside_a_room_imports_go_down():
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if (layer := layer_of(name_of(path))) is not None
        for imported in imports_of(path)
        if room_of(imported) == room_of(name_of(path))
        and (other := layer_of(imported)) is not None
        and other > layer
    }
    assert breaches == set()


def test_models_queries_and_services_know_no_flask_and_no_forms():
    breaches = {
        (name_of(path), imported)
        for path in MODULES
        if room_of(name_of(path)) and not is_door(name_of(path))
        for imported in imports_of(path)
        if imported.split(".")[0] in {"flask", "flask_wtf", "wtforms", "flask_babel"}
    }
    assert breaches == set()


def test_only_the_database_module_commits():
    breaches = {
        name_of(path)
        for path in MODULES
        if path != CODE / "db.py" and re.search(r"\.commit\(", path.read_text(encoding="utf-8"))
    }
    assert breaches == set()


def test_views_build_no_query():
    pattern = re.compile(r"\b(sa\.)?select\(|db\.session|\.query\b")
    breaches = {
        name_of(path)
        for path in MODULES
        if room_of(name_of(path))
        and "views" in name_of(path)
        and pattern.search(path.read_text(encoding="utf-8"))
    }
    assert breaches == set()


def test_nothing_stands_at_the_top_that_was_not_agreed():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - TOP_LEVEL - {"instance", "contest.egg-info", "build", "dist", "out", "mutants"} == set()


def test_nobody_opens_a_drawer_for_odds_and_ends():
    names = {"utils", "helpers", "common", "managers", "misc"}
    assert {name_of(path) for path in MODULES if names & set(name_of(path).split("."))} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_stay_short(path: Path):
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 40
    ]
    limit = 420 if path.name == "models.py" else 300
    assert (text.count("\n") <= limit, long) == (True, [])


def test_templates_do_no_arithmetic_with_marks():
    pattern = re.compile(r"\{[{%][^}%]*\b(total|mark|value_milli|score)\b\s*[-+*/]\s*[\w.]")
    breaches = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert breaches == set()
