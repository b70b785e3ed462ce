"""The print-level normal form, and the rules on it."""
