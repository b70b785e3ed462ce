"""What a run found, as text, as the table in results.md, and as plots."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import symdiff as sd

from .peers import version
from .record import Benchmark, size_text

HERE = Path(__file__).parent
Result = Mapping[str, Any]


def number(value: float, unit: str) -> str:
    """
    >>> number(2.5e-5, "s"), number(0.83, ""), number(612.0, "bytes")
    ('25 µs', '0.83', '612 bytes')
    """
    if unit.split("/")[0] == "s":
        for scale, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")):
            if abs(value) >= scale or name == "ns":
                return f"{value / scale:.3g} {name}{unit[1:]}"
    return f"{value:.4g} {unit}".strip()


def lines_of(result: Result, judged: bool) -> list[str]:
    """One result as text: ratios against targets first, times as information, then what was left out."""
    lines = [f"{result['benchmark']} ({size_text(result['size'])})"]
    for t in result["targets"]:
        verdict = ("met" if t["met"] else "MISSED") if judged else "not judged at this size"
        lines.append(f"  {t['of']:<34} {t['ratio']:>10.3g}   target {t['target']:<36} {verdict}")
    for s in result["sides"]:
        spread = (
            f"{number(s['low'], s['unit'])} to {number(s['high'], s['unit'])}, {s['repeats']} runs"
            if s["repeats"] > 1
            else ""
        )
        lines.append(f"    {s['name']:<32} {number(s['median'], s['unit']):>14}   {spread}")
    return lines + [f"  note: {note}" for note in result["notes"]]


def failed(result: Result) -> bool:
    """Whether a side failed or its numbers disagreed (a missed target is no failure)."""
    return any("failed" in note for note in result["notes"])


def processor() -> str:
    """The model of the processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        found = []
    return found[0] if found else platform.processor() or platform.machine()


def versions() -> str:
    peers = ("numpy", "scipy", "llvmlite", "jax", "torch", "casadi", "pytensor", "sympy")
    own = [("symdiff", sd.__version__), ("Python", platform.python_version())]
    return ", ".join(f"{p} {v}" for p, v in [*own, *((p, version(p)) for p in peers)] if v)


def row(*cells: Any) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def table(results: Sequence[Result], records: Mapping[str, Benchmark]) -> str:
    """A section of results.md."""
    targets = [t for r in results for t in r["targets"]]
    lines = [
        f"## {datetime.now(UTC):%Y-%m-%d}",
        "",
        f"{os.cpu_count()} cores, {processor()}. {versions()}.",
        f"{sum(t['met'] for t in targets)} of {len(targets)} targets met. Ratios are of medians of",
        "interleaved runs; times, with the number of runs behind them, are for information.",
        "Threads of BLAS, JAX and torch are at their defaults.",
        "",
        row("problem", "size", "measured", "ratio", "target", "", "times"),
        row(*["---"] * 7),
    ]
    for r in results:
        problem = (records[r["benchmark"]].title, size_text(r["size"]))
        times = {s["name"]: f"{number(s['median'], s['unit'])} ({s['repeats']})" for s in r["sides"]}
        shown = {name for t in r["targets"] for name in (t["of"], t["over"])}
        for t in r["targets"]:
            verdict = "met" if t["met"] else "**missed**"
            of = "; ".join(times[name] for name in (t["of"], t["over"]) if name)
            lines.append(row(*problem, t["of"], f"{t['ratio']:.3g}", t["target"], verdict, of))
        rest = "; ".join(f"{name} {text}" for name, text in times.items() if name not in shown)
        if rest:
            lines.append(row(*problem, "also", "", "", "", rest))
    lines.append("")
    lines += [f"- {r['benchmark']} ({size_text(r['size'])}): {note}" for r in results for note in r["notes"]]
    lines += [f"- {name}: {records[name].note}" for name in _by_benchmark(results) if records[name].note]
    return "\n".join([*lines, ""])


def append(
    results: Sequence[Result], records: Mapping[str, Benchmark], path: Path = HERE / "results.md"
) -> None:
    """Add a run to the results."""
    with open(path, "a", encoding="utf-8") as file:
        file.write("\n" + table(results, records))


def plot(
    results: Sequence[Result], records: Mapping[str, Benchmark], folder: Path = HERE / "plots"
) -> list[Path]:
    """SVG pictures: all ratios over their limits, and time against size where a record names its axis."""
    import matplotlib  # noqa: PLC0415

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "symdiff"
    from matplotlib import pyplot  # noqa: PLC0415

    def save(figure: Any, name: str) -> Path:
        path = folder / f"{name}.svg"
        figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
        pyplot.close(figure)
        return path

    folder.mkdir(exist_ok=True)
    paths = []
    targets = [
        (f"{r['benchmark']} ({size_text(r['size'])}): {t['of']} {t['target']}", t)
        for r in results
        for t in r["targets"]
    ]
    if targets:
        shares = [
            t["ratio"] / t["limit"] if "≤" in t["target"] else t["limit"] / t["ratio"] for _, t in targets
        ]
        figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.22 * len(targets)))
        axes.barh(
            [text for text, _ in targets],
            shares,
            color=["#4477aa" if t["met"] else "#cc6677" for _, t in targets],
        )
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set(xscale="log", xlabel="ratio over its target (left of the line: met)")
        axes.invert_yaxis()
        axes.tick_params(axis="y", labelsize=7)
        paths.append(save(figure, "targets"))
    for name, of in _by_benchmark(results).items():
        axis = records[name].plot
        if not axis or len(of) < 2:
            continue
        figure, axes = pyplot.subplots(figsize=(6, 4))
        for side in dict.fromkeys(s["name"] for r in of for s in r["sides"] if s["unit"].startswith("s")):
            points = [(r["size"][axis], s["median"]) for r in of for s in r["sides"] if s["name"] == side]
            axes.plot(*zip(*points, strict=True), marker="o", label=side)
        unit = next(s["unit"] for r in of for s in r["sides"] if s["unit"].startswith("s"))
        axes.set(xscale="log", yscale="log", xlabel=axis, ylabel=unit, title=records[name].title)
        axes.legend(fontsize=8)
        paths.append(save(figure, name))
    return paths


def _by_benchmark(results: Iterable[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for r in results:
        found.setdefault(r["benchmark"], []).append(r)
    return found
