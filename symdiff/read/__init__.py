"""Readers: text, sympy expressions and traced Python functions become nodes of a graph."""
