"""Files: reading one up to a limit, replacing one atomically. An `InputError` names the file that failed.

Only regular files are read and replaced; what is written to the standard output, under any of its names, goes into it.
"""

import os
import secrets
import stat
import sys
from collections.abc import Iterable
from typing import Any

from .errors import InputError


def path_text(path: Any) -> str:
    """A path as text; InputError when it is none."""
    try:
        text = os.fsdecode(path)
    except TypeError:
        raise InputError(f"expected a path, got {type(path).__name__}") from None
    if not text or "\0" in text:
        raise InputError(f"{text!r} is not a path")
    return text


def read_bytes(path: Any, limit: int) -> bytes:
    """The contents of a regular file of at most `limit` bytes."""
    name = path_text(path)
    try:
        with open(name, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(f"{name}: not a regular file")
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{name}: can't be read: {error.strerror or error}") from error
    if len(data) > limit:
        raise InputError(f"{name}: larger than {limit} bytes, the limit of this call")
    return data


def _without_waiting(name: str, flags: int) -> int:
    """Opens a file; a pipe too, although nobody writes to it."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _special(name: str) -> int | None:
    """The descriptor of the standard output or error stream that the path names, None for a regular file or a new one;
    InputError for other pipes, devices and sockets, which must not be replaced by a file."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    if plain and not _leads_to_device(name):
        return None
    for descriptor in (1, 2):
        if os.path.samestat(found, os.fstat(descriptor)):
            return descriptor
    if plain:
        return None
    raise InputError(f"{name}: can't be written: it is a pipe, a device or a socket, not a regular file")


def _leads_to_device(name: str) -> bool:
    """The path, or what it links to, is a name like /dev/stdout, which may stand for a regular file."""
    while not os.path.abspath(name).startswith(("/dev/", "/proc/")):
        if not os.path.islink(name):
            return False
        name = os.path.join(os.path.dirname(name), os.readlink(name))
    return True


def _write_into(descriptor: int, name: str, pieces: Iterable[str]) -> None:
    """Write a text to an open stream, after what Python has kept for it."""
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with os.fdopen(os.dup(descriptor), "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        raise InputError(f"{name}: can't be written: {error.strerror or error}") from error


def write_atomically(path: Any, pieces: Iterable[str]) -> None:
    """Replace a file by a text; whatever happens, it holds the old or the new one, and nothing else is left.

    The text is written to a new file in the same folder, forced to disk, and moved over the old one.
    """
    name = path_text(path)
    if (output := _special(name)) is not None:
        _write_into(output, name, pieces)
        return
    target = os.path.realpath(name)  # a link stays a link
    if os.path.islink(target):
        raise InputError(f"{name}: can't be written: its links lead to themselves")
    if name.endswith(os.sep):
        raise InputError(f"{name}: can't be written: a folder is named, not a file")
    folder, base = os.path.split(target)
    temporary = os.path.join(folder, f".{base[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            if os.path.isfile(target):
                os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        _force_folder(folder)
    except OSError as error:
        raise InputError(f"{name}: can't be written: {error.strerror or error}") from error


def _force_folder(folder: str) -> None:
    """The new name reaches the disk too, where the system lets a folder be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
