"""``python -m symdiff`` is the ``symdiff`` command."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="symdiff")
