"""Every stage inside the library is checked in every test: this file is read before symdiff is imported."""

import os

os.environ["SYMDIFF_CHECK"] = "1"
