"""Expression -> source of a self-contained numpy function, on request with derivatives and their check."""

import builtins
import inspect
import keyword
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from math import inf
from typing import Any

import numpy as np

from .. import shapes
from ..calculus import jacobian
from ..constants import Array
from ..errors import GraphError, InputError
from ..expr import Expr
from ..graph import CONSTANT, SIZE, VARIABLE, Graph
from ..occurrence import met
from ..op import OPS, intervals, is_float, method
from ..ops.guard import guards
from ..ops.quadrature import as_sums
from . import definitions, tree
from .means import with_moments
from .repeated import computed_once
from .sharing import bounded_formula, formula
from .text import lines_of, summary, text_of
from .tree import Tree

MAX_DOCUMENTED = 1000  # characters, and nodes, of a formula that is repeated in the docstring
DEFINED: dict[str, Any] = {name: f for name, f in vars(definitions).items() if inspect.isfunction(f)}
CHECKING: tuple[Any, ...] = (
    definitions.random_input, definitions.directions, definitions.slopes, definitions.is_regular,
    definitions.check_derivative,
)  # fmt: skip
ATTEMPTS = 36  # random inputs that a check tries until differences are precise
IMPORTED = {
    "np": "import numpy as np",
    "linalg": "from scipy import linalg",
    "special": "from scipy import special",
}
NAMES = {"pi": "np.pi", "e": "np.e", "nan": "np.nan", "inf": "np.inf"}
IDENTIFIER = re.compile(r"[^\W\d]\w*")


@method("to_python")
def to_python(e: Expr, name: str = "f", check: bool = False) -> str:
    taken = {*IMPORTED, *DEFINED, *keyword.kwlist, "check"}
    if not isinstance(name, str) or not name.isidentifier() or name in taken:
        raise InputError(f"to_python: {name!r} can't be the name of the function")
    if guards(e):
        condition = guards(e)[0]
        raise GraphError(f"to_python: the expression holds under conditions ({condition!r}); sd.function checks them")
    return Source(e, name, check).module()


class Source:
    """A module's text in the making: what it defines, how variables and sizes are called."""

    def __init__(self, e: Expr, name: str, check: bool):
        g = self.graph = e.graph
        self.name, self.defined = name, set[str]()
        self.variables = [n for n in met(g, [e.node]) or [] if g._op[n] is VARIABLE]
        self.by = [n for n in self.variables if is_float(g._dtype[n])] if check else []
        if check and not self.by:
            raise InputError("to_python: there is no float variable to differentiate by")
        self.taken = {*IMPORTED, *DEFINED, *dir(builtins), name, "check", *map(self.derivative, self.by)}
        self.called = {n: _fresh(g._params[n][0], self.taken) for n in self.variables}
        self.values = {name: e} | {self.derivative(n): jacobian(e, Expr(g, n)) for n in self.by}
        self.values = {called: _composed(y) for called, y in self.values.items()}
        below = met(g, [v.node for v in self.values.values()]) or []
        found = [g._shape[n] for n in (*self.variables, *below) if type(g._shape[n]) is tuple]
        found += [(g._params[n][0],) for n in below if g._op[n] is SIZE]
        names = dict.fromkeys(s for shape in found for size in shape for s in shapes.names_of(size))
        self.sizes = {s: _fresh(s, self.taken) for s in names}

    def module(self) -> str:
        g = self.graph
        bodies = {name: self.body(e) for name, e in self.values.items()}
        shown = {s for n in self.variables for s in g._shape[n] if isinstance(s, str)}
        used = {word for lines in bodies.values() for line in lines for word in IDENTIFIER.findall(line)}
        used |= {s for n in self.variables for size in g._shape[n] for s in shapes.names_of(size)}
        self.sizes = {s: v for s, v in self.sizes.items() if s in shown or v in used}
        self.given = [v for s, v in self.sizes.items() if s not in shown]  # no axis shows them: parameters
        functions = [self.function(name, body) for name, body in bodies.items()]
        if self.by:
            functions += [inspect.getsource(f) for f in CHECKING]
            functions += [self.check(), 'if __name__ == "__main__":\n    check()']
        text = "\n\n\n".join(part.rstrip() for part in (*self.definitions(), *functions)) + "\n"
        head = [line for key, line in IMPORTED.items() if re.search(rf"(?<![\w.]){key}\.", text)]
        return "\n".join(head) + "\n\n\n" + text if head else text

    def derivative(self, n: int) -> str:
        """What the derivative by a variable is called."""
        return f"d{self.name}_d{self.graph._params[n][0]}"

    def definitions(self) -> list[str]:
        """The sources of the functions that are used, in the order of their file, and of those they use."""
        stack = list(self.defined)
        while stack:
            for used in DEFINED[stack.pop()].__code__.co_names:
                if used in DEFINED and used not in self.defined:
                    self.defined.add(used)
                    stack.append(used)
        return [inspect.getsource(f) for name, f in DEFINED.items() if name in self.defined]

    def function(self, name: str, body: Sequence[str]) -> str:
        g, e = self.graph, self.values[name]
        lines = self.docstring(name, e)
        for n in self.variables:
            v = self.called[n]
            lines.append(f"{v} = np.asarray({v}, dtype={_dtype(g._dtype[n])})")
        lines += [*self.asserted(), *body]
        parameters = ", ".join([*self.called.values(), *self.given])
        return f"def {name}({parameters}):\n" + _indented(lines)

    def docstring(self, name: str, e: Expr) -> list[str]:
        g = self.graph
        about = "" if name == self.name else f"The derivative of {self.name}: "
        f = bounded_formula(e, MAX_DOCUMENTED)
        text = summary(e) if f is None else lines_of(with_moments(f))
        if len(text) > MAX_DOCUMENTED:
            text = summary(e)
        end = [f"{self.called[n]}: {', '.join((shapes.text(g._shape[n]), *g._params[n][3]))}" for n in self.variables]
        end += [f"returns {'shape ' + shapes.text(e.shape) if e.shape else 'a scalar'}", '"""']
        if "\n" not in text:
            return [f'"""{about}{text}', "", *end]
        lines = [f"    {line}" for line in text.split("\n")]
        return [f'"""{about or "The value of"}'.rstrip(), "", *lines, "", *end]

    # --- sizes and shapes --------------------------------------------------------------------------------

    def asserted(self) -> list[str]:
        """``m, n = A.shape`` where sizes are first shown, and what the other shapes must be."""
        g, known = self.graph, set[str]()
        first, then = [], []
        for n in self.variables:
            shape, v = g._shape[n], self.called[n]
            text, names = shapes.text(shape), [s for s in shape if isinstance(s, str) and s in self.sizes]
            new = [s for s in dict.fromkeys(names) if s not in known]
            if new:
                message = f'f"{v}: expected the shape {text}, got {{{v}.shape}}"'
                first.append(f"assert {v}.ndim == {len(shape)}, {message}")
                if len(new) == len(shape):
                    first.append(f"{', '.join(self.sizes[s] for s in new)}{',' * (len(shape) == 1)} = {v}.shape")
                else:
                    first += [f"{self.sizes[s]} = {v}.shape[{shape.index(s)}]" for s in new]
                known.update(new)
            if len(new) < len(shape) or not shape:
                expected = self.tuple(shape)
                if any(isinstance(s, str) for s in shape):
                    text += f" = {{{expected}}}"
                message = f'f"{v}: expected the shape {text}, got {{{v}.shape}}"'
                then.append(f"assert {v}.shape == {expected}, {message}")
        return first + then

    def tuple(self, shape: shapes.Shape) -> str:
        """A shape as a Python tuple."""
        return "(" + ", ".join(map(self.size, shape)) + "," * (len(shape) == 1) + ")"

    def size(self, size: shapes.Size) -> str:
        """A size, or a text with sizes in it, in the names of the source."""
        return IDENTIFIER.sub(lambda m: self.sizes.get(m[0], m[0]), str(size))

    # --- the body ----------------------------------------------------------------------------------------

    def body(self, e: Expr) -> list[str]:
        """The statements: named terms, shared terms, the result."""
        g, lines = self.graph, []
        taken = set(self.taken)
        called = dict(self.called)
        for n in [*_named(g, e.node), e.node]:
            f = formula(Expr(g, n))
            labels = {label for label, _ in f.lets} | {*g._variables, *g.names.values(), *self.sizes}
            f = computed_once(with_moments(f), (free for k in count() if (free := f"t{k}") not in labels))
            spelling = Spelling(self, called)
            for label, t in f.lets:
                text = text_of(spelling.of(t))
                if spelling.is_floating(t):
                    spelling.floats.add(label)
                spelling.lets[label] = _fresh(label, taken)
                lines.append(f"{spelling.lets[label]} = {text}")
            t = spelling.of(f.body)
            if n == e.node:
                lines.append(f"return {text_of(spelling.floating(t, f.body) if is_float(e.dtype) else t)}")
            else:
                called[n] = _fresh(g.names[n], taken)
                lines.append(f"{called[n]} = {text_of(t)}")
        return lines

    # --- the check ---------------------------------------------------------------------------------------

    def check(self) -> str:
        g = self.graph
        sizes = list(range(len(self.sizes) + 1, 1, -1))
        names = ", ".join(self.sizes.values())
        lines = [
            '"""Compare the derivatives with central differences at random inputs."""',
            "rng = np.random.default_rng(seed)",
            *([f"{names} = 3"] if len(sizes) == 1 else []),
            f"for attempt in range({ATTEMPTS}):",
            *([f"    {names} = map(int, rng.permutation({sizes}) if attempt else {sizes})"] if len(sizes) > 1 else []),
            "    inputs = {",
        ]
        for n in self.variables:
            _, shape, dtype, assumed = g._params[n]
            of = f'{self.tuple(shape)}, "{dtype}", {assumed!r}'
            lines.append(f'        "{self.called[n]}": random_input(rng, {of}, attempt),')
        lines += [f'        "{v}": {v},' for v in self.given]
        known = ", ".join(f'"{self.called[n]}": {g._params[n][3]!r}' for n in self.by)
        lines += [
            "    }",
            '    with np.errstate(all="ignore"):',
            f"        if is_regular({self.name}, inputs, {{{known}}}):",
            "            break",
            "else:",
            f'    raise AssertionError("{self.name} is not regular at any of the random inputs")',
        ]
        for n in self.by:
            of = f'{self.name}, {self.derivative(n)}, inputs, "{self.called[n]}", {g._params[n][3]!r}'
            lines.append(f"check_derivative({of})")
        names = ", ".join(self.called[n] for n in self.by)
        lines.append(f'print("{self.name}: the derivatives by {names} agree with central differences")')
        return "def check(seed=0):\n" + _indented(lines)


def _fresh(name: str, taken: set[str]) -> str:
    """The name, with underscores behind it where it is taken; it is taken then."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _indented(lines: Iterable[str]) -> str:
    return "\n".join("    " + line if line else "" for line in lines)


def _dtype(dtype: str) -> str:
    return {"float64": "float", "bool": "bool", "int64": "np.int64"}.get(dtype, f"np.{dtype}")


def _named(g: Graph, node: int) -> list[int]:
    """The named nodes below a node, in order: formulas stop at them."""
    return [n for n in met(g, [node]) or [] if n in g.names and n != node and g._op[n] is not VARIABLE]


# --- spelling: numpy's names for functions --------------------------------------------------------------


class Spelling:
    """Trees as numpy code: each function by the name that the source knows."""

    def __init__(self, source: Source, called: dict[int, str]):
        self.source, self.called = source, called
        self.lets: dict[str, str] = {}
        self.floats: set[str] = set()  # the lets that are sure to have a floating type
        self.spelled: dict[int, Tree] = {}
        self.kept: list[Tree] = []  # so that ids stay theirs

    def of(self, t: Tree) -> Tree:
        if id(t) not in self.spelled:
            self.spelled[id(t)] = self._of(t)
            self.kept.append(t)
        return self.spelled[id(t)]

    def _of(self, t: Tree) -> Tree:
        if t.kind == "name":
            return self.name(t)
        if t.kind == "number":
            return tree.with_pi(t, "np.pi")
        args, below = [self.of(a) for a in t.args], [self.of(b) for b in t.below]
        if t.kind == "call":
            return self.call(t, args)
        value = self.source.size(t.value) if t.kind == "index" else t.value
        return Tree(t.kind, value, args, below, t.options, t.source)

    def name(self, t: Tree) -> Tree:
        g, n = self.source.graph, t.source
        if n is None and t.value in NAMES and t.value not in self.source.sizes:
            return tree.name(NAMES[t.value])
        if n is None:
            quoted = t.value[0] in "'\""  # what einsum is told
            return tree.name(self.lets.get(t.value) or (t.value if quoted else self.source.size(t.value)))
        if n in self.called:
            return tree.name(self.called[n])
        if g._op[n] is CONSTANT and isinstance(g._params[n][1], Array):
            return tree.name(f"np.array({g._params[n][1].value.tolist()!r})")
        return tree.name(NAMES.get(t.value, t.value))

    def floating(self, spelled: Tree, t: Tree) -> Tree:
        """A result made floating where numpy could make it of integers or truth values."""
        if self.is_floating(t):
            return spelled
        if t.kind == "number":
            return tree.number(float(t.value))
        return tree.call("np.asarray", spelled, options=(("dtype", "float"),))

    def is_floating(self, t: Tree) -> bool:
        """A floating number is sure to enter the value of the tree."""
        dtypes, stack = self.source.graph._dtype, [t]
        while stack:
            t = stack.pop()
            if t.kind == "name" and t.source is not None and is_float(dtypes[t.source]):
                return True
            if t.kind == "name" and t.source is None and (t.value in NAMES or t.value in self.floats):
                return True
            if t.kind == "number" and not isinstance(t.value, int):
                return True
            if t.kind == "call" and t.value in ("eye", "ones", "zeros"):
                return True
            if t.kind != "compare" and not (t.kind == "call" and _gives_integers(t.value)):
                stack += [*t.args[t.kind == "call" and t.value == "where" :], *t.below]
        return False

    def call(self, t: Tree, args: Sequence[Tree]) -> Tree:
        options = tuple((k, self.source.size(v)) for k, v in t.options)
        special = SPELLED.get(t.value)
        if special is not None:
            return special(self, args, options)
        if t.value in DEFINED:
            self.source.defined.add(t.value)
            return self.asked(t, t.value, args, options)
        known = numpy_name(t.value)
        if known is None:
            raise GraphError(
                f"to_python: {t.value} has no numpy function, so the source can't stand on its own: register it with "
                'names={"scipy": ...} or a composition'
            )
        function, _, result = known.partition("[")
        call = self.asked(t, function, args, options)
        return tree.index(call, result[:-1]) if result else call

    def asked(self, t: Tree, function: str, args: Sequence[Tree], options: tuple) -> Tree:
        """The call; within the reach of its op where the operands are not numbers that lie in it."""
        limits = intervals(OPS[t.value].reach) if t.value in OPS else []
        if all(_lies_in(a, low, high) for a, (low, high) in zip(t.args, limits, strict=False)):
            return tree.call(function, *args, options=options)
        self.source.defined.add("within_reach")
        within = tree.name(f"[{', '.join(f'({low}, {high})' for low, high in limits)}]".replace("inf", "np.inf"))
        return tree.call("within_reach", tree.name(function), within, *args, options=options)


def _lies_in(t: Tree, low: float, high: float) -> bool:
    return (low, high) == (-inf, inf) or (t.kind == "number" and low <= t.value <= high)


def _composed(e: Expr) -> Expr:
    """The expression with integrals, and users' ops that numpy lacks, as they are composed."""
    e = as_sums(e)
    g, made = e.graph, dict[int, int]()
    for n in g.ancestors([e.node]):
        op, inputs = g._op[n], tuple([made.get(i, i) for i in g._inputs[n]])
        if op.foreign and op.composition is not None and numpy_name(op.name) is None:
            made[n] = op.composition(*[Expr(g, i) for i in inputs], *g._params[n]).node
        elif inputs != g._inputs[n]:
            made[n] = g.append(op, inputs, g._params[n])
    return Expr(g, made.get(e.node, e.node))


Speller = Callable[[Spelling, Sequence[Tree], tuple], Tree]

# functions that are no ops
COMPOSED = "outer diag diagonal trace eye ones zeros einsum kron block array stack pad sum mean var std"
RENAMED = {f: f"np.{f}" for f in COMPOSED.split()} | {"norm_fro": "np.linalg.norm"}
MODULES = {"numpy": "np", "numpy.linalg": "np.linalg", "scipy.special": "special", "scipy.linalg": "linalg"}


def _gives_integers(function: str) -> bool:
    """Whole numbers or truth values, whatever its operands are."""
    op = OPS.get(function)
    return function == "astype" or (op is not None and (op.boolean or (op.integral and not op.elementwise)))


def numpy_name(function: str) -> str | None:
    """How numpy or scipy call a function of formulas: what its op's record evaluates by."""
    if function in RENAMED:
        return RENAMED[function]
    if function not in OPS:
        return None
    target, names = OPS[function].evaluate, OPS[function].names
    for library, where in (("numpy", "np"), ("scipy", "special")):
        if isinstance(names.get(library), str) and names[library]:
            return f"{where}.{names[library]}"
    if isinstance(target, str):
        where, _, name = target.partition(":")
    else:
        where, name = getattr(target, "__module__", None) or "numpy", getattr(target, "__name__", "")
    if where in MODULES and name.isidentifier():  # no lambda, of a module without a name
        return f"{MODULES[where]}.{name}"
    return f"np.{function}" if hasattr(np, function) and not OPS[function].foreign else None


def _of_results(function: str, k: int) -> Speller:
    """One result of a function that has several."""
    return lambda spelling, args, options: tree.index(tree.call(function, *args, options=options), str(k))


def _typed(spelling: Spelling, args: Sequence[Tree], options: tuple) -> Tree:
    return tree.call("np.asarray", args[0], options=(("dtype", _dtype(args[1].value[1:-1])),))


SPELLED: dict[str, Speller] = {
    "astype": _typed,
    "stop_gradient": lambda spelling, args, options: args[0],
    "logdet": _of_results("np.linalg.slogdet", 1), "signdet": _of_results("np.linalg.slogdet", 0),
    "qr_Q": _of_results("np.linalg.qr", 0), "qr_R": _of_results("np.linalg.qr", 1),
}  # fmt: skip
