"""The writers: graph -> text, LaTeX, index notation, sympy, Python source, pictures."""
