"""LaTeX of names and of functions that have a symbol of their own."""

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
KNOWN = {  # functions that LaTeX has a command or a symbol for
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh",
    "log": r"\log", "exp": r"\exp", "det": r"\det", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
    "sec": r"\sec", "csc": r"\csc", "cot": r"\cot", "coth": r"\coth", "sigmoid": r"\sigma",
    "gamma": r"\Gamma", "digamma": r"\psi", "gammaln": r"\log\Gamma",
    "trace": r"\operatorname{tr}", "max": r"\max", "min": r"\min", "maximum": r"\max", "minimum": r"\min",
}  # fmt: skip


def identifier(text: str) -> str:
    """A name: Greek letters as such, ``w_1`` with a subscript, long names upright."""
    base, _, sub = text.rstrip("_").partition("_")
    letters = base.rstrip("0123456789")
    digits = base[len(letters) :]
    if letters and digits and not sub:
        base, sub = letters, digits
    base = LETTERS.get(base, base)
    base = SHORT.get(base, base)
    shown = "\\" + base if base in GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    if not sub:
        return shown
    return f"{shown}_{{{identifier(sub) if not sub.isdigit() else sub}}}"


def subscriptable(text: str) -> str:
    """Braces around what has a subscript already: ``{W_{2}}_{ij}``."""
    return f"{{{text}}}" if "_" in text else text
