"""The ``symdiff`` command: formulas typed in a shell, their derivatives printed.

Each command reads its expression, calls the library as any user would, and prints; no mathematics lives here.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import numpy as np

import symdiff as sd

from . import lazy, shapes
from .algebra import rules as rule_tables
from .algebra.normalize import Lowered
from .algebra.rewrite import Fold, Ruleset
from .graph import CONSTANT, SIZE, VARIABLE
from .op import CANONICAL, FUNCTIONS, OPS, Op, Partials, Unknown, Zero
from .patterns import PATTERNS, Rule
from .write.layout import Layout
from .write.sharing import steps
from .write.text import text_of

# --- errors, and the order of commands ----------------------------------------------------------------------


class Refused(click.ClickException):
    """An error of the library as one message and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {self.format_message()}", err=True)


class Command(click.Command):
    """A command whose EXPR may be taken for options: ``-x*y``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            hint = f"An expression that starts with - stands after --: {ctx.command_path} -- EXPR"
            raise click.UsageError(f"{error.message} {hint}", ctx) from error


class Commands(click.Group):
    """Commands in the order they are written; the library's errors end as a message, never as a traceback."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except (sd.SymdiffError, np.linalg.LinAlgError, OSError) as error:
            raise Refused(str(error)) from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  symdiff grad "x*exp(-x*y)" --wrt x
  symdiff grad "norm2(A @ x - b)**2" --wrt x --shape A="m n" --shape x=n --shape b=m
  symdiff hess "x @ A @ x" --wrt x --shape A="n n" --shape x=n --assume A=symmetric
  symdiff graph "(x + y)*z" --at x=-2 --at y=5 --at z=-4 -o circuit.svg
  symdiff demo
\b
Expressions are written as in numpy: + - * / ** @, X.T, x[0], where(x > 0, x, 0), sum(x),
sin(x), inv(X), logdet(X); `symdiff ops` lists the functions. A name without a --shape is a scalar.""",
)
@click.version_option(sd.__version__, "-V", "--version", prog_name="symdiff")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Derivatives of formulas: gradients, Hessians, Jacobians and Hessian-vector products, simplified."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


# --- what the commands share --------------------------------------------------------------------------------


class Pair(click.ParamType):
    """NAME=VALUE as a pair of texts."""

    name = "pair"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            self.fail(f"{value!r} is not of the form NAME=VALUE", param, ctx)
        return name.strip(), text.strip()


def _options(*decorators: Callable[[Callable], Callable]) -> Callable[[Callable], Callable]:
    """Several option decorators as one, in the order of the help."""

    def apply(command: Callable) -> Callable:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return apply


FILE = click.Path(dir_okay=False, path_type=Path)
EXPRESSION = _options(
    click.argument("expression", metavar="EXPR"),
    click.option("--shape", "shape", type=Pair(), multiple=True, metavar="NAME=SIZES",
                 help='Shape of a variable, sizes named or numbers: --shape X="n d" --shape w=d.'),
    click.option("--assume", "assume", type=Pair(), multiple=True, metavar="NAME=FACT",
                 help="What is known of a variable: symmetric, spd, invertible, positive, nonzero, ..."),
)  # fmt: skip
WRT = click.option(
    "--wrt", "-w", multiple=True, metavar="NAME",
    help="Differentiate by this variable; repeat it for several. Default: every variable.",
)  # fmt: skip
AT = click.option(
    "--at", type=Pair(), multiple=True, metavar="NAME=VALUE",
    help="Value of a variable, a number, a JSON list or an .npy file: the result is evaluated too.",
)  # fmt: skip
FORM = _options(
    click.option("--latex", "form", flag_value="latex", help="Print LaTeX."),
    click.option("--index", "form", flag_value="index", help="Print index notation."),
    click.option("--python", "form", flag_value="python", help="Print a numpy function."),
)


def read(text: str, shape: Iterable[tuple[str, str]] = (), assume: Iterable[tuple[str, str]] = ()) -> sd.Expr:
    """The expression of the command line; ``-`` is standard input. It must use all declared variables."""
    g = sd.Graph()
    declared, facts = dict(shape), dict(assume)
    for name in dict.fromkeys([*declared, *facts]):
        g.variable(name, declared.get(name, ()), assume=facts.get(name, ()))
    text = _standard_input() if text == "-" else text
    unused = [name for name in g.variable_names() if not re.search(rf"\b{name}\b", text)]
    if unused:
        raise click.UsageError(f"--shape or --assume names {', '.join(unused)}, which the expression lacks")
    e = sd.parse(text, graph=g)
    if not isinstance(e, sd.Expr):
        raise sd.ParseError("one expression is expected, not several: [a, b] makes a vector of them")
    return e


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"standard input is no text: {error}") from error


def targets(e: sd.Expr, wrt: Iterable[str]) -> list[str]:
    """The variables to differentiate by: those asked for, else all."""
    names = [name for item in wrt for name in item.replace(",", " ").split()] or list(e.variables)
    if not names:
        raise click.UsageError("the expression has no variable to differentiate by")
    missing = [name for name in names if name not in e.graph.variable_names()]
    if missing:
        raise click.UsageError(
            f"--wrt {' '.join(missing)}: the expression's variables are {', '.join(e.variables) or 'none'}"
        )
    return names


def values(at: Iterable[tuple[str, str]]) -> dict[str, np.ndarray]:
    """The values of --at: JSON numbers and lists, or .npy files."""
    found = {}
    for name, text in at:
        given = f"--at {name}={text if len(text) < 60 else text[:56] + ' ...'}"
        try:
            stored = text.endswith(".npy")
            found[name] = np.load(text, allow_pickle=False) if stored else np.asarray(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise click.UsageError(f"{given}: neither a number, a JSON list nor an .npy file") from error
        if found[name].dtype.kind not in "fiub":
            raise click.UsageError(f"{given}: expected a number or equally long lists of numbers")
    return found


def written(e: sd.Expr, form: str | None) -> str:
    """An expression as text, LaTeX, index notation or Python."""
    if form == "latex":
        return e.latex()
    if form == "index":
        return e.index_notation()
    if form == "python":
        return e.to_python()
    return str(e)


def show(results: dict[str, sd.Expr], form: str | None, at: Iterable[tuple[str, str]]) -> None:
    """Print formulas, labelled when there are several, and their values where a point is given."""
    width = max(map(len, results))
    point = values(at)
    numbers = sd.evaluate(results, _used(results.values(), point)) if point else {}
    for label, e in results.items():
        head = f"{label:{width}}  " if len(results) > 1 else ""
        margin = " " * len(head)
        click.echo(click.style(head, bold=True) + written(e, form).replace("\n", "\n" + margin))
        if label in numbers:
            number = numbers[label]
            text = (
                f"{number:.10g}" if number.ndim == 0 else np.array2string(number, 100, prefix=margin + "= ")
            )
            click.echo(margin + click.style("= ", dim=True) + text)


def _used(results: Iterable[sd.Expr], point: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    known = next(iter(results)).graph.variable_names()
    foreign = [name for name in point if name not in known]
    if foreign:
        raise click.UsageError(f"--at {foreign[0]}: the variables are {', '.join(known) or 'none'}")
    return point


# --- calculus -----------------------------------------------------------------------------------------------


@main.command(short_help="Gradients, one for each variable.")
@EXPRESSION
@WRT
@click.option(
    "--order", "-n", default=1, show_default=True, type=click.IntRange(1, 50), help="How many times."
)
@AT
@FORM
def grad(expression: str, shape: Any, assume: Any, wrt: Any, order: int, at: Any, form: str | None) -> None:
    """The gradient of EXPR, of the shape of each variable; the Jacobian where EXPR is no scalar.

    \b
    Examples:
      symdiff grad "x*exp(-x*y)" --wrt x
      symdiff grad "sum(log(1 + exp(-y*(X @ w))))" --wrt w --shape X="n d" --shape y=n --shape w=d
      symdiff grad "log(det(X))" --shape X="n n" --latex
      symdiff grad "x**3" -n 2 --at x=2
      echo "sin(x)/x" | symdiff grad -
    """
    f = read(expression, shape, assume)
    show({name: f.diff(name, order) for name in targets(f, wrt)}, form, at)


@main.command(short_help="Hessians, one for each pair of variables.")
@EXPRESSION
@WRT
@AT
@FORM
def hess(expression: str, shape: Any, assume: Any, wrt: Any, at: Any, form: str | None) -> None:
    """The Hessian of EXPR by one variable, or every block by several.

    \b
    Examples:
      symdiff hess "x @ A @ x" --wrt x --shape x=n --shape A="n n"
      symdiff hess "logsumexp(x)" --shape x=n
      symdiff hess "x**2*y" --at x=1 --at y=2
    """
    f = read(expression, shape, assume)
    names = targets(f, wrt)
    if len(names) == 1:
        return show({names[0]: sd.hessian(f, names[0])}, form, at)
    rows = zip(names, sd.hessian(f, names), strict=True)
    show({f"{a} {b}": h for a, row in rows for b, h in zip(names, row, strict=True)}, form, at)


@main.command(short_help="The Hessian times a vector, without the Hessian.")
@EXPRESSION
@WRT
@AT
@FORM
def hvp(expression: str, shape: Any, assume: Any, wrt: Any, at: Any, form: str | None) -> None:
    """The Hessian of EXPR times a vector, by a forward sweep over the gradient: no matrix is formed.

    The vector of a variable x is called v_x.

    \b
    Examples:
      symdiff hvp "logsumexp(A @ x)" --wrt x --shape A="m n" --shape x=n
      symdiff hvp "x**2*y" --wrt x --at x=1 --at y=2 --at v_x=1
    """
    f = read(expression, shape, assume)
    names = targets(f, wrt)
    show(dict(zip(names, sd.hvp(f, names), strict=True)), form, at)


@main.command(short_help="Jacobians of expressions of any shape.")
@EXPRESSION
@WRT
@AT
@FORM
def jacobian(expression: str, shape: Any, assume: Any, wrt: Any, at: Any, form: str | None) -> None:
    """The Jacobian of EXPR: its shape is EXPR's shape followed by the variable's.

    \b
    Examples:
      symdiff jacobian "A @ sin(x)" --wrt x --shape A="m n" --shape x=n
      symdiff jacobian "softmax(x)" --shape x=n --latex
    """
    f = read(expression, shape, assume)
    names = targets(f, wrt)
    show(dict(zip(names, sd.jacobian(f, names), strict=True)), form, at)


@main.command(short_help="The simplest form of an expression.")
@EXPRESSION
@AT
@FORM
@click.option("--stats", is_flag=True, help="Also name the rules and choices that made it, how often and where.")
def simplify(expression: str, shape: Any, assume: Any, at: Any, form: str | None, stats: bool) -> None:
    """EXPR in its simplest form.

    \b
    Examples:
      symdiff simplify "sin(x)**2 + cos(x)**2" --stats
      symdiff simplify "trace(A @ B) - trace(B @ A)" --shape A="n n" --shape B="n n"
    """
    e = read(expression, shape, assume)
    show({"": sd.simplify(e)}, form, at)
    if stats:
        statements = {rule.name: stated(rule) for rule in rule_tables.RULES}
        places: dict[str, list[str]] = {}
        for name, before, after in steps(e):
            places.setdefault(name, []).append(f"{text_of(before)} -> {text_of(after)}")
        for name, found in places.items():
            click.echo(f"{len(found):4} x {name:24}{statements.get(name, 'a shorter way to write a sum')}")
            for place in found:
                click.echo(f"       {place}")


# --- pictures -----------------------------------------------------------------------------------------------


@main.command(short_help="The graph as a list of nodes, or as a picture.")
@EXPRESSION
@WRT
@AT
@click.option(
    "--output",
    "-o",
    type=FILE,
    metavar="FILE",
    help="Write a picture: .svg or .dot. Default: the graph as text.",
)
def graph(expression: str, shape: Any, assume: Any, wrt: Any, at: Any, output: Path | None) -> None:
    """The graph of EXPR, with --wrt also of its gradient; with --at, values and gradients are on the edges.

    \b
    Examples:
      symdiff graph "(x + y)*z" --at x=-2 --at y=5 --at z=-4 -o circuit.svg
      symdiff graph "sin(x)*x" --wrt x
    """
    f = read(expression, shape, assume)
    results = {"f": f} | {f"df/d{name}": f.diff(name) for name in (targets(f, wrt) if wrt else ())}
    point = _used([f], values(at)) if at else {}
    if output is None:
        return listing(results, point)
    if output.suffix not in (".svg", ".dot"):
        raise click.UsageError(f"-o {output}: the name must end in .svg or .dot")
    sd.draw(results, output, values=point or None, gradients=bool(point) and not f.shape)
    click.echo(f"{output}: {len(f.graph.ancestors([e.node for e in results.values()]))} nodes")


def listing(results: dict[str, sd.Expr], point: dict[str, np.ndarray]) -> None:
    """The nodes that compute `results`, one a line; a result's label stands at the end of its line."""
    g = next(iter(results.values())).graph
    nodes = [sd.Expr(g, n) for n in g.ancestors([e.node for e in results.values()])]
    numbers = sd.evaluate(nodes, point) if point else [None] * len(nodes)
    rows = [("node", "operation", "inputs", "shape", *(["value"] if point else []), "")]
    for e, number in zip(nodes, numbers, strict=True):
        leaf = e.op in (VARIABLE, CONSTANT, SIZE)
        what, inputs = str(e) if leaf else e.op.name, " ".join(map(str, g.inputs(e.node)))
        value = [_short(number)] if point else []
        marks = ", ".join(label for label, result in results.items() if result.same_as(e))
        rows.append((str(e.node), what, inputs, shapes.text(e.shape), *value, marks))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for k, row in enumerate(rows):
        line = "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        click.echo(click.style(line, dim=k == 0))


def _short(number: np.ndarray) -> str:
    """A value on one line: arrays by their first entries."""
    if number.ndim == 0:
        return f"{number.item():.6g}"
    first = ", ".join(f"{v:.3g}" for v in number.flat[:4])
    return f"[{first}{', ...' if number.size > 4 else ''}]"


# --- reference ----------------------------------------------------------------------------------------------


@main.command(short_help="The functions that expressions may use.")
@click.argument("word", default="")
def ops(word: str) -> None:
    """The functions that expressions may use, with what they compute and their other names.

    WORD picks those that mention it; the exact name of one tells all about it.

    \b
    Examples:
      symdiff ops
      symdiff ops log
      symdiff ops abs
    """
    names = sorted({name for name in CANONICAL.values() if "." not in name}, key=str.lower)
    if CANONICAL.get(word) in names:
        return describe(CANONICAL[word])
    rows = [(name, _summary(name), ", ".join(_others(name))) for name in names]
    rows = [row for row in rows if any(word.lower() in cell.lower() for cell in row)]
    if not rows:
        raise click.UsageError(f"no function matches {word!r}; `symdiff ops` lists all")
    width = max(len(name) for name, _, _ in rows)
    for name, summary, others in rows:
        also = click.style(f"{'  ' if summary else ''}also {others}", dim=True) if others else ""
        click.echo(f"{click.style(f'{name:{width}}', bold=True)}  {summary}{also}".rstrip())


def describe(name: str) -> None:
    """All about one function: what it computes, its derivatives, where it is defined, where it has none."""
    facts = [("", _summary(name))] if OPS.get(name) is None or OPS[name].doc else []
    facts += _derivatives(name)
    op = OPS.get(name)
    if op is not None and op.elementwise:
        _, xs = _applied(op)
        facts += [("domain", str(op.domain(*xs)))] if op.domain else []
        facts += [("kink", f"where {op.kink(*xs)} is 0")] if op.kink else []
    if _others(name):
        facts.append(("also", ", ".join(_others(name))))
    click.echo(click.style(name, bold=True))
    width = max((len(label) for label, _ in facts), default=0)
    for label, text in facts:
        click.echo(f"  {click.style(f'{label:{width}}  ' if label else '', dim=True)}{text}")


def _others(name: str) -> list[str]:
    return [k for k, c in CANONICAL.items() if c == name != k]


def _applied(op: Op) -> tuple[sd.Expr, tuple[sd.Expr, ...]]:
    """An elementwise op applied to variables, and these."""
    xs = sd.Graph().variables(["x", "y", "z", "w"][: op.arity])
    return op(*xs), xs


def _derivatives(name: str) -> list[tuple[str, str]]:
    """(label, formula) of each partial derivative of an elementwise op."""
    op = OPS.get(name)
    if op is None or not op.elementwise:
        return []
    if isinstance(op.derivative, Zero):
        return [("derivative", f"0: {op.derivative.reason}")]
    if not isinstance(op.derivative, Partials):
        return []
    y, xs = _applied(op)
    labels = ["derivative"] if len(xs) == 1 else [f"derivative by {x}" for x in xs]
    return [
        (label, f"none: {partial.reason}" if isinstance(partial, (Zero, Unknown)) else str(y.diff(x)))
        for label, x, partial in zip(labels, xs, op.derivative.of, strict=True)
    ]


def _summary(name: str) -> str:
    """What a function computes, in one line; where nobody says it, its derivative."""
    f = FUNCTIONS[name]
    text = OPS[name].doc if name in OPS and OPS[name].doc else "" if isinstance(f, Op) else f.__doc__ or ""
    line = text.strip().partition("\n")[0].rstrip(".").replace("``", "")
    if not line:
        return ", ".join(f"{label} {formula}" for label, formula in _derivatives(name))
    return line if line[:2].isupper() else line[:1].lower() + line[1:]


THEMES = [t for t in vars(rule_tables).values() if isinstance(t, Ruleset) and t is not rule_tables.RULES]


@main.command(short_help="The rules by which formulas are simplified.")
@click.argument("word", default="")
def rules(word: str) -> None:
    """The rules by which formulas are simplified, by theme; only those that mention WORD.

    A rule of level ieee keeps every double as it is; one of level real holds wherever both sides are defined.

    \b
    Examples:
      symdiff rules
      symdiff rules sigmoid
    """
    found = 0
    for table in THEMES:
        rows = [(rule.name, stated(rule), rule.level) for rule in table]
        rows = [row for row in rows if any(word.lower() in cell for cell in (table.name, *row))]
        found += len(rows)
        if rows:
            click.echo(click.style(table.name, bold=True))
        for name, statement, level in rows:
            click.echo(f"  {name:24}{statement}{'' if level == 'real' else f'  [{level}]'}")
    if not found:
        raise click.UsageError(f"no rule mentions {word!r}; `symdiff rules` lists all")


def stated(rule: Rule | Fold) -> str:
    """A rule as a line of text, its sides as they were declared."""
    if isinstance(rule, Fold):
        return rule.statement
    lowered = Lowered(PATTERNS)  # without rules: the left side would meet its own

    def side(e: Any) -> str:
        return text_of(Layout(lowered, {}).form(lowered.of(e.node)))

    guard = f" where {side(rule.when[1])} is {rule.when[0]}" if rule.when else ""
    return f"{side(rule.lhs)} -> {side(rule.lhs.lift(rule.rhs))}{guard}"


# --- the demonstration --------------------------------------------------------------------------------------


@main.command(short_help="See it work: logistic regression on real data.")
@click.option(
    "--output", "-o", type=FILE, default="symdiff-demo.svg", show_default=True, metavar="FILE",
    help="Where the picture of the gradient graph goes.",
)  # fmt: skip
@click.option(
    "--lam", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True), help="Regularisation."
)
def demo(output: Path, lam: float) -> None:
    """Logistic regression on real data: formulas, graphs, and Newton's method by Hessian-vector products."""
    lazy.module("symdiff.demo").run(output, lam)
