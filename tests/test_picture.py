"""Pictures: what is drawn, that nothing overlaps, values and gradients on the wires, collapsing, escaping."""

import itertools
import os
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import symdiff as sd
from symdiff.write.diagram import number_text, product_label, value_text
from symdiff.write.picture import Picture, draw, to_dot
from symdiff.write.placing import apart
from symdiff.write.svg import LABEL, SMALL, arranged, text_width


def circuit():
    x, y, z = sd.Graph().variables("x y z")
    return (x + y) * z


def neuron():
    w0, x0, w1, x1, w2 = sd.Graph().variables("w0 x0 w1 x1 w2")
    return 1 / (1 + sd.exp(-(w0 * x0 + w1 * x1 + w2)))


def net():
    g = sd.Graph()
    X, W1, W2, Y = (g.variable(n, s) for n, s in (("X", "n d"), ("W1", "d h"), ("W2", "h c"), ("Y", "n c")))
    h = sd.name(sd.maximum(X @ W1, 0), "h")
    lam = g.variable("lam")
    loss = -sd.sum(Y * sd.log_softmax(h @ W2, axis=1)) + lam / 2 * (sd.sum(W1**2) + sd.sum(W2**2))
    return {"loss": loss, "dW1": sd.grad(loss, W1), "dW2": sd.grad(loss, W2)}


def chain(steps=1000):
    g = sd.Graph()
    x = g.variable("x")
    a, b = x, 2 * x
    for _ in range(steps):
        a, b = b, sd.sin(b) * x + a
    return b


def mixed():
    x, y, z = sd.Graph().variables("x y z")
    return sd.where(x > y, sd.sqrt(x), sd.abs(y)) * sd.maximum(x, z) / (1 + y**2) - 3 * x + x**y - z * z


AT = {"x": -2, "y": 5, "z": -4}
WEIGHTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
PICTURES = {
    "circuit": lambda: draw({"f": circuit()}, values=AT, gradients=True),
    "neuron": lambda: draw(neuron(), values=WEIGHTS, gradients=True),
    "net": lambda: draw(net()),
    "gradient nodes": lambda: draw({"f": mixed()}, gradients=True),
    "mixed": lambda: draw(mixed(), values={"x": 1.5, "y": -2.25e-7, "z": 1e9}, gradients=True),
    "chain": lambda: draw(chain()),
    "chain and gradient": lambda: draw([chain(), chain()][:1], gradients=True),
    "alone": lambda: draw(sd.Graph().variable("x")),
    "apart": lambda: draw([e + 1 for e in sd.Graph().variables("x y")] * 2),
    "wide": lambda: draw(sd.add(*(sd.sin(x) for x in sd.Graph().variables([f"x{i}" for i in range(40)])))),
    "long names": lambda: draw(sd.name(sd.exp(sd.Graph().variable("x" * 200)), "y" * 150)),
}  # fmt: skip


@pytest.fixture(params=PICTURES, scope="module")
def picture(request):
    return PICTURES[request.param]()


# --- geometry -----------------------------------------------------------------------------------------------


def rectangles(picture):
    """What is drawn of each box: its outline, and the texts beside it, as (x0, y0, x1, y1)."""
    shapes, placed, _ = arranged(picture.diagram)
    for shape, (x, y) in zip(shapes, placed.centres, strict=True):
        end = x + shape.width / 2
        found = [(x - shape.width / 2, y - shape.height / 2, end, y + shape.height / 2)]
        box, above = shape.box, text_width(shape.above, SMALL) / 2
        if above:
            found.append((x - above, y - shape.height / 2 - 5 - SMALL, x + above, y - shape.height / 2))
        if shape.ends:
            found.append((end, y - 3, end + shape.stub + 5 + text_width(box.output, LABEL), y + 3))
        if box.value:
            found.append((end + 6, y - 4 - SMALL, end + 6 + text_width(box.value, SMALL), y - 2))
        if box.gradient:
            found.append((end + 6, y + 2, end + 6 + text_width(box.gradient, SMALL), y + SMALL + 3))
        yield found


def meet(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_nothing_overlaps(picture):
    boxes = list(rectangles(picture))
    for one, other in itertools.combinations(boxes, 2):
        assert not any(meet(a, b) for a in one for b in other)


def test_wires_pass_no_box_and_no_text(picture):
    _, placed, _ = arranged(picture.diagram)
    boxes = list(rectangles(picture))
    for arrow, points in zip(picture.diagram.arrows, placed.wires, strict=True):
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for k, found in enumerate(boxes):
                if y0 == y1:
                    own = k in (arrow.source, arrow.target)
                    assert own or not any(r[0] < x1 and x0 < r[2] and r[1] < y0 < r[3] for r in found)
                else:  # a bend lies between the columns
                    assert not any(r[0] < x1 and x0 < r[2] for r in found)


def test_texts_fit_their_boxes_and_the_page(picture):
    shapes, placed, ports = arranged(picture.diagram)
    for shape, (x, y) in zip(shapes, placed.centres, strict=True):
        assert max(text_width(line, LABEL) for line in shape.box.lines) <= max(shape.width - 10, 22)
        assert x - shape.width / 2 >= 0
        assert y - shape.height / 2 >= 0
        assert x + shape.extent().right <= placed.width + 0.1
        assert y + shape.height / 2 <= placed.height + 0.1
    for arrow, port in zip(picture.diagram.arrows, ports, strict=True):
        assert abs(port) <= shapes[arrow.target].height / 2


def test_wires_run_from_left_to_right(picture):
    _, placed, _ = arranged(picture.diagram)
    for points in placed.wires:
        assert all(a[0] <= b[0] for a, b in itertools.pairwise(points))


def test_svg_is_well_formed_and_refers_to_nothing_outside(picture):
    root = ElementTree.fromstring(picture.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
        "svg",
        "g",
        "title",
        "rect",
        "circle",
        "path",
        "text",
    }
    assert "href" not in picture.svg
    assert "nan" not in re.sub(r"<(text|title)[^>]*>[^<]*", "", picture.svg)
    numbers = [float(v) for v in re.findall(r'"(-?[\d.]+)"', picture.svg)]
    assert max(numbers) < 20_000


def test_the_same_picture_every_time(picture):
    assert picture.svg == picture.svg


# --- contents -----------------------------------------------------------------------------------------------


def boxes_of(picture):
    return {("" if b.name is None else b.name) or b.lines[0]: b for b in picture.diagram.boxes}


def test_the_circuit_of_the_textbook():
    boxes = boxes_of(draw(circuit(), values=AT, gradients=True))
    values = {label: (box.value, box.gradient) for label, box in boxes.items()}
    assert values == {
        "x": ("-2", "-4"),
        "y": ("5", "-4"),
        "z": ("-4", "3"),
        "+": ("3", "-4"),
        "×": ("-12", "1"),
    }


def test_the_neuron_of_the_textbook():
    found = boxes_of(PICTURES["neuron"]())
    assert found["1/(·)"].value == "0.731"
    gradients = {label: found[label].gradient for label in ("w0", "x0", "w1", "x1", "w2")}
    assert gradients == {"w0": "-0.197", "x0": "0.393", "w1": "-0.393", "x1": "-0.59", "w2": "0.197"}


def test_every_value_and_gradient_agrees_with_evaluate():
    f = mixed()
    at = {"x": 0.7, "y": 0.3, "z": 0.2}
    picture = draw(f, values=at, gradients=True)
    texts = {int(re.match(r"node (\d+)", b.title)[1]): b for b in picture.diagram.boxes}
    g = f.graph
    for n, box in texts.items():
        e = sd.Expr(g, n)
        if box.kind == "constant":
            continue
        assert box.value == value_text(sd.evaluate(e, at))
        if box.gradient:
            assert box.gradient == value_text(sd.evaluate(sd.vjp(f, e, 1), at))
    assert sum(bool(b.gradient) for b in texts.values()) >= 12


def test_drawing_appends_nothing():
    f = mixed()
    n = len(f.graph)
    draw(f, values={"x": 1, "y": 2, "z": 3}, gradients=True)
    draw(f, gradients=True)
    to_dot(f)
    assert len(f.graph) == n


def test_primal_and_derivative_nodes_are_told_apart():
    outputs = net()
    g = outputs["loss"].graph
    primal = set(g.ancestors([outputs["loss"].node]))
    for box in draw(outputs).diagram.boxes:
        if box.kind == "op":
            assert box.derivative == (int(re.match(r"node (\d+)", box.title)[1]) not in primal)
    assert not any(box.derivative for box in draw(outputs["loss"]).diagram.boxes)
    captions = [box.output for box in draw(outputs).diagram.boxes if box.output is not None]
    assert captions == ["loss", "dW1", "dW2"]


def test_an_output_with_consumers_is_named_above_its_box():
    x = sd.Graph().variable("x", "n")
    f = sd.logsumexp(x)
    shapes, _, _ = arranged(draw({"f": f, "slope": sd.grad(f, x)}).diagram)
    assert [(s.above, s.ends) for s in shapes if s.box.output is not None] == [("f", False), ("", True)]


def test_gradients_without_values_draws_the_gradient_too():
    x, y = sd.Graph().variables("x y")
    boxes = draw(sd.sin(x) * y, gradients=True).diagram.boxes
    assert {b.output for b in boxes if b.output} == {"∂/∂x", "∂/∂y"}
    assert [b.lines for b in boxes if b.derivative] == [["cos"], ["×"]]


def test_shapes_and_short_vectors():
    g = sd.Graph()
    A, x = g.variable("A", "m n"), g.variable("x", "n")
    plain = boxes_of(draw(A @ x))
    assert (plain["A"].value, plain["x"].value, plain["@"].value) == ("(m, n)", "(n,)", "(m,)")
    valued = boxes_of(draw(A @ x, values={"A": np.ones((4, 2)), "x": [1, 2]}))
    assert (valued["A"].value, valued["x"].value, valued["@"].value) == ("(4, 2)", "[1, 2]", "(4,)")


def test_given_names_and_tooltips():
    x = sd.Graph().variable("x")
    box = draw(sd.name(sd.exp(x), "h")).diagram.boxes[-1]
    assert box.name == "h"
    assert box.title == "node 1: exp, shape (), float64"


@pytest.mark.parametrize(
    ("make", "label"),
    [
        (lambda A, x, y, s: A @ x, "@"),
        (lambda A, x, y, s: A @ A.T, "@"),
        (lambda A, x, y, s: A.T @ x, "@"),
        (lambda A, x, y, s: x @ y, "·"),
        (lambda A, x, y, s: x * y, "⊙"),
        (lambda A, x, y, s: s * A, "×"),
        (lambda A, x, y, s: s * s, "×"),
        (lambda A, x, y, s: s * sd.sin(s), "×"),
        (lambda A, x, y, s: sd.outer(x, y), "⊗"),
        (lambda A, x, y, s: sd.sum(A), "Σ"),
        (lambda A, x, y, s: sd.trace(A), "tr"),
        (lambda A, x, y, s: sd.diag(x), "diag"),
        (lambda A, x, y, s: sd.diagonal(A), "diagonal"),
        (lambda A, x, y, s: A.T, "T"),
        (lambda A, x, y, s: x + y, "+"),
        (lambda A, x, y, s: x - y, "−"),
        (lambda A, x, y, s: x - 2 * y, "+"),
        (lambda A, x, y, s: -x, "−"),
        (lambda A, x, y, s: x / 2, "÷2"),
        (lambda A, x, y, s: x * 3, "×3"),
        (lambda A, x, y, s: x * 2 / 3, "×2/3"),
        (lambda A, x, y, s: x * 0.1, "×0.1"),
        (lambda A, x, y, s: x**3, "(·)³"),
        (lambda A, x, y, s: x**-2, "(·)⁻²"),
        (lambda A, x, y, s: x**0.5, "√"),
        (lambda A, x, y, s: x**0.25, "(·)^0.25"),
        (lambda A, x, y, s: x**y, "^"),
        (lambda A, x, y, s: 1 / x, "1/(·)"),
        (lambda A, x, y, s: x / y, "÷"),
        (lambda A, x, y, s: A[0, 1:], "[0, 1:n]"),
        (lambda A, x, y, s: sd.max(A), "max"),
        (lambda A, x, y, s: sd.norm2(x), "‖·‖"),
    ],
)  # fmt: skip
def test_labels(make, label):
    g = sd.Graph()
    e = make(g.variable("A", "n n"), g.variable("x", "n"), g.variable("y", "n"), g.variable("s"))
    assert [b.lines[0] for b in draw(e).diagram.boxes if b.output is not None] == [label]


def test_odd_contractions_show_their_indices():
    assert product_label((((0, 1), (1, 2), (2, 0)), (), ())) == "ab,bc,ca→"
    assert product_label((((0,),) * 30, (0,), ())) == "einsum"
    assert product_label(((), (0, 0), ((0, "n"),))) == "I"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-12, "-12"), (3.0, "3"), (0.7310585786, "0.731"), (1e-8, "1e-8"), (-2.25e-07, "-2.25e-7"),
        (1e300, "1e300"), (123456.0, "123456"), (1234567.0, "1.23e6"), (float("inf"), "∞"),
        (float("-inf"), "-∞"), (float("nan"), "nan"), (0.1, "0.1"), (2**4000, "1318…"), (True, "True"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number_text(value) == text


# --- collapsing ---------------------------------------------------------------------------------------------


def test_a_long_chain_is_collapsed_in_the_middle():
    f = chain()
    picture = draw(f)
    assert len(picture.diagram.boxes) < 60
    counts = [b.lines for b in picture.diagram.boxes if b.kind == "group"]
    assert len(counts) == 1
    total = int(re.sub(r"\D", "", counts[0][0])) + sum(b.kind != "group" for b in picture.diagram.boxes)
    assert total == len(f.graph.ancestors([f.node]))


def test_groups_are_primal_or_derivative():
    f = chain()
    groups = [b for b in draw({"f": f, "df": sd.grad(f, "x")}).diagram.boxes if b.kind == "group"]
    assert {b.derivative for b in groups} == {False, True}


def test_a_wide_sum_is_collapsed_by_op():
    xs = sd.Graph().variables([f"x{i}" for i in range(1000)])
    boxes = draw(sd.add(*(sd.sin(k * x) ** 2 for k, x in enumerate(xs, 2)))).diagram.boxes
    assert [b.lines for b in boxes] == [
        ["1 000 variables", "x0, x1, …"],
        ["×", "1 000 nodes"],
        ["sin", "1 000 nodes"],
        ["(·)²", "1 000 nodes"],
        ["+"],
    ]


def test_max_nodes_decides():
    f = chain(20)
    n = len(f.graph)
    assert not any(b.kind == "group" for b in draw(f, max_nodes=n).diagram.boxes)
    assert any(b.kind == "group" for b in draw(f, max_nodes=10).diagram.boxes)
    for bad in (0, -1, 2.5, "many"):
        with pytest.raises(sd.InputError, match="max_nodes"):
            draw(f, max_nodes=bad)


def test_a_collapsed_picture_is_acyclic():
    f = chain(300)
    for max_nodes in (1, 5, 20, 100):
        diagram = draw([f, sd.grad(f, "x")], max_nodes=max_nodes).diagram
        inputs = {k: {a.source for a in diagram.arrows if a.target == k} for k in range(len(diagram.boxes))}
        done: set[int] = set()
        while len(done) < len(inputs):
            ready = {k for k, i in inputs.items() if k not in done and i <= done}
            assert ready
            done |= ready


# --- files and errors ---------------------------------------------------------------------------------------


def test_files(tmp_path):
    f = circuit()
    picture = draw(f, tmp_path / "f.svg", values=AT)
    assert (tmp_path / "f.svg").read_text() == picture.svg == str(picture) == picture._repr_svg_()
    draw(f, str(tmp_path / "f.DOT"))
    assert (tmp_path / "f.DOT").read_text() == to_dot(f)
    picture.save(tmp_path / "g.dot")
    assert sorted(os.listdir(tmp_path)) == ["f.DOT", "f.svg", "g.dot"]
    for name in ("f.png", "f", "svg"):
        with pytest.raises(sd.InputError, match=r"\.svg or \.dot"):
            draw(f, tmp_path / name)
    with pytest.raises(sd.InputError, match="missing"):
        draw(f, tmp_path / "missing" / "f.svg")
    assert isinstance(picture, Picture)
    assert repr(picture) == "<picture: 5 boxes, 4 wires>"


def test_errors():
    f = circuit()
    with pytest.raises(sd.InputError, match="missing value"):
        draw(f, values={"x": 1})
    with pytest.raises(sd.InputError, match="values are a dictionary"):
        sd.draw(sd.parse("x*y"), values=3)
    with pytest.raises(sd.InputError, match="'q' is no variable"):
        draw(f, values={**AT, "q": 1})
    with pytest.raises(sd.InputError, match="scalar"):
        draw(sd.sin(sd.Graph().variable("x", "n")), gradients=True)
    for bad in (3, [], {}, "x", [f, 1]):
        with pytest.raises(sd.InputError):
            draw(bad)
    with pytest.raises(sd.InputError, match="different graphs"):
        draw([f, circuit()])


def test_values_by_expression():
    f = circuit()
    x = sd.Expr(f.graph, 0)
    boxes = boxes_of(draw(f, values={x: -2, "y": 5, "z": -4}))
    assert boxes["×"].value == "-12"


def test_notebooks_show_pictures_on_request_only():
    f = circuit()
    assert f._repr_svg_() is None
    assert draw(f)._repr_svg_().startswith("<svg")


def test_dot_is_escaped():
    f = sd.exp(sd.Graph().variable("x"))
    dot = to_dot({'a "quoted" \\ name\n<b>': f})
    assert r'label="a \"quoted\" \\ name\n<b>"' in dot
    assert dot.startswith("digraph symdiff {\n")
    assert dot.count('"') % 2 == 0
    assert draw({"<script>&": f}).svg.count("&lt;script&gt;&amp;") == 1


def test_dot_has_every_box_and_wire():
    diagram = draw(net()).diagram
    dot = to_dot(net())
    assert len(re.findall(r"^  n\d+ \[", dot, re.M)) == len(diagram.boxes)
    assert len(re.findall(r"^  n\d+ -> n\d+", dot, re.M)) == len(diagram.arrows)


def test_apart_keeps_order_and_room():
    rng = np.random.default_rng(0)
    for _ in range(50):
        wished, room = rng.normal(size=8) * 5, rng.uniform(1, 3, 8)
        got = apart(wished, room)
        assert all(
            b - a >= (r + s) / 2 - 1e-9 for a, b, r, s in zip(got, got[1:], room, room[1:], strict=False)
        )
        free = np.cumsum(np.full(8, 10.0))
        assert apart(free, room) == pytest.approx(free)
