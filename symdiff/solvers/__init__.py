"""What solvers take: Krylov operators and scipy problems."""
