"""Engine "jax": rows over eight devices of this machine, and over two processes by gloo."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax")
ROOT = Path(__file__).parent.parent


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.jax_rows", *arguments], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_eight_devices():
    process = started()
    text, _ = process.communicate(timeout=300)
    assert text.endswith("all right\n"), text


def test_two_processes():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{s.getsockname()[1]}"
    processes = [started(str(k), address) for k in range(2)]
    try:
        texts = [p.communicate(timeout=300)[0] for p in processes]
    finally:
        for p in processes:
            p.kill()
    assert all("all right" in text for text in texts), "\n".join(texts)
