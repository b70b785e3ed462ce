"""Products within products, unfolded into one list of labelled factors.

In ``y[out] = sum of prod factor[labels]`` a factor may be such a product itself. It is taken into the outer one by
calling its labels what the outer product calls them: what it sums gets labels of its own, and a label that stands twice
in its result, as in a unit tensor, makes two outer labels one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any


class Unfolding:
    """The labels of one product while others are taken into it; `fresh` gives one that nothing has.

    >>> labels = Unfolding(iter("stu").__next__)
    >>> at = labels.inside("iki", "abc")  # y[i, k, i] = sum over j, where the outer product reads y[a, b, c]
    >>> [at[i] for i in "ijk"], labels.roots("abc")
    (['a', 's', 'b'], ('a', 'b', 'a'))
    """

    __slots__ = ("fresh", "same")

    def __init__(self, fresh: Callable[[], Any]):
        self.fresh = fresh
        self.same: dict[Any, Any] = {}  # a label -> another that it turned out to be

    @classmethod
    def after(cls, labels: Iterable[int]) -> "Unfolding":
        """Those of a product of these whole numbers."""
        return cls(count(1 + max(labels, default=-1)).__next__)

    def root(self, label: Any) -> Any:
        """What the label is called now."""
        same = self.same
        while label in same:
            label = same[label]
        return label

    def roots(self, labels: Iterable[Any]) -> tuple:
        return tuple([self.root(i) for i in labels] if self.same else labels)

    def inside(self, out: Sequence[Any], outer: Sequence[Any]) -> Mapping[Any, Any]:
        """{label within: label without} of a product with the result labels `out` that is read at `outer`."""
        at: defaultdict[Any, Any] = defaultdict(self.fresh)
        for i, label in zip(out, outer, strict=True):
            label = self.root(label)
            known = self.root(at[i]) if i in at else at.setdefault(i, label)
            if known != label:
                self.same[label] = known
        return at
