"""Texts that are no expressions: each its own clear error, at once, nothing executed, nothing left in the
graph.
"""

import ast
import time

import pytest

import symdiff as sd

BAD = [
    # (text, what the message says)
    ("", "empty"),
    ("   \n\t ", "empty"),
    ("# only a comment", "empty"),
    ("x.__class__", "attribute '__class__'"),
    ("x.T.__init__.__globals__", "attribute"),
    ("().__class__.__bases__[0].__subclasses__()", "method '__subclasses__'"),
    ("__import__('os').system('true')", "method 'system'"),
    ("__import__('os')", "unknown function '__import__'"),
    ("__x + 1", "two leading underscores"),
    ("eval('1')", "unknown function 'eval'"),
    ("open('/etc/passwd')", "unknown function 'open'"),
    ("getattr(x, 'T')", "unknown function 'getattr'"),
    ("np.os.system('true')", "'np.os.system' is not known"),
    ("np.linalg.__dict__", "attribute '__dict__'"),
    ("np.random.rand(3)", "'np.random.rand' is not known"),
    ("np.sin", "call it"),
    ("np.nothing(x)", "unknown function 'nothing'"),
    ("lambda x: x", "lambda"),
    ("(lambda: 1)()", "no function that could be called"),
    ("import os", "import"),
    ("import os; x", "import"),
    ("from os import path", "import"),
    ("def f(): pass", "def"),
    ("while True: pass", "while"),
    ("for i in x: i", "for"),
    ("x if y", "expected 'else'"),
    ("[x for x in y]", "comprehension"),
    ("sum(x for x in y)", "comprehension"),
    ("{x: y}", "dictionary"),
    ("{x, y}", "a set"),
    ("f'{x}'", "f-string"),
    ("sin(f'{x}')", "f-string"),
    ("(a := x)", ":="),
    ("x, 'y'", "text"),
    ("x = y", "the last line must be the expression"),
    ("x; y", "not used"),
    ("a = b = x; a", "one name"),
    ("x.T = y; x", "plain name"),
    ("a += 1; a", "in-place"),
    ("x + ; y", "not an expression"),
    ("x +* y", "not an expression"),
    ("(x", "never closed"),
    ("x)", "unmatched"),
    ("2x", "a product needs"),
    ("x'*A*x", "a transpose is written A.T"),
    ("x y", "not an expression"),
    ("x(y)", "unknown function 'x'"),
    ("2(x)", "no function that could be called"),
    ("sin(x)(y)", "no function that could be called"),
    ("sin", "call it"),
    ("sine(x)", "did you mean 'sin"),
    ("Sin(x)", "did you mean 'sin'"),
    ("foo(x)", "unknown function 'foo'"),
    ("sin()", "sin(x)"),
    ("sin(x, y)", "sin(x)"),
    ("sin(x=1)", "sin(x)"),
    ("where(x > 0, x)", "where(condition, x, y)"),
    ("sum(V, axes=0)", "sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True"),
    ("sum(V, axis=x)", "literal"),
    ("sum(V, axis=1)", "axis 1 is out of range"),
    ("sum(V, **x)", "**"),
    ("sum(V, axis=0, axis=0)", "'axis' is given twice"),
    ("x**1e300", "exponent is too large"),
    ("sum(*V)", "unpacked"),
    ("zeros(3, graph=x)", "graph"),
    ("x ^ 2", "a power is written **"),
    ("x & 2", "conditions"),
    ("x << 2", "<<"),
    ("x and y", "combines conditions"),
    ("not x", "for a condition"),
    ("lambda*x", "'lambda' is a word of Python"),
    ("2 x", "a product needs *"),
    ("sin x", "a call parentheses"),
    ("arange(10**12)", "too large"),
    ("linspace(0, 1, 10**12)", "too large"),
    ("tile(V, 10**9)", "too large"),
    ("matrix_power(eye(3), 10**9)", "too large"),
    ("arange(3, x)", "literal"),
    ("zeros(n, n)", "a shape is a tuple"),
    ("[[1, 2], [3]]", "can't be built"),
    ("array(['a'])", "text"),
    ("[V, W]", "stack: shapes"),
    ("~x", "condition"),
    ("x is y", "'is'"),
    ("x in V", "'in'"),
    ("1j*x", "complex"),
    ("x + b'1'", "bytes"),
    ("x + '1'", "a text can't be an operand"),
    ("x + None", "None can't be an operand"),
    ("...", "... can't be an operand"),
    ("x[0]", "too many indices"),
    ("V['a']", "an index is an integer"),
    ("V[x]", "an integer"),
    ("W[5]", "out of range"),
    ("V.shape.T", "several values"),
    ("V.foo", "attribute 'foo'"),
    ("V.tofile('x')", "method 'tofile'"),
    ("V @ W", "(n,) and (5,)"),
    ("x*(V + sin(W))", "do not fit together: V and sin(W) (line 1, column 4)"),
    ("x + sum(maximum(V, sin(W)))", "do not fit together: V and sin(W) (line 1, column 9)"),
    ("concat([V, outer(V, W)])", "do not fit along axis 0: V and outer(V, W) (line 1, column 1)"),
    ("V + W", "(n,) and (5,)"),
    ("x @ V", "scalar operand"),
    ("trace(V)", "square matrix"),
    ("einsum('ij->i', V)", "does not fit"),
    ("9**9**9**9", "too large"),
    ("2**100000", "too large"),
    ("(2**4000)**1000", "too large"),
    ("x**10**9", "exponent is too large"),
    ("factorial(10**8)", "too large"),
    ("1" + "0" * 2000, "too large"),
    ("1" + "0" * 5000, "too many digits"),
    ("1e999", "largest double"),
    ("x\x00y", "control character"),
    ("x\x07", "control character"),
    ("х + 1", "CYRILLIC SMALL LETTER HA"),
    ("ο + 1", "not allowed"),
    ("ｘ + 1", "FULLWIDTH"),
    ("x − 1", "write -"),
    ("2×x", "write *"),
    ("x²", "write **2"),
    ("x≤1", "write <="),
    ("x\u200b", "not allowed"),
    ("x\u202ey", "not allowed"),
    ("𝐱 + 1", "MATHEMATICAL BOLD"),
    ("a" * 300, "1 to 200 characters"),
    ("n = 3; n*x", "size"),
    ("x + a; a", "not used"),
    ("V = x; V", "variable already"),
    ("b = a + 1; a = 2; a*b", "variable already"),
    ("a, b = x; a", "2 values"),
    ("slogdet", "function"),
    ("pi(x)", "constant"),
    ("np + 1", "module"),
    ("a.b.c.d", "attribute"),
    ("astype(x, ')')", "the type"),
    ("astype(x, '1,2')", "the type"),
    ("astype(x, '(2,)f8')", "the type"),
]

HUGE = {
    "parentheses": "(" * 10**5 + "x" + ")" * 10**5,
    "open parentheses": "(" * 10**5,
    "brackets": "[" * 10**5,
    "calls": "sin(" * 25_000 + "x" + ")" * 25_000,
    "minus": "-" * 10**5 + "x",
    "not": "not " * 45_000 + "x",
    "powers": "**".join(["x"] * 10**5)[:199_999] + "x",
    "attributes": "x" + ".T" * 90_000,
    "choices": "x if y else " * 15_000 + "z",
    "lambdas": "lambda:" * 25_000 + "x",
    "name": "x" * 10**6,
    "text": "x+" * 10**6 + "x",
    "digits": "9" * 10**6,
    "subscripts": "x" + "[0]" * 60_000,
    "lines": "a = x\n" * 40_000,
    "quoted": "'" + "x" * 10**6 + "'",
    "backslashes": "\\\n" * 90_000,
    "commas": "x," * 90_000 + "x",
}


def size(g):
    return len(g), g.variable_names(), g.number_of_edges()


@pytest.mark.parametrize(("text", "says"), BAD)
def test_refused(text, says):
    g = sd.Graph()
    v = g.variable("V", "n")
    g.variable("W", 5)
    (v @ v).graph.consumers(0)
    before = size(g)
    with pytest.raises(sd.ParseError) as caught:
        sd.parse(text, graph=g)
    assert says in str(caught.value)
    assert size(g) == before
    assert sd.parse("V @ V", graph=g).same_as(v @ v)  # the graph still works


def seconds(call):
    start = time.process_time()
    call()
    return time.process_time() - start


@pytest.fixture(scope="module")
def pythons_own():
    """What Python's own parser takes to read a long text."""
    return min(seconds(lambda: ast.parse("[" + "x, " * 60_000 + "x]")) for _ in range(3))


@pytest.mark.parametrize("name", HUGE)
def test_huge_is_refused_at_once(name, pythons_own):
    """In no more than a few times what Python's own parser takes to read a long text: well under a second."""
    g = sd.Graph()

    def refused():
        with pytest.raises(sd.ParseError) as caught:
            sd.parse(HUGE[name], graph=g)
        assert len(str(caught.value)) < 600
        assert len(g) == 0

    # one of three: what the machine does beside them does not count
    assert any(seconds(refused) < 5 * pythons_own for _ in range(3))


@pytest.mark.parametrize("text", [None, 3, b"x + 1", ["x"], 1.5])
def test_no_text(text):
    with pytest.raises(sd.ParseError, match="expected a text"):
        sd.parse(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 + foo(x)", 1, 5),
        ("a = x\nb = a +* x\nb", 2, 8),
        ("α*β + foo(x)", 1, 7),
        ("x + [1, foo(y)]", 1, 9),
        ("x +\t(y ^ z)", 1, 6),
    ],
)
def test_position(text, line, column):
    with pytest.raises(sd.ParseError) as caught:
        sd.parse(text)
    assert f"(line {line}, column {column})" in str(caught.value)
    assert str(caught.value).splitlines()[-1].index("^") == 4 + column - 1


def test_a_shape_error_of_a_text_is_both():
    with pytest.raises(sd.ShapeError) as caught:
        sd.parse("1 + A @ x", A="m n", x="m")
    assert isinstance(caught.value, sd.ParseError)
    assert "(m, n) and (m,)" in str(caught.value)
    assert "line 1, column 5" in str(caught.value)


@pytest.mark.parametrize(
    ("shapes", "error"),
    [
        ({"x": float("nan")}, sd.ShapeError),
        ({"x": -1}, sd.ShapeError),
        ({"x": 1.5}, sd.ShapeError),
        ({"x": "n ?"}, sd.ShapeError),
        ({"x": None}, sd.ShapeError),
        ({"x": {"n": 1}}, sd.ShapeError),
        ({"x": "n" * 10**5}, sd.ShapeError),
        ({"lambda": "n"}, sd.InputError),
        ({"1x": "n"}, sd.InputError),
        ({"__x": "n"}, sd.InputError),
        ({"х": "n"}, sd.InputError),
    ],
)
def test_bad_shapes(shapes, error):
    g = sd.Graph()
    with pytest.raises(error):
        sd.parse("1 + a", graph=g, **shapes)
    assert len(g) == 0


@pytest.mark.parametrize(
    ("assume", "error", "says"),
    [
        ({"B": "symmetric"}, sd.InputError, "'B' is no variable"),
        ({"A": "pretty"}, sd.InputError, "unknown assumption 'pretty'"),
        ({"x": "symmetric"}, sd.ShapeError, "square"),
        ({"n": "positive"}, sd.InputError, "no variable"),
        ({3: "positive"}, sd.InputError, "no variable"),
        ("symmetric", sd.InputError, "dictionary"),
        ({"A": 3}, sd.InputError, "assumption"),
    ],
)
def test_bad_assumptions(assume, error, says):
    g = sd.Graph()
    with pytest.raises(error, match=says):
        sd.parse("x @ A @ x", graph=g, assume=assume, A="n n", x="n")
    assert len(g) == 0


def test_a_variable_is_not_declared_twice():
    g = sd.Graph()
    g.variable("x", "n")
    with pytest.raises(sd.GraphError, match="exists with shape"):
        sd.parse("x + 1", graph=g, x="m")
    assert len(g) == 1


def test_graph_must_be_a_graph():
    with pytest.raises(sd.InputError, match="expects a symdiff Graph"):
        sd.parse("x", graph={})


def test_messages_show_no_control_characters():
    for text in ("x\x1b[2J", "x\u202ey", "x\ud800"):
        with pytest.raises(sd.ParseError) as caught:
            sd.parse(text)
        assert all(ch.isprintable() or ch == "\n" for ch in str(caught.value))
        str(caught.value).encode()


def test_expressions_refuse_what_has_no_meaning():
    g = sd.Graph()
    x, V = g.variable("x"), g.variable("V", "n")
    for value in (lambda: 1j * x, lambda: x + 1j, lambda: V @ V - 2j):
        with pytest.raises(sd.InputError, match="complex"):
            value()
    with pytest.raises(sd.GraphError, match="V has n entries"):
        list(V)
    with pytest.raises(sd.GraphError, match="x is a scalar"):
        len(x)
