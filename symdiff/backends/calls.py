"""Steps of a plan -> `Prim`s: single numpy calls as text, most of which can write into a given array.

Transposes, broadcasts and diagonals are views inside the texts of operands, so BLAS sees strides and nothing
is copied.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ..constants import as_float
from ..op import Op
from ..ops.layout import place_op, reshape_op
from ..ops.products import ADD, CONTRACT, SCALAR_PRODUCT
from ..program import Instruction
from .blas import gram
from .maps import MAPS, SHIFTED
from .plan import STRONG, Plan, Shape, Uniform
from .prims import INFIX, MATMUL, Arg, Prim


class Calls:
    """Collects the prims of steps. `rows` is the size that is cut into blocks of the length called "m", if
    any."""

    def __init__(self, plan: Plan, names: dict[str, Any], rows: int | None = None):
        self.plan, self.names, self.rows = plan, names, rows
        self.prims: list[Prim] = []
        self._seen: dict[tuple, int] = {}
        self._run = 0  # equal calls are one within a run of the steps, not where some are run again

    # --- operands -------------------------------------------------------------------------------------------

    def literal(self, value: Any) -> Arg:
        """A number as text."""
        value = value.value if isinstance(value, Uniform) else value
        if isinstance(value, (bool, np.bool_)):
            return Arg(None, str(bool(value)))
        if isinstance(value, (int, np.integer)):
            return Arg(None, repr(int(value)))
        if isinstance(value, np.float32):
            return Arg(
                None,
                f"np.float32({float(value)!r})" if np.isfinite(value) else f"np.float32('{float(value)}')",
            )
        value = float(value)
        return Arg(
            None,
            repr(value)
            if np.isfinite(value)
            else {"inf": "np.inf", "-inf": "-np.inf"}.get(repr(value), "np.nan"),
        )

    def operand(self, n: int) -> Arg:
        """A value as an operand; a constant of one value is a literal."""
        constant = self.plan.constants.get(n)
        if constant is None:
            return Arg(n)
        if isinstance(constant, Uniform) or np.ndim(constant) == 0:
            return self.literal(constant)
        return Arg(n)

    def tensor(self, n: int, dtype: str) -> Arg:
        """A value as an array: a constant of one value is spread to its shape."""
        constant = self.plan.constants.get(n)
        if isinstance(constant, Uniform):
            number = f"np.{STRONG.get(dtype, dtype)}({self.literal(constant).text})"
            return Arg(None, f"np.broadcast_to({number}, {self.shape_text(constant.shape)})")
        return self.operand(n)

    def shape_text(self, shape: Sequence[int]) -> str:
        sizes = ["m" if s == self.rows else str(s) for s in shape]
        return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"

    # --- prims ----------------------------------------------------------------------------------------------

    def entries(self, n: int) -> int:
        return prod(self.plan.shape[n])

    def emit(self, prim: Prim) -> int:
        self.prims.append(prim)
        return prim.out

    def map(
        self, f: str, *args: Any, n: int | None = None, dtype: str = "float64", shape: Shape | None = None
    ) -> Arg:
        """An elementwise call on operands (Args or numbers); equal calls are one. `shape` where views hide
        the operands'."""
        operands = tuple(a if isinstance(a, Arg) else self.literal(a) for a in args)
        key = (f, operands, dtype, self._run)
        if n is None and key in self._seen:
            return Arg(self._seen[key])
        plan = self.plan
        if shape is None:
            found = {plan.shape[a.value] for a in operands if a.value is not None} - {()}
            shape = np.broadcast_shapes(*found) if len(found) > 1 else found.pop() if found else ()
        if n is not None and shape != plan.shape[n]:  # a number spread over a shape that no operand has
            narrow = self.map(f, *operands, dtype=dtype, shape=shape)
            self.emit(
                Prim(n, (narrow,), f"np.broadcast_to({{0}}, {self.shape_text(plan.shape[n])})", view=True)
            )
            return Arg(n)
        if n is None:
            n = plan.fresh(shape, dtype)
        self._seen[key] = n
        inside = ", ".join(f"{{{k}}}" for k in range(len(operands)))
        plain = INFIX.get(f, f"{f}({inside})")
        return Arg(
            self.emit(Prim(n, operands, plain, f"{f}({inside}, out={{out}})", local=True, flops=prod(shape)))
        )

    def found(self, f: str, x: Arg | None, dtype: str) -> Arg | None:
        """What an elementwise call of one operand gave, when it has been made."""
        key = (f, (x,), dtype, self._run)
        return Arg(self._seen[key]) if key in self._seen else None

    def once(self, plain: str, args: tuple[Arg, ...], shape: Shape, dtype: str) -> Arg:
        """A call that allocates; equal calls are one."""
        key = (plain, args, dtype, self._run)
        if key not in self._seen:
            self._seen[key] = self.plan.fresh(shape, dtype)
            self.emit(Prim(self._seen[key], args, plain, flops=prod(shape)))
        return Arg(self._seen[key])

    def call(self, op: Op, n: int, inputs: Sequence[int], params: tuple) -> None:
        """The meaning of an op, called as it is."""
        f = self.bind(f"op_{op.name}".replace(".", "_"), op.meaning())
        several = type(self.plan.shape[n]) is not tuple
        args = tuple(self.tensor(i, self.plan.dtype[i]) for i in inputs)
        texts = [f"{{{k}}}" for k in range(len(args))] + [self.parameter(p) for p in params]
        plain = f"{f}({', '.join(texts)})"
        if not several and op.name != "project":
            plain = f"np.asarray({plain})"
        self.emit(Prim(n, args, plain, view=op.views or (op is CONTRACT and len(args) == 1)))

    def parameter(self, p: Any) -> str:
        if isinstance(p, (int, float, type(None))) or (isinstance(p, tuple) and "'" not in repr(p)):
            return repr(p).replace("{", "{{").replace("}", "}}") if _plain(p) else self.bind("parameter", p)
        return self.bind("parameter", p)

    def bind(self, name: str, value: Any) -> str:
        """A name of the generated module for a value."""
        if self.names.get(name, value) is value:
            self.names[name] = value
            return name
        k = 1
        while self.names.get(f"{name}_{k}", value) is not value:
            k += 1
        self.names[f"{name}_{k}"] = value
        return f"{name}_{k}"

    def step(self, step: Instruction) -> None:
        op, n, inputs, params = step
        dtype = self.plan.dtype[n]
        self._run = self.plan.copies.get(n, 0)
        floating = dtype in ("float64", "float32")
        if op is reshape_op:
            text = f"{{0}}.reshape({self.shape_text(self.plan.shape[n])})"
            self.emit(Prim(n, (self.tensor(inputs[0], dtype),), text, view=True))
        elif op is place_op:  # its shape may have the rows
            args = (self.tensor(inputs[0], dtype),)
            text = f"{self.bind('place', op.meaning())}({{0}}, {self.parameter(params[0])}, "
            self.emit(Prim(n, args, f"{text}{self.shape_text(self.plan.shape[n])})"))
        elif op is ADD and floating:
            self._add(n, inputs, params, dtype)
        elif op is CONTRACT and inputs and (floating or self._sums_nothing(step)):
            self._contract(step)
        elif op in MAPS and floating and self._fits(n, inputs):
            taken = MAPS[op](self, n, *[self.operand(i) for i in inputs])
            if taken is False:
                self._elementwise(op, n, inputs, params)
        elif op.elementwise:
            self._elementwise(op, n, inputs, params)
        elif (
            op in SHIFTED
            and floating
            and self.plan.dtype[inputs[0]] == dtype
            and self.entries(inputs[0])
        ):
            SHIFTED[op](self, n, Arg(inputs[0]), *params)
        else:
            self.call(op, n, inputs, params)

    def _fits(self, n: int, inputs: Sequence[int]) -> bool:
        """Every operand is of the result's type (or a number): the buffers' types are then right."""
        plan = self.plan
        return all(plan.dtype[i] in (plan.dtype[n], *STRONG, "bool") for i in inputs)

    def _elementwise(self, op: Op, n: int, inputs: Sequence[int], params: tuple) -> None:
        meaning, dtype = op.meaning(), self.plan.dtype[n]
        if isinstance(meaning, np.ufunc) and not params:
            args = []
            for i in inputs:
                arg = self.operand(i)
                if dtype.startswith("float") and self.plan.dtype[i] == "bool" and arg.value is not None:
                    arg = Arg(arg.value, f"{{}}.astype(np.{STRONG.get(dtype, dtype)})")
                args.append(arg)
            if all(a.value is None for a in args):
                return self.call(op, n, inputs, params)
            name = meaning.__name__
            text = f"np.{name}" if getattr(np, name, None) is meaning else self.bind(name, meaning)
            self.map(text, *args, n=n, dtype=dtype)
            return None
        return self.call(op, n, inputs, params)

    def _add(self, n: int, inputs: Sequence[int], coefficients: Sequence[Any], dtype: str) -> None:
        """c0*x0 + c1*x1 + ...: terms of the full shape first, each added to the sum in place."""
        shape = self.plan.shape
        terms = sorted(zip(coefficients, inputs, strict=True), key=lambda t: -prod(shape[t[1]]))
        args = [(c, self._as_float(i, dtype)) for c, i in terms]
        start = next((k for k, (c, _) in enumerate(args) if c == 1), 0)
        args.insert(0, args.pop(start))
        total: Arg | None = None
        for k, (c, x) in enumerate(args):
            node = n if k == len(args) - 1 else None
            if total is None:
                if len(args) == 1:
                    self.map(
                        *(("np.negative", x) if c == -1 else ("np.multiply", x, self._coefficient(c))),
                        n=n,
                        dtype=dtype,
                    )
                    return
                total = x if c == 1 else self.map("np.multiply", x, self._coefficient(c), dtype=dtype)
            elif c in (1, -1):
                total = self.map("np.add" if c == 1 else "np.subtract", total, x, n=node, dtype=dtype)
            else:
                f = "np.subtract" if c < 0 else "np.add"
                scaled = (
                    self.map("np.multiply", x, self._coefficient(abs(c)), dtype=dtype) if abs(c) != 1 else x
                )
                total = self.map(f, total, scaled, n=node, dtype=dtype)

    def _as_float(self, i: int, dtype: str) -> Arg:
        arg = self.operand(i)
        if arg.value is not None and self.plan.dtype[i] == "bool":
            return Arg(i, f"np.asarray({{}}, np.{STRONG.get(dtype, dtype)})")
        return arg

    def _coefficient(self, c: Any) -> Arg:
        return self.literal(c if isinstance(c, int) and abs(c) < 2**53 else as_float(c))

    # --- products -------------------------------------------------------------------------------------------

    def _sums_nothing(self, step: Instruction) -> bool:
        """Integers or truth values laid out anew, or integers multiplied entry by entry: as with floats."""
        labels, out, _ = step.params
        dtype, kept = self.plan.dtype, {*out}
        is_alone = len(step.inputs) == 1 and len({*labels[0]}) == len(labels[0])
        is_whole = len(step.inputs) == 2 and dtype[step.node] != "bool"
        same = all(dtype[i] == dtype[step.node] for i in step.inputs)
        return same and (is_alone or is_whole) and all(kept.issuperset(ls) for ls in labels)

    def _contract(self, step: Instruction) -> None:
        op, n, inputs, (labels, out, free) = step
        plan, dtype = self.plan, self.plan.dtype[n]
        if step.params == SCALAR_PRODUCT:
            self.map("np.multiply", self.operand(inputs[0]), self.operand(inputs[1]), n=n, dtype=dtype)
            return None
        if len(inputs) == 3:  # X' diag(c) X
            rows = f"{{}}{'' if labels[0][0] == labels[1][0] else '.T'}"
            flops = prod(plan.shape[inputs[0]]) * plan.shape[n][0]
            self.names["gram"] = gram
            args = Arg(inputs[0], rows), Arg(inputs[1])
            self.emit(Prim(n, args, "gram({0}, {1})", "gram({0}, {1}, {out})", flops=flops))
            return None
        spread = len(inputs) == 2 and any(isinstance(plan.constants.get(i), Uniform) for i in inputs)
        if spread or len(set(out)) < len(out) or any(plan.dtype[i] not in (dtype, *STRONG) for i in inputs):
            return self.call(op, n, inputs, step.params)
        sizes = dict(free)
        factors = []
        for k, (i, ls) in enumerate(zip(inputs, labels, strict=True)):
            sizes.update(zip(ls, plan.shape[i], strict=True))
            other = labels[1 - k] if len(inputs) == 2 else ()
            factors.append(
                self._reduced(i, ls, {*out, *other}, dtype, n if len(inputs) == 1 and not free else None, out)
            )
        if len(factors) == 1:
            arg, ls = factors[0]
            if arg.value != n:
                self._spread(n, arg, ls, out, sizes)
            return None
        (a, la), (b, lb) = factors
        if a.value is None or b.value is None or not (set(la) & set(lb)) - set(out):
            full = tuple([sizes[i] for i in out])
            self.map(
                "np.multiply",
                self._aligned(a, la, out),
                self._aligned(b, lb, out),
                n=n,
                dtype=dtype,
                shape=full,
            )
            return None
        return self._product(n, (a, la), (b, lb), out, sizes)

    def _reduced(
        self, i: int, ls: tuple, needed: set, dtype: str, n: int | None, out: tuple
    ) -> tuple[Arg, tuple]:
        """An operand with its diagonals taken and the labels that nobody else needs summed."""
        plan = self.plan
        arg = self.tensor(i, dtype) if ls else self.operand(i)
        if len(set(ls)) < len(ls):
            unique = tuple(dict.fromkeys(ls))
            arg = Arg(
                arg.value, arg.text.replace("{}", f"np.einsum('{_letters(ls)}->{_letters(unique)}', {{}})")
            )
            if arg.value is None:
                arg = Arg(None, f"np.einsum('{_letters(ls)}->{_letters(unique)}', {arg.text})")
            shape = dict(zip(ls, plan.shape[i], strict=True))
            sizes, ls = tuple(shape[u] for u in unique), unique
        else:
            sizes = plan.shape[i]
        gone = tuple(k for k, label in enumerate(ls) if label not in needed)
        if not gone:
            return arg, ls
        kept = tuple([label for label in ls if label in needed])
        left = tuple([s for k, s in enumerate(sizes) if k not in gone])
        target = n if n is not None and kept == out else plan.fresh(left, dtype)
        axis = "None" if len(gone) == len(ls) else repr(gone[0] if len(gone) == 1 else gone)
        self.emit(
            Prim(
                target,
                (arg,),
                f"np.add.reduce({{0}}, axis={axis})",
                f"np.add.reduce({{0}}, axis={axis}, out={{out}})" if left else None,
                flops=prod(sizes),
            )
        )
        return Arg(target), kept

    def _view(self, arg: Arg, ls: tuple, out: tuple) -> str:
        """The text of a view of an operand: its labels in the order of `out`, new axes for the others."""
        text = arg.text
        order = [ls.index(i) for i in out if i in ls]
        if order != sorted(order):
            text += (
                ".T" if order == list(range(len(ls)))[::-1] else f".transpose({', '.join(map(str, order))})"
            )
        lead = 0
        while lead < len(out) and out[lead] not in ls:
            lead += 1
        if any(i not in ls for i in out):
            text += "[" + ", ".join(":" if i in ls else "None" for i in out) + "]"
        return text

    def _aligned(self, arg: Arg, ls: tuple, out: tuple) -> Arg:
        """An operand that broadcasts against the labels `out`."""
        if arg.value is None or not ls:
            return arg
        first = next(k for k, i in enumerate(out) if i in ls)
        return Arg(arg.value, self._view(arg, ls, out[first:]))

    def _spread(self, n: int, arg: Arg, ls: tuple, out: tuple, sizes: Mapping[int, int]) -> None:
        """One factor: permuted, with new axes, stretched."""
        text = self._view(arg, ls, out)
        shape = tuple([sizes[i] for i in out])
        if any(sizes[i] != 1 for i in out if i not in ls):
            text = f"np.broadcast_to({text}, {self.shape_text(shape)})"
        if arg.value is None:
            self.emit(Prim(n, (), text))
        else:
            self.emit(Prim(n, (Arg(arg.value, "{}"),), text.replace("{}", "{0}"), view=True))

    def _product(
        self,
        n: int,
        first: tuple[Arg, tuple],
        second: tuple[Arg, tuple],
        out: tuple,
        sizes: Mapping[int, int],
    ) -> None:
        """Two factors with summed labels: dot, gemv, gemm or a stack of them, on views."""
        (a, la), (b, lb) = first, second
        dtype = self.plan.dtype[n]
        batch = tuple(i for i in out if i in la and i in lb)
        summed = tuple(i for i in (la if len(la) >= len(lb) else lb) if i in la and i in lb and i not in out)
        left = tuple(i for i in out if i in la and i not in lb)
        right = tuple(i for i in out if i in lb and i not in la)
        flops = 2 * prod(sizes[i] for i in {*la, *lb})
        if left and right and len(out) > 2 and self.rows is None and all(sizes[i] == 1 for i in summed):
            factors = []  # a sum over axes of size 1 is a product that broadcasts, written in one pass
            for arg, ls in (first, second):
                entry = "[" + ", ".join("0" if i in summed else ":" for i in ls) + "]"
                kept = tuple(i for i in ls if i not in summed)
                factors.append(self._aligned(Arg(arg.value, arg.text + entry), kept, out))
            self.emit(Prim(n, tuple(factors), "np.multiply({0}, {1})", "np.multiply({0}, {1}, out={out})", flops=flops))
            return
        if not left and not right:
            if not batch and la == lb:
                f = "np.dot" if len(la) == 1 else "np.vdot"
                self.emit(Prim(n, (a, b), f"{f}({{0}}, {{1}})", flops=flops))
                return
            if len(summed) == 1 and batch and summed[0] not in (la[-1], lb[-1]):
                # the summed axis is no last one in memory: rows are multiplied and added whole
                shape = tuple([sizes[i] for i in la])
                terms = self.map("np.multiply", a, self._aligned(b, lb, la), dtype=dtype, shape=shape).value
                assert terms is not None
                total, kept = self._reduced(terms, la, set(out), dtype, n, out)
                if total.value != n:
                    self._spread(n, total, kept, out, sizes)
                return
            if len(summed) == 1:
                args = (
                    Arg(a.value, self._view(a, la, batch + summed)),
                    Arg(b.value, self._view(b, lb, batch + summed)),
                )
                self.emit(Prim(n, args, "np.vecdot({0}, {1})", "np.vecdot({0}, {1}, out={out})", flops=flops))
                return
            text = f"np.einsum('{_letters(la)},{_letters(lb)}->{_letters(out)}', {{0}}, {{1}}"
            self.emit(Prim(n, (a, b), text + ")", text + ", out={out})" if out else None, flops=flops))
            return
        if not left or (right and out.index(right[0]) < out.index(left[0])):
            (a, la, left), (b, lb, right) = (b, lb, right), (a, la, left)
        x = Arg(a.value, self._grouped(a, la, batch, (left, summed), sizes))
        y = Arg(b.value, self._grouped(b, lb, batch, (summed, right), sizes))
        column = bool(batch) and not right
        if column:
            y = Arg(y.value, y.text + "[..., None]")
        natural = batch + left + right
        flat = len(left) <= 1 and len(right) <= 1
        if flat and not column and natural == out:
            self.emit(Prim(n, (x, y), "np.matmul({0}, {1})", MATMUL, flops=flops))
            return
        groups = [*((i,) for i in batch), left, *([right] if right or column else [])]
        counts = tuple([prod(sizes[i] for i in group) for group in groups])
        m = self.plan.fresh(counts, dtype)
        if self.rows is not None:
            held = [k for k, group in enumerate(groups) if any(sizes[i] == self.rows for i in group)]
            self.plan.merged[m] = (held[0], counts[held[0]] // self.rows) if held else None
        self.emit(Prim(m, (x, y), "np.matmul({0}, {1})", MATMUL, flops=flops))
        text = "{0}"
        if column:
            text += "[..., 0]"
        if not flat:
            text += f".reshape({self.shape_text([sizes[i] for i in natural])})"
        if natural != out:
            text += f".transpose({', '.join(str(natural.index(i)) for i in out)})"
        self.emit(Prim(n, (Arg(m),), text, view=True))

    def _grouped(
        self, arg: Arg, ls: tuple, batch: tuple, groups: tuple[tuple, tuple], sizes: Mapping[int, int]
    ) -> str:
        """The operand of a matmul: batch axes, then one axis per group of labels."""
        order = batch + groups[0] + groups[1]
        text = self._view(arg, ls, order)
        if len(groups[0]) > 1 or len(groups[1]) > 1:
            shape = [sizes[i] for i in batch]
            parts = [self.shape_text(shape)[1:-1].rstrip(",")] if shape else []
            for group in groups:
                if group:
                    rows = self.rows is not None and any(sizes[i] == self.rows for i in group)
                    rest = (
                        prod(sizes[i] for i in group if sizes[i] != self.rows)
                        if rows
                        else prod(sizes[i] for i in group)
                    )
                    parts.append((f"m*{rest}" if rest != 1 else "m") if rows else str(rest))
            text += f".reshape({', '.join(parts)})"
        return text


def _plain(p: Any) -> bool:
    if isinstance(p, tuple):
        return all(map(_plain, p))
    return p is None or type(p) in (int, bool)


def _letters(ls: Sequence[int]) -> str:
    return "".join(chr(97 + i) if i < 26 else chr(65 + i - 26) for i in ls)
