"""A numpy call as text, before its operands have names."""

from typing import NamedTuple


class Arg(NamedTuple):
    """An operand: a value seen through a view, or (value None) a literal."""

    value: int | None
    text: str = "{}"


class Prim(NamedTuple):
    """One call. `plain` is an expression of the operands {0}, {1}, ...; `into` writes it to {out} and may be
    missing.

    view   the result shares memory with the first operand
    local  entry by entry: the result may take the memory of an operand of its own shape
    flops  operations, for the profile
    """

    out: int
    args: tuple[Arg, ...]
    plain: str
    into: str | None = None
    view: bool = False
    local: bool = False
    flops: int = 0


INFIX = {
    "np.add": "{0} + {1}", "np.subtract": "{0} - {1}", "np.multiply": "{0}*{1}", "np.divide": "{0}/{1}",
    "np.negative": "-{0}", "np.greater": "{0} > {1}", "np.greater_equal": "{0} >= {1}",
    "np.less": "{0} < {1}", "np.less_equal": "{0} <= {1}",
    "np.equal": "{0} == {1}", "np.not_equal": "{0} != {1}",
}  # fmt: skip


MATMUL = "np.matmul({0}, {1}, out={out})"
