"""A second, independent reading of a verify bundle (docs/bundle.md): `python3 verify_independently.py BUNDLE.zip`.

It shares no code with the product and needs Python 3.11 alone. It covers the rules that most contests use – lists of
entries or members, sums and weights, mean, trimmed mean and median of judges, rounding, rounds by mean, sum, last or
weight, orders by total, parts, lot and ruling, awards by place – and says so (exit 3) where a bundle's rules go
beyond that. Exit 0: same. 1: the first difference is printed. 2: no bundle.
"""

import csv
import hashlib
import io
import json
import sys
import tomllib
import zipfile
from fractions import Fraction

TITLES = {"key", "title_zh", "title_en", "source"}
NODE = TITLES | {"kind", "maximum", "weight", "seats", "judges", "method", "aspect_method"}
NODE |= {"round", "parts", "per", "members"}
RANKING = TITLES | {"subject", "modules", "weights", "order", "ties", "show", "awards", "gates"}


NotCovered = type("NotCovered", (Exception,), {})  # the rules go beyond what this reading knows
Unmarked = type("Unmarked", (Exception,), {})  # a mark that counts is missing: no total, no rank


def known(table, names):
    if extra := set(table) - names:
        raise NotCovered(f"{table.get('key', '')} uses {', '.join(sorted(extra))}")


def method_of(spec):
    return (spec, {}) if isinstance(spec, str) else (spec["by"], spec)


def rounded(value, spec):
    if spec is None:
        return value
    if spec.get("mode", "half_up") != "half_up" or "step" in spec or value < 0:
        raise NotCovered("a rounding other than half up to decimals, or of what is below 0")
    unit = 10 ** spec["digits"]
    return Fraction(int((2 * value * unit + 1) // 2), unit)


def judged(values, spec):
    by, params = method_of(spec)
    values = sorted(values)
    if by == "trimmed_mean" and not set(params) - {"by", "low", "high"}:
        values, by = values[int(params.get("low", 1)) : len(values) - int(params.get("high", 1))], "mean"
    if by == "agreed" and len(set(values)) == 1:
        return values[0]
    if by == "median" and values:
        return (values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2
    if by != "mean" or not values:
        raise NotCovered(f"judges combined by {by}")
    return sum(values, Fraction(0)) / len(values)


class Scheme:  # the values of one subject (an entry, or a member) in one round, from the marks of the bundle
    def __init__(self, rows, seats, who):
        self.seats, self.marks, self.most, self.parts = seats, {}, {}, {}
        for row in rows:
            if row["state"] != "value" or row["attempt"] != "1" or bool(row["member"]) != (who == "member"):
                raise NotCovered("attempts, absent or void marks, marks of members beside those of entries")
            key = row[who], row["round"], row["aspect"]
            self.marks.setdefault(key, {})[row["seat"]] = Fraction(int(row["thousandths"]), 1000)

    def value(self, node, subject, place, passed):
        """The node's value before its weight. passed: what holds below a node until another says otherwise."""
        known(node, NODE)
        if method_of(node.get("kind", "marks"))[0] != "marks" or {"parts", "method"} <= set(node):
            raise NotCovered(f"{node['key']}: another kind than marks, or judges combined above parts")
        passed = passed | {name: node[name] for name in ("seats", "judges", "aspect_method") if name in node}
        if "parts" in node:
            found = sum(self.counted(part, subject, place, passed) for part in node["parts"])
        else:
            seats = {seat for seat, kind in self.seats.items() if kind in passed["seats"]}
            here = place, node["key"]
            if here not in self.most:
                sizes = [len(seats & set(one)) for key, one in self.marks.items() if key[1:] == here]
                self.most[here] = max(sizes, default=1)
            given = [mark for seat, mark in self.marks.get((subject, *here), {}).items() if seat in seats]
            if len(given) != passed.get("judges", self.most[here]):
                raise Unmarked
            found = judged(given, node.get("method", passed["aspect_method"]))
        self.parts[node["key"]] = rounded(Fraction(found), node.get("round"))
        return self.parts[node["key"]]

    def counted(self, node, subject, place, passed):
        return self.value(node, subject, place, passed) * Fraction(str(node.get("weight", 100))) / 100


def combined(values, rounds, total):
    by, params = method_of(total.get("rounds", "sum")) if len(values) > 1 else ("sum", {})
    if by not in ("sum", "mean", "last", "weighted") or len(params) > 1:
        raise NotCovered(f"rounds combined by {by}")
    if by == "weighted":
        weights = [Fraction(str(one.get("weight", 0))) / 100 for one in rounds]
        values = [value * weight for value, weight in zip(values, weights, strict=True)]
    return values[-1] if by == "last" else sum(values, Fraction(0)) / (len(values) if by == "mean" else 1)


def totals_of(rules, ranking, scheme, entries, only):
    total, found, parts = rules.get("total", {}), {}, {}
    known(total, {"rounds", "round", "aspect_method"})
    rounds = [one for one in rules.get("rounds", [{"key": ""}]) if not only or one["key"] == only]
    passed = {"seats": ["judge"], "aspect_method": total.get("aspect_method", "mean")}
    for entry in entries:
        values, scheme.parts = [], {}
        try:
            for one in rounds:
                known(one, TITLES | {"modules", "weight", "round"})
                value = Fraction(0)
                for module in rules["modules"]:
                    key = module["key"]
                    if all(key in (held or [key]) for held in (ranking.get("modules"), one.get("modules"))):
                        weight = {"weight": ranking["weights"][key]} if "weights" in ranking else {}
                        value += scheme.counted(module | weight, entry, one["key"], passed)
                values.append(rounded(value, one.get("round")))
        except Unmarked:
            continue
        found[entry] = rounded(combined(values, rounds, total), None if only else total.get("round"))
        parts[entry] = scheme.parts
    return found, parts


def key_of(spec, ranking, total, parts, rulings, entry):
    by, params = method_of(spec)
    if by not in ("total", "node", "lot", "ruling") or set(params) - {"by", "node"}:
        raise NotCovered(f"an order by {by}")
    if by in ("total", "node"):
        return -total if by == "total" else -parts[params["node"]]
    wanted = {"kind": by, "ranking": ranking["key"], "subject": entry}
    mine = [one["place"] for one in rulings if wanted.items() <= one.items()]
    return int(mine[-1]) if mine else 0


def awards_of(ranking, ranks):
    found = {}
    for table in ranking.get("awards", []):
        start = 1
        for band in table["bands"] if table["by"] == "place" else [{}]:
            if set(band) != {"award", "places"} or set(table) - TITLES - {"kind", "by", "bands", "names"}:
                raise NotCovered("awards by more than a number of places")
            for entry, rank in ranks.items():
                if start <= rank < start + band["places"]:
                    found.setdefault(entry, []).append(f"{table['key']}/{band['award']}>{entry}")
            start += band["places"]
    if found and len(set(ranks.values())) != len(ranks):
        raise NotCovered("awards where a place is shared")
    return {entry: ";".join(sorted(given)) for entry, given in found.items()}


def check(path):
    archive = zipfile.ZipFile(path)
    manifest = json.loads(archive.read("manifest.json"))
    text = {name: archive.read(name).decode() for name in manifest["files"]}
    for name, digest in manifest["files"].items():
        if hashlib.sha256(text[name].encode()).hexdigest() != digest:
            return f"{name} is not the file whose digest the manifest holds"
    rows = {name: list(csv.DictReader(io.StringIO(text[name]))) for name in text if name.endswith(".csv")}
    rules = tomllib.loads(text["rules.toml"], parse_float=str)
    ranking = next((one for one in rules["rankings"] if one["key"] == manifest["ranking"]), {"subject": ""})
    known(ranking, RANKING)
    who, by_parts = ranking.get("subject", "entry"), "node" in str(ranking.get("order"))
    marked = {module.get("per", "entry") for module in rules["modules"]}
    if marked != {who} or (by_parts and rules.get("rounds", [])[1:]):
        raise NotCovered("a table, modules per entry beside those per member, parts over several rounds")
    scheme = Scheme(rows["marks.csv"], {row["seat"]: row["kind"] for row in rows["seats.csv"]}, who)
    out = {row["entry"] for row in rows["entries.csv"] if row["status"] != "present"}
    file = rows["members.csv" if who == "member" else "entries.csv"]
    present = [row[who] for row in file if row["status"] == "present" and row["entry"] not in out]
    totals, parts = totals_of(rules, ranking, scheme, present, manifest["round"])
    keys, rulings = {}, rows["rulings.csv"]
    for entry, total in totals.items():
        order = ranking.get("order", ["total"])
        keys[entry] = [key_of(spec, ranking, total, parts[entry], rulings, entry) for spec in order]
    ranks = {entry: 1 + sum(other < key for other in keys.values()) for entry, key in keys.items()}
    awards = awards_of(ranking, ranks)
    for row in rows["list.csv"]:
        entry, rank = row["subject"], ranks.get(row["subject"])
        exact = f"{totals[entry].numerator}/{totals[entry].denominator}" if rank else ""
        told = {"rank": str(rank or ""), "total_exact": exact, "awards": awards.get(entry, "")}
        for name, value in told.items():
            if row[name] != value and (rank or row["rank"]):
                return f"line {row['position']}, {entry}, {name}: listed {row[name]}, computed {value}"
    return ""


if __name__ == "__main__":
    try:
        text = check(sys.argv[-1]) or "same"
        code = int(text != "same")
    except NotCovered as reason:
        code, text = 3, f"not covered: {reason}"
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        code, text = 2, f"no bundle: {error!r}"
    sys.stdout.write(text + "\n")
    sys.exit(code)
