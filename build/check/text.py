"""The article's text: inline, in a file of its own, or absent, and what it must match."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from dateline.build.issues import Finding, shown


@dataclass(frozen=True)
class Text:
    """The text of an article with its digest and length in code points; `words` null if absent."""

    words: str | None
    sha256: str
    length: int


def read_text(data: dict[str, Any], folder: Path, found: list[Finding]) -> Text | None:
    """The text of an article, or null where findings say why there is none to work with."""
    inline, name = data.get("text"), data.get("text_file")
    if inline is not None and name is not None:
        message = "expected text or text_file, got both; keep the one that is right"
        found.append(Finding("text-twice", "/text_file", f"/text_file: {message}", at_key=True))
        return None
    words = inline if name is None else _from_file(name, folder, found)
    if name is not None and not words:
        return None
    return _absent(data, found) if words is None else _present(words, data, found)


def _from_file(name: str, folder: Path, found: list[Finding]) -> str | None:
    def no(rule: str, message: str) -> None:
        found.append(Finding(rule, "/text_file", f"/text_file: {message}"))

    path = folder / name
    try:
        if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
            no(
                "text-file-outside",
                f"expected a path inside the annotation's folder, got {shown(name)}; "
                "move the text beside the annotation",
            )
            return None
        words = path.read_bytes().decode("utf-8")
        if not words:
            no("text-empty", f"expected words, got {shown(name)} without any; save the text in it")
        return words
    except UnicodeDecodeError as error:
        no(
            "text-file-encoding",
            f"expected UTF-8, got the byte 0x{error.object[error.start]:02X} at offset "
            f"{error.start} of {shown(name)}; save the text as UTF-8",
        )
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError: a name that no file can have. RuntimeError: links in a circle.
        got = getattr(error, "strerror", None) or str(error)
        no(
            "text-file-missing",
            f"expected a readable file {shown(name)}, got: {got.lower()}; "
            "add it, or correct the path, which is relative to the annotation's file",
        )
    return None


def _present(words: str, data: dict[str, Any], found: list[Finding]) -> Text:
    text = Text(words, sha256(words.encode()).hexdigest(), len(words))
    given, length = data.get("text_sha256"), data.get("text_length")
    if given is not None and given != text.sha256:
        message = (
            f"/text_sha256: expected {text.sha256}, the SHA-256 of the text, got {given}; "
            "the text is not the one that was annotated: restore it, or annotate it again"
        )
        found.append(Finding("text-hash", "/text_sha256", message))
    if length is not None and length != text.length:
        message = (
            f"/text_length: expected {text.length}, the text's length in Unicode code points, "
            f"got {length}; correct it, or restore the text that was annotated"
        )
        found.append(Finding("text-length", "/text_length", message))
    return text


def _absent(data: dict[str, Any], found: list[Finding]) -> Text | None:
    digest, length = data.get("text_sha256"), data.get("text_length")
    if digest is not None and length is not None:
        return Text(None, digest, length)
    missing = " and ".join(k for k in ("text_sha256", "text_length") if data.get(k) is None)
    message = (
        f"expected text or text_file, or {missing} where the text may not be distributed; "
        "got none of them; add the text"
    )
    found.append(Finding("text-missing", "", message))
    return None
