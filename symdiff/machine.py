"""Machine code by LLVM: modules are compiled when first asked for, and kept as object files where a folder is
writable.

``SYMDIFF_NO_LLVM=1`` turns it off; so do a system without llvmlite and one where memory that was written can't be made
executable. What needs machine code asks `unavailable` first.
"""

import ctypes
import hashlib
import mmap
import os
import platform
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from .errors import SymdiffError
from .lazy import LOCK, module

_PACKAGE = Path(__file__).parent
# what code is made of
_SOURCES = (  # files that machine code is made of
    "machine.py", "kernels.py", "op.py", "ops/*.py", "backends/*.py", "backends/loops/*.py", "columns.py", "digits.py",
    "spellings/leading.py", "spellings/survey.py", "write/diagram.py", "solvers/filling.py",
)  # fmt: skip
_DIGEST = hashlib.sha256().digest_size
_PROT_READ_EXECUTE = 5
_PROCESSORS = ("x86_64", "amd64", "aarch64", "arm64")  # where every call in the last place can be a jump
_GENERATIONS = 4  # versions of which object code is kept


class NoMachineCode(SymdiffError, RuntimeError):
    """There is no way to run compiled code here; the message says why."""


@cache
def unavailable() -> str:
    """Why there is no machine code, or "" where there is."""
    if os.environ.get("SYMDIFF_NO_LLVM", "0") not in ("", "0"):
        return "SYMDIFF_NO_LLVM is set"
    if platform.machine().lower() not in _PROCESSORS:
        return f"code for the processor {platform.machine()!r} has not been tried"
    if not _memory_can_be_executed():
        return "this system forbids memory that was written to be executed"
    try:
        _engine()
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        return f"llvmlite does not work here: {error}"
    return ""


def _memory_can_be_executed() -> bool:
    """As LLVM does it: a page is written, then made executable."""
    if not hasattr(mmap, "PROT_EXEC"):
        return True
    with mmap.mmap(-1, mmap.PAGESIZE) as page:
        page[0] = 0xC3
        start = ctypes.c_char.from_buffer(page)
        protect = ctypes.CDLL(None).mprotect
        protect.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        allowed = protect(ctypes.addressof(start), mmap.PAGESIZE, _PROT_READ_EXECUTE) == 0
        del start
    return allowed


class _Engine:
    """LLVM's compiler and linker in this process."""

    def __init__(self) -> None:
        self.llvm = llvm = module("llvmlite.binding")
        with suppress(RuntimeError):  # newer ones need no such call
            llvm.initialize()
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.triple = llvm.get_process_triple()
        self.cpu, self.features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
        self.target = llvm.Target.from_triple(self.triple).create_target_machine(
            cpu=self.cpu, features=self.features, opt=2, reloc="default", codemodel="jitdefault"
        )
        self.data_layout = str(self.target.target_data)
        self.linker = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self.target)

    def compiled(self, text: str, level: int) -> bytes:
        """The object code of a module's text."""
        llvm = self.llvm
        parsed = llvm.parse_assembly(text)
        options = llvm.create_pipeline_tuning_options(speed_level=level)
        options.loop_vectorization = options.slp_vectorization = level > 1
        options.loop_interleaving = False
        builder = llvm.create_pass_builder(self.target, options)
        passes = builder.getModulePassManager()
        passes.run(parsed, builder)
        return self.target.emit_object(parsed)

    def link(self, code: bytes) -> None:
        self.linker.add_object_file(self.llvm.object_file.ObjectFileRef.from_data(code))
        self.linker.finalize_object()


@cache
def _made() -> _Engine:
    return _Engine()


def _engine() -> _Engine:
    """The engine of this process; a forked child goes on with its parent's."""
    with LOCK:
        return _made()


def functions(key: str, names: Sequence[str], build: Callable[[], Any], level: int = 2, keep: bool = True) -> list[int]:
    """The addresses of functions of a module, which `build` makes (an `llvmlite.ir.Module`) unless its object code
    was kept.

    key    the name of the module, unique among those that these sources can make
    level  of LLVM's optimisation: loops are vectorised from 2 on
    """
    if unavailable():
        raise NoMachineCode(f"no machine code: {unavailable()}")
    with LOCK:
        engine = _engine()
        path = _kept(key) if keep else None
        code = _read(path) if path is not None else None
        if code is None:
            made = build()
            made.triple, made.data_layout = engine.triple, engine.data_layout
            code = engine.compiled(str(made), level)
            if path is not None:
                _write(path, code)
        engine.link(code)
        return [engine.linker.get_function_address(name) for name in names]


def symbol(name: str) -> bool:
    """The process has a function of this name, now known to the linker."""
    with LOCK:
        llvm = _engine().llvm
        if llvm.address_of_symbol(name):
            return True
        function = getattr(_libm(), name, None)
        if function is not None:
            llvm.add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
        return function is not None


def define(name: str, address: int) -> None:
    """Code may call the function at an address by this name."""
    with LOCK:
        _engine().llvm.add_symbol(name, address)


@cache
def _libm() -> Any:
    with suppress(OSError):
        return ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    return None


# --- object files that are kept ---------------------------------------------------------------------------------


@cache
def _folder() -> Path | None:
    """The user's own folder for object files, ``SYMDIFF_CACHE`` or one beside other caches; None where there is none
    or others may write to it."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = Path(os.environ.get("SYMDIFF_CACHE") or (Path(base) if base else Path.home() / ".cache") / "symdiff")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except (OSError, RuntimeError):
        return None
    mine = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)
    return folder if mine and os.access(folder, os.W_OK) else None


@cache
def _sources() -> str:
    """A digest of what code is made of: our sources, LLVM's version and the processor."""
    engine, digest = _engine(), hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_PACKAGE.glob(pattern)):
            digest.update(path.read_bytes())
    digest.update(repr((engine.llvm.llvm_version_info, engine.triple, engine.cpu, engine.features)).encode())
    return digest.hexdigest()


@cache
def _kept_of_these() -> Path | None:
    """The folder for object code of these sources; of older ones the last few stay."""
    folder = _folder()
    if folder is None:
        return None
    with suppress(OSError):
        own = folder / _sources()[:32]
        if not own.is_dir():
            others = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
            for old in others[:-_GENERATIONS]:
                shutil.rmtree(old, ignore_errors=True)
            own.mkdir(mode=0o700, exist_ok=True)
        return own
    return None


def _kept(key: str) -> Path | None:
    folder = _kept_of_these()
    return folder and folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.o"


def _read(path: Path) -> bytes | None:
    """Object code that is whole: a digest stands before it."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    code = data[_DIGEST:]
    return code if hashlib.sha256(code).digest() == data[:_DIGEST] else None


def _write(path: Path, code: bytes) -> None:
    temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    with suppress(OSError):
        temporary.write_bytes(hashlib.sha256(code).digest() + code)
        os.replace(temporary, path)
