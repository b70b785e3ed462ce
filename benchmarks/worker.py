"""Measures one benchmark at one size, in a process of its own, and writes what it found as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .peers import PACKAGES, installed, version
from .record import Benchmark, Side, Size, Unavailable
from .timing import REPEATS, Sample, first, interleaved, summary


def arrays(result: Any) -> list[np.ndarray]:
    """The numbers of a result, whatever system and structure they come in."""
    if isinstance(result, Mapping):
        return [a for value in result.values() for a in arrays(value)]
    if isinstance(result, (list, tuple)):
        return [a for value in result for a in arrays(value)]
    if hasattr(result, "todense") and not isinstance(result, np.ndarray):
        result = result.todense()
    return [np.asarray(result.detach() if hasattr(result, "detach") else result, dtype=float)]


def disagreement(a: Any, b: Any) -> float:
    """The largest difference of two results, relative to each array's largest; inf where shapes differ.

    >>> disagreement([np.array([1.0, 2.0])], [np.array([1.0, 2.5])])
    0.2
    """
    left, right = arrays(a), arrays(b)
    if [x.shape for x in left] != [y.shape for y in right]:
        return float("inf")
    worst = 0.0
    for x, y in zip(left, right, strict=True):
        if not x.size or np.array_equal(x, y, equal_nan=True):
            continue
        scale = max(np.max(np.abs(x)), np.max(np.abs(y)), np.finfo(float).tiny)
        difference = float(np.max(np.abs(x - y)) / scale)
        worst = difference if np.isnan(difference) else max(worst, difference)
    return worst


def measure(benchmark: Benchmark, size: Size, repeats: int = REPEATS) -> dict[str, Any]:
    """Prepare the sides, warm them up, check that they agree, time them interleaved, judge the targets."""
    problem = benchmark.problem(**size)
    rtol = max(benchmark.rtol, 2e-3) if size.get("dtype") == "float32" else benchmark.rtol
    calls, counts, found, notes = {}, {}, {}, []
    first_of: dict[str, tuple[Side, Any]] = {}
    for side in benchmark.sides:
        if not side.only(size):
            continue
        if not installed(side.peer):
            notes.append(f"{side.name}: skipped, {PACKAGES[side.peer]} is not installed")
            continue
        try:
            call = side.prepare(problem)
            result, taken = first(call)
        except Unavailable as unavailable:
            notes.append(f"{side.name}: skipped, {unavailable}")
            continue
        except Exception as error:  # one side that fails must not hide the others
            reason = (str(error).splitlines() or [""])[0][:200]
            notes.append(f"{side.name}: failed with {type(error).__name__}: {reason}")
            continue
        if side.compared and side.timed:
            numbers = side.values(problem, result)
            reference, expected = first_of.setdefault(side.quantity, (side, numbers))
            off = disagreement(numbers, expected)
            if not off <= rtol:
                notes.append(f"{side.name}: failed, its numbers differ from {reference.name} by {off:.1e}")
                continue
        count = min(repeats, side.repeats or repeats)
        scale = size[side.per] if side.per else 1
        if not side.timed:
            found[side.name] = Sample(float(result), float(result), float(result), 1)
        elif count == 1:
            found[side.name] = summary([taken / scale])
        else:
            calls[side.name], counts[side.name] = call, count
        del result
    for name, sample in interleaved(calls, counts).items():
        side = next(s for s in benchmark.sides if s.name == name)
        scale = size[side.per] if side.per else 1
        found[name] = Sample(sample.median / scale, sample.low / scale, sample.high / scale, sample.repeats)
    units = {s.name: s.unit for s in benchmark.sides}
    return {
        "benchmark": benchmark.name,
        "size": dict(size),
        "notes": notes,
        "sides": [{"name": k, "unit": units[k], **v._asdict()} for k, v in found.items()],
        "targets": judged(benchmark, size, found),
        "versions": {PACKAGES[p]: version(PACKAGES[p]) for p in benchmark.peers if installed(p)},
    }


def judged(benchmark: Benchmark, size: Size, found: Mapping[str, Sample]) -> list[dict[str, Any]]:
    """The targets whose sides were measured, each with its ratio of medians."""
    rows = []
    for target in benchmark.targets:
        if not target.only(size) or target.of not in found or (target.over and target.over not in found):
            continue
        ratio = found[target.of].median / (found[target.over].median if target.over else 1)
        rows.append(
            {
                "of": target.of,
                "over": target.over,
                "target": target.text,
                "ratio": ratio,
                "limit": target.at_most or target.at_least,
                "met": target.met(ratio),
            }
        )
    return rows


def main(arguments: Sequence[str]) -> None:
    """``NAME SIZE REPEATS PATH``: the size as JSON; the result is written to the path."""
    from .problems import benchmarks  # noqa: PLC0415

    name, size, repeats, path = arguments
    result = measure(benchmarks()[name], json.loads(size), int(repeats))
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main(sys.argv[1:])
