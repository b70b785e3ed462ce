"""LaTeX of names, of sizes, and of functions that have a symbol of their own."""

from collections.abc import Iterable

from .. import shapes
from ..lazy import cached_property
from ..op import OPS
from ..shapes import Size

GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
}  # fmt: skip
SHORT = {"lam": "lambda", "eps": "epsilon"}
LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda", "μ": "mu",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ψ": "psi", "ω": "omega",
    "Σ": "Sigma", "Ω": "Omega", "Δ": "Delta",
}  # fmt: skip
ACCENTS = ("hat", "bar", "tilde", "dot")
RESERVED = {"e", "I", "pi"}  # letters that are constants: names with them stand upright
INDICES = "ijklmnpqrstuvabcfgh"


def identifier(text: str) -> str:
    """A name: Greek letters as such, ``w_1`` with a subscript, ``x_bar`` with an accent, long names upright; of a
    shortened array its kind."""
    text = "array" if "(" in text else text
    base, _, sub = text.rstrip("_").partition("_")
    letters = base.rstrip("0123456789")
    digits = base[len(letters) :]
    if letters and digits and not sub:
        base, sub = letters, digits
    shown = _letter(base)
    accent, _, rest = sub.partition("_")
    if accent in ACCENTS:
        shown, sub = rf"\{accent}{{{shown}}}", rest
    if not sub:
        return shown
    return f"{shown}_{{{identifier(sub) if not sub.isdigit() else sub}}}"


def _letter(base: str) -> str:
    base = LETTERS.get(base, base)
    base = SHORT.get(base, base)
    if base in RESERVED or (base not in GREEK and len(base) > 1):
        return upright(base)
    return "\\" + base if base in GREEK else base


def upright(text: str) -> str:
    return rf"\mathrm{{{text.replace('_', chr(92) + '_')}}}"


class Spellings(dict[str, str]):
    """{name: LaTeX}, and what is taken by them."""

    @cached_property
    def texts(self) -> frozenset[str]:
        return frozenset(self.values())

    @cached_property
    def letters(self) -> frozenset[str]:
        """The texts, and each without its subscript or what it is an accent of."""
        return self.texts.union(*[(t.split("_")[0], t.split("{")[0]) for t in self.texts])


def spellings(names: Iterable[str], sizes: Iterable[str]) -> Spellings:
    """{name: LaTeX}: names of several letters stand upright, sizes in italics; of names that would look alike all but
    the plainest are written as they are."""
    shown = Spellings()
    taken: set[str] = set()
    for name in sorted({*names, *sizes}, key=lambda s: (s.endswith("_"), s in SHORT, "_" not in s, s)):
        text = identifier(name)
        if name in sizes and name not in names:
            text = text.replace(r"\mathrm", r"\mathit")
        if text in taken:
            text = upright(name)
        taken.add(text)
        shown[name] = text
    return shown


def size_latex(size: Size, shown: dict[str, str]) -> str:
    """``2 m n-1``"""
    text = ""
    for names, c in shapes.terms(size):
        factors = ([str(abs(c))] if abs(c) != 1 or not names else []) + [_atom(s, shown) for s in names]
        text += ("-" if c < 0 else "+" if text else "") + " ".join(factors)
    return text or "0"


def _atom(text: str, shown: dict[str, str]) -> str:
    if text.startswith("min("):
        return rf"\min\left({', '.join(shown.get(s, s) for s in text[4:-1].split(', '))}\right)"
    return shown.get(text) or identifier(text)


def symbol(function: str, shown: Spellings) -> str:
    """What a function is called; by its own name where a variable has its letter. ``#`` stands for its order."""
    op = OPS.get(function)
    text = op.latex if op is not None else ""
    plain = r"\operatorname{" + function.replace("_", r"\_") + "}"
    letter = text.removeprefix(r"\log").split("_")[0].split("^")[0]
    if not text or letter in shown.letters:
        return plain
    return text
