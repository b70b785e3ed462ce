"""Documents: fields <-> JSON text with a digest, columns of whole numbers as arrays.

A document is an object of the `FIELDS` in this order and of their ``digest``, SHA-256 of what they are without spaces.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np

from .digits import Rows, read, rows_read, rows_written, written

FORMAT, VERSION = "symdiff", 1
COLUMNS = ("op", "params", "shape", "dtype")  # a place among the distinct values for each node
FIELDS = (
    "format", "version", "ops", "op", "inputs", "parameters", "params", "shapes", "shape", "dtypes", "dtype",
    "arrays", "variables", "names", "object",
)  # fmt: skip


class Refused(Exception):
    """Why a document is refused; becomes an InputError that names the file."""


def compact(value: Any) -> str:
    if isinstance(value, Rows):
        return rows_written(value)
    if isinstance(value, np.ndarray):
        return written(value)
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def digest_of(document: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for field in FIELDS:
        digest.update(compact(document[field]).encode())
    return digest.hexdigest()


def text_of(document: Mapping[str, Any]) -> Iterator[str]:
    digest = hashlib.sha256()
    yield "{\n"
    for field in FIELDS:
        value = compact(document[field])
        digest.update(value.encode())
        yield f'"{field}": {value},\n'
    yield f'"digest": "{digest.hexdigest()}"\n}}\n'


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(items)
    if len(result) != len(items):
        raise Refused("a key is given twice in one object")
    return result


def _no_float(text: str) -> NoReturn:
    raise Refused(f"the number {text[:40]} is no integer: floats are texts in this format")


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float)


def _as_written(data: bytes) -> dict[str, Any] | None:
    """A document whose fields are lines as `save` writes them, its columns as arrays; None of another one, or where the
    digest does not match."""
    opening, *lines = data.split(b"\n")
    names = (*FIELDS, "digest")
    if opening != b"{" or lines[len(names) :] != [b"}", b""]:
        return None
    document, digest = {}, hashlib.sha256()
    for name, line in zip(names, lines, strict=False):
        before, after = f'"{name}": '.encode(), b"" if name == "digest" else b","
        if not (line.startswith(before) and line.endswith(after)):
            return None
        value = line[len(before) : len(line) - len(after)]
        if name != "digest":
            digest.update(value)
        numbers = rows_read(value) if name == "inputs" else read(value) if name in COLUMNS else None
        try:
            document[name] = _json(value.decode()) if numbers is None else numbers
        except (ValueError, RecursionError):
            return None
    return document if document["digest"] == digest.hexdigest() else None


def parsed(data: bytes) -> dict[str, Any]:
    """The fields of a document of our format and version, complete and undamaged."""
    document = _as_written(data)
    if document is not None and document["version"] == VERSION and document["format"] == FORMAT:
        return document
    try:
        document = _json(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused("not a symdiff document: no UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise Refused(
            f"damaged or not a symdiff document: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    except (RecursionError, ValueError) as error:  # ValueError: an integer of thousands of digits
        raise Refused(f"not a symdiff document: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused(f'not a symdiff document: its field "format" is not "{FORMAT}"')
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise Refused('damaged: the field "version" is not a positive integer')
    if version > VERSION:
        raise Refused(
            f"written by a newer symdiff: document version {version}, this one reads up to {VERSION}"
        )
    missing = [field for field in (*FIELDS, "digest") if field not in document]
    if missing:
        raise Refused(f"damaged: the field {missing[0]!r} is missing")
    unknown = sorted(set(document) - {*FIELDS, "digest"})
    if unknown:
        raise Refused(f"damaged: the field {unknown[0][:40]!r} is unknown")
    if document["digest"] != digest_of(document):
        raise Refused("damaged: the contents do not match the digest (changed after it was written?)")
    return document
