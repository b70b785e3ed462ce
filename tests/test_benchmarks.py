"""The benchmarks' own machinery, and that every record is whole: sides, sizes, targets, models that run."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import symdiff as sd
from benchmarks import models, report, timing, versions, worker
from benchmarks.peers import namespace
from benchmarks.problems import benchmarks
from benchmarks.problems.formulas import operations
from benchmarks.record import Benchmark, Side, Target, Unavailable
from benchmarks.scalar_formulas import FORMULAS
from benchmarks.sides import problem_of, symdiff_gradient, symdiff_hvp, symdiff_model

RECORDS = benchmarks()


# --- records ----------------------------------------------------


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_record_is_whole(record: Benchmark):
    names = [side.name for side in record.sides]
    assert len(set(names)) == len(names)
    assert record.targets
    assert record.full
    for target in record.targets:
        assert (target.at_most is None) != (target.at_least is None)
        assert target.of in names
        assert not target.over or target.over in names
    for size in record.full:
        assert size.keys() == record.smallest.keys(), "sizes of one problem have the same entries"
    assert {side.per for side in record.sides} <= {"", *record.smallest}
    json.dumps([record.smallest, *record.full])


def test_issue_rows_are_there():
    """Each row of the issues' tables has a benchmark."""
    tensors = "elementwise logistic network mixture lstm reprojection"
    scalars = "build growth sharing tape batch first programs"
    formulas = "formulas identities network_formula"
    hessians = "hessian_quadratic hessian_logistic hessian_factorisation hessian_network"
    sparse = "sparse_rosenbrock sparse_luksan sparse_bratu sparse_bundle many_columns gauss_newton_diagonal"
    assert set(" ".join([tensors, scalars, formulas, hessians, sparse]).split()) <= RECORDS.keys()


def test_three_hundred_formulas():
    assert len(set(FORMULAS)) == 300


# --- statistics -------------------------------------------------


def test_summary():
    sample = timing.summary([5.0, 1.0, 2.0, 4.0, 3.0])
    assert (sample.median, sample.repeats) == (3.0, 5)
    assert sample.low <= sample.median <= sample.high
    assert timing.summary([2.0]) == (2.0, 2.0, 2.0, 1)


def test_two_versions_take_turns():
    (row,) = versions.compared(versions.ROOT, ["sharing"], rounds=1, smallest=True)
    assert row[:2] == ("sharing", "symdiff: build")
    assert all(0 < x < 60 for x in row[2:])


def test_interleaved_takes_turns():
    order: list[str] = []
    slow = {k: (lambda k=k: (order.append(k), timing.time.sleep(timing.SHORTEST * 1.2))) for k in "ab"}
    found = timing.interleaved(slow, {"a": 3, "b": 2})
    assert "".join(order[2:]) == "ababa"  # the first two are the calibration
    assert (found["a"].repeats, found["b"].repeats) == (3, 2)
    assert found["a"].median >= timing.SHORTEST


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.0], [1.0, 2.5], 0.2),
        ([1.0, 2.0], [1.0], np.inf),
        ([np.nan, 1.0], [np.nan, 1.0], 0.0),
    ],
)
def test_disagreement(a: list, b: list, expected: float):
    assert worker.disagreement(np.array(a), [np.array(b)]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "count"), [("x", 0), ("-x", 1), ("x**(-1/2)", 1), ("a < x < b", 2), ("exp(2*x)/x", 3)]
)
def test_operations(text: str, count: int):
    assert operations(text) == count


# --- a run ------------------------------------------------------


def _absent(problem: object) -> None:
    raise Unavailable("not here")


def _broken(problem: object) -> None:
    raise ZeroDivisionError("a side that fails")


TOY = Benchmark(
    "toy",
    "a toy",
    lambda n: np.arange(float(n)),
    {"n": 10},
    [{"n": 10}],
    [
        Side("symdiff", "sum", lambda x: x.sum),
        Side("numpy", "sum", lambda x: lambda: sum(x)),
        Side("jax", "sum", lambda x: lambda: x.sum() + 1, only=lambda size: size["n"] == 10),
        Side("numpy", "length", lambda x: lambda: len(x), unit="numbers", timed=False),
        Side("numpy", "absent", _absent),
        Side("numpy", "broken", _broken),
    ],
    [Target("symdiff: sum", 1e9, "numpy: sum"), Target("numpy: length", at_least=11)],
)


def test_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(worker, "installed", lambda peer: True)
    result = worker.measure(TOY, TOY.smallest, repeats=3)
    assert [t["met"] for t in result["targets"]] == [True, False]
    assert [s["name"] for s in result["sides"]] == ["numpy: length", "symdiff: sum", "numpy: sum"]
    notes = "\n".join(result["notes"])
    assert "jax: sum: failed, its numbers differ from symdiff: sum by 2.2e-02" in notes
    assert "numpy: absent: skipped, not here" in notes
    assert "numpy: broken: failed with ZeroDivisionError" in notes
    assert report.failed(result)
    assert "MISSED" in "\n".join(report.lines_of(result, judged=True))
    report.append([json.loads(json.dumps(result))], {"toy": TOY}, tmp_path / "results.md")
    assert "1 of 2 targets met" in (tmp_path / "results.md").read_text(encoding="utf-8")


def test_peers_that_are_not_installed_are_skipped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "installed", lambda peer: peer == "symdiff")
    result = worker.measure(TOY, TOY.smallest, repeats=1)
    assert "jax: sum: skipped, jax is not installed" in result["notes"]
    assert not report.failed(result)


# --- models -----------------------------------------------------

MODELS = {
    "logistic": (models.LOGISTIC, {"n": 6, "d": 3}),
    "network": (models.NETWORK, {"batch": 3, "inputs": 4, "hidden": 3, "classes": 2}),
    "mixture": (models.MIXTURE, {"n": 4, "d": 3, "K": 2}),
    "lstm": (models.LSTM, {"layers": 2, "width": 2, "steps": 2}),
    "quadratic": (models.QUADRATIC, {"n": 4}),
    "factorisation": (models.FACTORISATION, {"m": 4, "k": 2}),
}


@pytest.mark.parametrize(("model", "size"), MODELS.values(), ids=MODELS)
def test_models_over_numpy(model: models.Model, size: dict):
    """Value, slope and curvature along a line: symdiff against numpy's values of the same model."""
    p = problem_of(model)(**size)
    inputs, value = symdiff_model(p)

    def along(t: float) -> float:
        moved = {k: p.arrays[k] + t * v for k, v in zip(model.wrt, p.vectors, strict=True)}
        return float(model.function(namespace("numpy"), **{**p.arrays, **moved}))

    assert sd.evaluate(value, p.arrays) == pytest.approx(along(0))
    h = 1e-4
    slope = sum(np.vdot(a, v) for a, v in zip(symdiff_gradient(p)(), p.vectors, strict=True))
    assert slope == pytest.approx((along(h) - along(-h)) / (2 * h), rel=1e-5, abs=1e-6)
    curvature = sum(np.vdot(a, v) for a, v in zip(symdiff_hvp(p)(), p.vectors, strict=True))
    assert curvature == pytest.approx((along(h) - 2 * along(0) + along(-h)) / h**2, rel=1e-3, abs=1e-4)
    assert len(inputs) == len(p.arrays)
