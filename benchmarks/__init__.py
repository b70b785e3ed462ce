"""Side-by-side measurements of symdiff and its peers: ``python -m benchmarks`` runs all of them.

A benchmark is a record (`record.Benchmark`): a problem, the sides that compute it, and the ratios that
are promised. One process measures one problem, all sides interleaved; what is
reported is a ratio of medians against its target.
"""
