"""Interleaved medians: A B A B, each sample long enough for the clock."""

import gc
import math
import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles
from typing import Any, NamedTuple

REPEATS = 11
SHORTEST = 0.02  # seconds a sample lasts at least, by calling several times
PAUSE = 0.03  # seconds before a sample: idle threads of the other sides stop spinning


class Sample(NamedTuple):
    """What the samples of one call say: the median and the quartiles, in seconds per call."""

    median: float
    low: float
    high: float
    repeats: int


def summary(samples: list[float]) -> Sample:
    """
    >>> summary([3.0, 1.0, 2.0])
    Sample(median=2.0, low=1.0, high=3.0, repeats=3)
    """
    low, _, high = quantiles(samples, n=4) if len(samples) > 1 else samples * 3
    return Sample(median(samples), low, high, len(samples))


def seconds(call: Callable[[], Any], number: int = 1) -> float:
    """The time of one call, over `number` calls."""
    start = time.perf_counter()
    for _ in range(number):
        call()
    return (time.perf_counter() - start) / number


def first(call: Callable[[], Any]) -> tuple[Any, float]:
    """The result of a first call and its time."""
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def interleaved(calls: Mapping[str, Callable[[], Any]], repeats: Mapping[str, int]) -> dict[str, Sample]:
    """The times of warmed-up calls: every round takes one sample of each, after a collection and a pause.

    A pause leaves caches cold and threads asleep: what is short is called once more before it is timed.
    """
    numbers = {
        k: max(1, math.ceil(SHORTEST / max(seconds(call), 1e-8)))
        for k, call in calls.items()
        if repeats[k] > 0
    }
    samples: dict[str, list[float]] = {k: [] for k in numbers}
    for turn in range(max(repeats.values(), default=0)):
        for k, number in numbers.items():
            if turn < repeats[k]:
                gc.collect()
                time.sleep(PAUSE)
                if number > 1:
                    calls[k]()
                samples[k].append(seconds(calls[k], number))
    return {k: summary(v) for k, v in samples.items()}
