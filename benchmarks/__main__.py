"""The command: ``python -m benchmarks [NAME...] [--smallest] [--list]``."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from . import report
from .problems import benchmarks
from .record import Benchmark, Size
from .timing import REPEATS

ROOT = Path(__file__).parents[1]
TIMEOUT = 3600  # seconds for one problem at one size


def run(record: Benchmark, size: Size, repeats: int, device: str = "cpu") -> dict[str, Any]:
    """Measure one benchmark at one size in a process of its own."""
    environment = {
        **os.environ,
        "JAX_ENABLE_X64": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        **({"JAX_PLATFORMS": "cpu"} if device == "cpu" else {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "result.json")
        command = [
            sys.executable,
            "-m",
            "benchmarks.worker",
            record.name,
            json.dumps(dict(size)),
            str(repeats),
            str(path),
        ]
        trouble = ""
        try:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                timeout=TIMEOUT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if path.exists():
                return json.loads(path.read_text(encoding="utf-8"))
            trouble = (
                ended.stderr.strip().splitlines()[-1]
                if ended.stderr.strip()
                else f"exit status {ended.returncode}"
            )
        except subprocess.TimeoutExpired:
            trouble = f"no result after {TIMEOUT} s"
    return {
        "benchmark": record.name,
        "size": dict(size),
        "notes": [f"failed: {trouble}"[:300]],
        "sides": [],
        "targets": [],
        "versions": {},
    }


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option(
    "--smallest",
    is_flag=True,
    help="Each problem once at its smallest size: does it run, do the numbers agree?",
)
@click.option(
    "--list", "listing", is_flag=True, help="Name the benchmarks and their targets, measure nothing."
)
@click.option("--repeats", default=REPEATS, show_default=True, help="Samples of each side.")
@click.option(
    "--device", default="cpu", show_default=True, help="'default' lets JAX choose: a GPU where there is one."
)
@click.option(
    "--dtype",
    default="float64",
    show_default=True,
    help="'float32': the tensor problems alone, in single precision.",
)
@click.option(
    "--record/--no-record",
    default=None,
    help="Append to results.md and draw the plots (by default after a full run).",
)
def main(
    names: tuple[str, ...],
    smallest: bool,
    listing: bool,
    repeats: int,
    device: str,
    dtype: str,
    record: bool | None,
) -> None:
    known = benchmarks()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(known)}")
    single = {} if dtype == "float64" else {"dtype": dtype}
    chosen = {name: known[name] for name in (names or known) if known[name].dtypes or not single}
    if listing:
        for b in chosen.values():
            click.echo(f"{b.name}: {b.title} (against {', '.join(p for p in b.peers if p != 'symdiff')})")
            for t in b.targets:
                click.echo(f"    {t.of} {t.text}")
        return
    results = []
    for b in chosen.values():
        for size in [b.smallest] if smallest else b.full:
            results.append(run(b, {**size, **single}, 3 if smallest else repeats, device))
            click.echo("\n".join(report.lines_of(results[-1], judged=not smallest)) + "\n")
    if not smallest:
        targets = [t for r in results for t in r["targets"]]
        click.echo(f"{sum(t['met'] for t in targets)} of {len(targets)} targets met")
    if record if record is not None else not smallest and not names:
        report.append(results, known)
        if find_spec("matplotlib"):
            report.plot(results, known)
    if any(report.failed(r) for r in results):
        raise SystemExit("some sides failed or disagreed: see the notes above")


if __name__ == "__main__":
    main()
