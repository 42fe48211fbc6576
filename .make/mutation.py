"""Mutation testing of contest/scoring: changes it in small ways and asks whether a test notices.

make mutation                              every module
make mutation ARGS="ranking awarding/bands"  these modules
make mutation ARGS="--every 4"             a sample: every fourth mutant of each module
make mutation ARGS="--sample 60"           a sample: sixty mutants of each module, drawn by a seed (--seed 3)
make mutation ARGS="--again ranking"        only what survived there last time, with more tests

mutmut writes the mutants; running them is ours, because a pytest for each takes a hundred times longer than the tests do:
the tests are collected once, every mutant is a fork that runs what reaches its function, the quickest first, until one fails.
Registered functions and properties are mutated too: mutmut leaves decorated functions alone, so a decorator `@d` above `f`
becomes `f = d(f)` below it. Everything happens in a copy, mutants/; mutants/survivors.diff shows what no test noticed, mutants/results.json is
what --again reads and what a later run of other modules adds to.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import itertools
import json
import os
import resource
import shutil
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "mutants"
COPY = PLACE / "tree"
SCORING = Path("contest/scoring")
RESULTS, SURVIVORS = PLACE / "results.json", PLACE / "survivors.diff"
SLOWEST, FIRST, AGAIN = 1.0, 1.5, 4.0
"""Seconds of processor time: tests that take longer alone are left out; so long together are the tests that a first run
tries for a mutant, and those that `--again` tries."""
SLOW = ("published_cases", "presets", "rulebooks", "properties", "award_fuzz", "document_fuzz")
"""Tests of whole published contests, presets and random rule sets: too slow to be tried for each mutant, so only
`--again` runs them, and of them only those that take no longer than SLOWEST."""
MEMORY = 6 << 30
KILLED, SURVIVED, UNREACHED = "killed", "survived", "unreached"


def main() -> int:
    """Make the copy, run the mutants of the named modules; 1 if less than 90 % were noticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="paths below contest/scoring, without .py; none: all")
    parser.add_argument("--again", action="store_true", help="only mutants that survived the last run")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only every N-th mutant of a module"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="at most N mutants of a module, drawn by --seed"
    )
    parser.add_argument("--seed", type=int, default=3, metavar="S", help="what --sample draws by")
    parser.add_argument("--only", metavar="TEXT", help="only mutants whose name holds this text")
    args = parser.parse_args()
    everything = [path for path in sorted((ROOT / SCORING).rglob("*.py")) if path.name != "__init__.py"]
    names = [path.relative_to(ROOT / SCORING).with_suffix("").as_posix() for path in everything]
    unknown = set(args.modules) - set(names)
    if unknown:
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    copy()
    mutants = {name: mutate(name) for name in args.modules or names}
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    wanted = {name: chosen(found, results.get(name, {}), args) for name, found in mutants.items()}
    run(wanted, results, mutants, AGAIN if args.again else FIRST)
    return report(results, list(mutants))


def chosen(found: dict[str, str], before: dict[str, str], args: argparse.Namespace) -> list[str]:
    """The mutants of a module to run. found: mutant → its code. before: mutant → what became of it last time."""
    some = [one for one in list(found)[:: args.every] if not args.only or args.only in one]
    if args.sample and args.sample < len(some):
        # Drawn by the mutants' names, so that a module is sampled alike whichever others are named beside it.
        key = {one: hashlib.sha256(f"{args.seed} {one}".encode()).digest() for one in some}
        drawn = set(sorted(some, key=key.__getitem__)[: args.sample])
        some = [one for one in some if one in drawn]
    return [one for one in some if before.get(one) in (SURVIVED, UNREACHED)] if args.again else some


def copy() -> None:
    """What the tests need, apart from the tree."""
    shutil.rmtree(COPY, ignore_errors=True)
    kept = shutil.ignore_patterns("__pycache__", "*.pyc")
    for part in (SCORING, Path("tests/scoring"), Path("docs")):
        shutil.copytree(ROOT / part, COPY / part, ignore=kept)
    for part in ("contest/__init__.py", "tests/__init__.py"):
        shutil.copy(ROOT / part, COPY / part)
    # A file of its own, so that pytest does not take the tree's.
    (COPY / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow\n  journey\n", encoding="utf-8")
    (COPY / "pyproject.toml").write_text(
        '[tool.mutmut]\nsource_paths = ["contest/scoring"]\n', encoding="utf-8"
    )
    os.chdir(COPY)
    sys.path[:] = [
        str(COPY),
        *(one for one in sys.path if Path(one or ".").resolve() not in (ROOT, ROOT / ".make")),
    ]


def mutate(name: str) -> dict[str, str]:
    """Write the mutants of a module into the copy: full name → difference to the original."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    path = COPY / SCORING / f"{name}.py"
    plain, registered = undecorated(path.read_text(encoding="utf-8"))
    made = mutate_file_contents(str(path), plain)
    path.write_text(made.code, encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(made.code)) if isinstance(node, ast.FunctionDef)]
    bodies = {node.name: ast.dump(ast.Module(node.body, [])) for node in functions}
    module = ".".join((SCORING / name).parts)
    lines = made.code.splitlines()
    spans = {key: lines[span.start - 1 : span.end] for key, span in made.line_span_by_function_name.items()}
    found = {}
    for mutant in made.mutant_names:
        original = f"{mutant.rpartition('_')[0]}_orig"
        is_registered = original.removeprefix("x_").removesuffix("__mutmut_orig") in registered
        if is_registered and bodies[mutant] == bodies[original]:
            continue  # a registry reads the defaults of its functions when they are registered, before a mutant is chosen
        changed = difflib.unified_diff(spans[original], spans[mutant], lineterm="", n=1)
        found[f"{module}.{mutant}"] = "\n".join(line for line in changed if "__mutmut_" not in line)
    return found


def undecorated(text: str) -> tuple[str, set[str]]:
    """The module with `@d` above a function `f` as `f = d(f)` below it, and the names of registered functions."""
    lines = text.splitlines()
    below: dict[int, list[str]] = {}
    registered = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
            continue
        decorator = node.decorator_list[0]
        if isinstance(decorator, ast.Name) and decorator.id in ("classmethod", "staticmethod"):
            continue
        written = ast.get_source_segment(text, decorator)
        if ".register(" in str(written):
            registered.add(node.name)
        for number in range(decorator.lineno - 1, node.lineno - 1):
            lines[number] = ""
        assert node.end_lineno is not None
        below[node.end_lineno] = [f"{' ' * node.col_offset}{node.name} = {written}({node.name})"]
    made: list[str] = []
    for number, line in enumerate(lines, 1):
        made.extend([line, *below.get(number, [])])
    return "\n".join(made) + "\n", registered


class Loop:
    """Takes over from pytest when the tests are collected."""

    def __init__(self, wanted: dict, known: dict, results: dict, budget: float) -> None:
        self.wanted, self.known, self.results, self.budget = wanted, known, results, budget
        self.failed = False

    def pytest_runtest_logreport(self, report) -> None:
        """Remember a failure, whichever phase it was in."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session) -> bool:
        """Look which test reaches which function, then run the mutants module by module."""
        import contest.scoring.compute

        assert contest.scoring.compute.__file__.startswith(str(COPY)), "not the mutants are imported"
        self.items = session.items
        reached, self.taken = self._stats()
        assert self._verdict("fail", list(range(len(self.items)))) is not None, "mutants are not exercised"
        for module, mutants in self.wanted.items():
            # Verdicts on mutants that are not there any more fall away.
            verdicts = self.results[module] = {
                one: word for one, word in self.results.get(module, {}).items() if one in self.known[module]
            }
            self._module(module, mutants, reached, verdicts)
            RESULTS.write_text(json.dumps(self.results, indent=1), encoding="utf-8")
        return True

    def _module(self, module: str, mutants: list[str], reached: dict[str, list[int]], verdicts: dict) -> None:
        begun = time.monotonic()
        by_function: dict[str, list[int]] = {}
        noticed: dict[str, int] = {}
        for mutant in mutants:
            function = mutant.rpartition("__mutmut_")[0]
            if function not in by_function:
                by_function[function] = self._likely(reached.get(function, []), noticed)
            tests = by_function[function]
            if not tests:
                verdicts[mutant] = UNREACHED
                continue
            killer = self._verdict(mutant, tests)
            verdicts[mutant] = SURVIVED if killer is None else KILLED
            if killer is not None and killer in tests:
                # What noticed one change of a function is likely to notice the next.
                tests.remove(killer)
                tests.insert(0, killer)
                file = self.items[killer].nodeid.partition("::")[0]
                noticed[file] = noticed.get(file, 0) + 1
        killed = sum(verdicts[one] == KILLED for one in mutants)
        took = time.monotonic() - begun
        say(f"{module:24} {killed:5} of {len(mutants):5} killed, {took:6.0f} s")

    def _likely(self, tests: list[int], noticed: dict[str, int]) -> list[int]:
        """Tests in the order to try, as many as fit the budget, at least one.

        Files that noticed changes of this module come first; of the others the quickest test of each file, then the
        second of each, and so on: one file of quick tests that have nothing to do with it must not use up the budget.
        """
        by_file: dict[str, list[int]] = {}
        for number in sorted(tests, key=lambda number: self.taken[number]):
            by_file.setdefault(self.items[number].nodeid.partition("::")[0], []).append(number)
        turn = {number: place for mine in by_file.values() for place, number in enumerate(mine)}
        kills = {number: noticed.get(file, 0) for file, mine in by_file.items() for number in mine}
        ordered = sorted(tests, key=lambda number: (-kills[number], turn[number], self.taken[number]))
        spent = list(itertools.accumulate(self.taken[number] for number in ordered))
        return ordered[: max(1, sum(one <= self.budget for one in spent))]

    def _stats(self) -> tuple[dict[str, list[int]], dict[int, float]]:
        """Function → tests that reach it, and seconds a test, looked at in a child: the parent stays as imported."""
        from mutmut.state import state

        def work(write) -> None:
            os.environ["MUTANT_UNDER_TEST"] = "stats"
            for number, item in enumerate(self.items):
                state()._stats.clear()
                begun = time.process_time()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=self._next(number))
                taken = time.process_time() - begun
                assert not self.failed, f"{item.nodeid} fails without any change"
                write(json.dumps([number, taken, sorted(state()._stats)]) + "\n")

        text, status = in_child(work, limit=900)
        assert status == 0, "the tests do not pass as they are"
        reached: dict[str, list[int]] = {}
        taken = {}
        for number, seconds, functions in map(json.loads, text.splitlines()):
            taken[number] = seconds
            for function in functions if seconds <= SLOWEST else ():
                reached.setdefault(function, []).append(number)
        return reached, taken

    def _next(self, number: int):
        return self.items[number + 1] if number + 1 < len(self.items) else None

    def _verdict(self, mutant: str, tests: list[int]) -> int | None:
        """The number of the test that notices a mutant (−1: the process did not survive it), or None."""

        def work(write) -> None:
            os.environ["MUTANT_UNDER_TEST"] = mutant
            for place, number in enumerate(tests):
                following = self.items[tests[place + 1]] if place + 1 < len(tests) else None
                self.items[number].config.hook.pytest_runtest_protocol(
                    item=self.items[number], nextitem=following
                )
                if self.failed:
                    write(str(number))
                    return

        limit = 3 + int(4 * sum(self.taken[number] for number in tests)) if tests else 3
        text, status = in_child(work, limit=limit)
        return int(text) if text else None if status == 0 else -1


def in_child(work, *, limit: int) -> tuple[str, int]:
    """What `work(write)` writes in a fork of at most `limit` seconds of processor time, and how the fork ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        status = 1
        try:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.alarm(limit * 20)
            work(lambda text: os.write(writing, text.encode()))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    parts = []
    while part := os.read(reading, 1 << 16):
        parts.append(part)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return b"".join(parts).decode(), status


def run(
    wanted: dict[str, list[str]], results: dict, mutants: dict[str, dict[str, str]], budget: float
) -> None:
    """Collect the tests once and run the mutants inside that process."""
    import pytest
    from hypothesis import settings

    class Examples:
        @staticmethod
        def pytest_collection_finish() -> None:
            # Many mutants for each test: few examples, always the same ones, nothing remembered between them.
            settings.register_profile(
                "mutation", deadline=None, derandomize=True, database=None, max_examples=30, print_blob=False
            )
            settings.load_profile("mutation")

    pytest.main(
        [
            "tests/scoring",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--tb=no",
            "--show-capture=no",
            "--rootdir=.",
        ]
        + [f"--ignore=tests/scoring/test_{name}.py" for name in SLOW if budget < AGAIN],
        plugins=[Loop(wanted, mutants, results, budget), Examples()],
    )
    with SURVIVORS.open("w", encoding="utf-8") as stream:
        for module, found in mutants.items():
            for name, text in found.items():
                if results.get(module, {}).get(name, KILLED) != KILLED:
                    stream.write(f"### {results[module][name]} {name}\n{text}\n\n")


def say(line: str) -> None:
    """A line on the real standard output; pytest holds the other one."""
    sys.__stdout__.write(f"{line}\n")
    sys.__stdout__.flush()


def report(results: dict[str, dict[str, str]], modules: list[str]) -> int:
    """A table of these modules, as Markdown."""
    say("\n| module | mutants | killed | share |\n|---|---:|---:|---:|")
    tried = killed = 0
    for module in modules:
        verdicts = list(results.get(module, {}).values())
        mine = verdicts.count(KILLED)
        tried, killed = tried + len(verdicts), killed + mine
        if verdicts:
            say(f"| {module} | {len(verdicts)} | {mine} | {100 * mine / len(verdicts):.1f} % |")
    share = 100 * killed / tried if tried else 0
    say(f"| together | {tried} | {killed} | {share:.1f} % |")
    return share < 90


if __name__ == "__main__":
    sys.exit(main())
