"""From bytes to characters: UTF-8 first, then what German files are usually written in."""

import codecs
import re

from charset_normalizer import from_bytes

from index.errors import LoadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 65_536
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_CONTROL_SHARE = 0.01
# What the bytes above ASCII are in German and neighbouring languages when they are read rightly.
_WESTERN = frozenset("äöüÄÖÜßéèêëáàâãåæçíìîïñóòôøœúùûýÉÈÁÀÇÑÓÖØŒÚ„“”‚‘’«»‹›–—…•·§°€£©®™²³½¼×±´\xa0\xad")
_WESTERN_SHARE = 0.9
# So many valid sequences for each broken one, and the file is damaged UTF-8 and nothing else.
_VALID_PER_BROKEN = 20
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(data: bytes) -> str:
    """Read bytes as text.

    Args:
        data: A whole file.

    Returns:
        The characters, without a byte order mark.

    Raises:
        LoadError: The bytes are binary, or in no encoding that can be told.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, errors="replace")
    if is_binary(data):
        raise LoadError("binary data; only text can be indexed")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(data)


def is_binary(data: bytes) -> bool:
    """Tell whether bytes hold what no text holds: zero bytes or many control characters."""
    sample = data[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\x00" in sample or controls > _CONTROL_SHARE * len(sample)


def _decode_other(data: bytes) -> str:
    damaged = data.decode("utf-8", errors="replace")
    if len(_MULTIBYTE.findall(data[:_SAMPLE_BYTES])) > _VALID_PER_BROKEN * damaged[:_SAMPLE_BYTES].count(
        "\ufffd"
    ):
        return damaged
    western = data.decode("cp1252", errors="replace")
    high = [character for character in western[:_SAMPLE_BYTES] if character > "\x7f"]
    if sum(character in _WESTERN for character in high) >= _WESTERN_SHARE * len(high):
        return western
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        raise LoadError("unknown encoding; save the file as UTF-8")
    return data.decode(best.encoding, errors="replace")
