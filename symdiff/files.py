"""Files: reading one up to a limit, replacing one atomically. An `InputError` names the file that failed."""

import os
import secrets
import stat
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
        with open(name, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(f"{name}: not a regular file")
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{name}: can't be read: {error.strerror or error}") from error
    if len(data) > limit:
        raise InputError(f"{name}: larger than {limit} bytes, the limit of this call")
    return data


def write_atomically(path: Any, pieces: Iterable[str]) -> None:
    """Replace a file by a text; whatever happens, it holds the old or the new one, and nothing else is left.

    The text is written to a new file in the same folder, forced to disk, and moved over the old one.
    """
    name = path_text(path)
    target = os.path.realpath(name)  # a link stays a link
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
