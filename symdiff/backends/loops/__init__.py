"""Loops of array programs: which steps share them, as text, as code, as callables."""
