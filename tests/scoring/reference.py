"""A plain reference in fractions for a part of the rules, without numpy and without any code of the engine.

It covers: a tree of any depth with weights and factors, plain, judged and deducted aspects, judges combined at any
level by mean, trimmed mean, median or sum, rounding, caps and floors, attempts and rounds, and an order by keys.
"""

from fractions import Fraction


def rounded(value, digits, mode):
    scaled = abs(value) * 10**digits
    low, rest = int(scaled), scaled - int(scaled)
    if mode == "half_up":
        low += rest >= Fraction(1, 2)
    elif mode == "half_even":
        low += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1)
    result = Fraction(low, 10**digits)
    return -result if value < 0 else result


def middle(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def pooled(method, values):
    """Judges → one."""
    by, low, high = method
    if by == "mean":
        return sum(values) / len(values)
    if by == "sum":
        return sum(values)
    if by == "median":
        return middle(values)
    kept = sorted(values)[low : len(values) - high]
    return sum(kept) / (len(kept) if by == "trimmed_mean" else 1)


def rolled(rollup, values):
    """Attempts or rounds → one."""
    by, n = rollup
    if by == "sum":
        return sum(values)
    if by == "mean":
        return sum(values) / len(values)
    if by == "last":
        return values[-1]
    return sum(sorted(values, reverse=True)[:n])


def points(aspect, mark):
    if aspect["kind"] == "deduction":
        return max(aspect["maximum"] - mark, Fraction(0))
    if aspect["kind"] == "judgement":
        return mark / 3 * aspect["maximum"]
    return mark


def value(node, mark_of, judges, method):
    """A node's value for one subject in one round; with `method` above it, one value a judge."""
    if "parts" in node:
        inner = method or node.get("method")
        columns = [(part, value(part, mark_of, judges, inner)) for part in node["parts"]]
        result = []
        for judge in range(len(columns[0][1])):
            total = Fraction(0)
            for part, column in columns:
                share = Fraction(part["weight"], 100) if part.get("weight") is not None else 1
                total += column[judge] * share
            result.append(total)
        if node.get("method") and not method:
            result = [pooled(node["method"], result)]
    else:
        result = attempts_of(node, mark_of, judges, method)
    return [finished(node, one) for one in result]


def attempts_of(node, mark_of, judges, method):
    table = [
        [points(node, mark_of(node["key"], attempt, judge)) for judge in range(judges)]
        for attempt in range(node["attempts"])
    ]
    if not method:
        table = [[pooled(node.get("method") or ("mean", 0, 0), row)] for row in table]
    return [rolled(node["rollup"], [row[judge] for row in table]) for judge in range(len(table[0]))]


def finished(node, one):
    one = one * node.get("factor", 1)
    if node.get("cap") is not None:
        one = min(one, node["cap"])
    if node.get("floor") is not None:
        one = max(one, node["floor"])
    if node.get("round"):
        one = rounded(one, *node["round"])
    return one


def ranked(rows, ties):
    """rows: (key, sort values, better first). Returns key → (rank, index of the deciding key or None if shared)."""
    ordered = sorted(rows, key=lambda row: row[1])
    result = {}
    for position, (key, values) in enumerate(ordered):
        better = sum(1 for other in rows if other[1] < values)
        equal = sum(1 for other in rows if other[1] == values)
        distinct = len({tuple(other[1]) for other in rows if other[1] < values})
        rank = {"shared": better + 1, "dense": distinct + 1, "average": better + Fraction(equal + 1, 2)}[ties]
        deepest = 0
        for neighbour in (position - 1, position + 1):
            if 0 <= neighbour < len(ordered):
                other = ordered[neighbour][1]
                differing = [
                    index for index, pair in enumerate(zip(values, other, strict=True)) if pair[0] != pair[1]
                ]
                deepest = max(deepest, differing[0] if differing else len(values))
        result[key] = (rank, deepest)
    return result
