"""Workbooks with a password, as office programs make them: the new kind (ECMA-376 agile) and the old one (BIFF FILEPASS, RC4)."""

from __future__ import annotations

import io
import os
import struct
from hashlib import md5
from pathlib import Path

import olefile
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4, _makekey

_WRITE_ACCESS, _FILE_PASS, _SHEET = 0x5C, 0x2F, 0x85
_PLAIN = {0x0809, _FILE_PASS, 0xE1}


def sealed_xlsx(path: Path, password: str) -> Path:
    """Encrypt a workbook in place."""
    plain = io.BytesIO(path.read_bytes())
    with path.open("wb") as stream:
        OOXMLFile(plain).encrypt(password, stream)
    return path


def sealed_xls(path: Path, password: str) -> Path:
    """Encrypt an old workbook in place: the record of its author (of no use here) makes room for the one that says so."""
    with olefile.OleFileIO(str(path), write_mode=True) as ole:
        stream = ole.openstream("Workbook").read()
        ole.write_stream("Workbook", _encrypted(stream, password))
    return path


def _encrypted(stream: bytes, password: str) -> bytes:
    salt = os.urandom(16)
    verifier = os.urandom(16)
    cipher = Cipher(ARC4(_makekey(password, salt, 0)), mode=None).encryptor()
    proof = cipher.update(verifier + md5(verifier, usedforsecurity=False).digest())
    at = 0
    out = bytearray()
    hidden = bytearray()  # what the cipher runs over: nothing where the stream stays plain
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if not kind:  # what follows the last record is one of zeros, not many
            body, at = bytes(len(stream) - at), len(stream)
        if kind == _WRITE_ACCESS:
            body = struct.pack("<HHH", 1, 1, 1) + salt + proof
            rest = length - len(body) - 4
            pieces = [(_FILE_PASS, body), (_WRITE_ACCESS, bytes(rest))]
        else:
            pieces = [(kind, body)]
        for number, content in pieces:
            out += struct.pack("<HH", number, len(content)) + content
            shown = len(content) if number in _PLAIN else 4 if number == _SHEET else 0
            hidden += bytes(4 + shown) + content[shown:]
    told = DocumentRC4.decrypt(password, salt, io.BytesIO(bytes(hidden)), blocksize=1024).read()
    where = 0
    while where < len(out):
        kind, length = struct.unpack_from("<HH", out, where)
        start = where + 4 + (length if kind in _PLAIN else 4 if kind == _SHEET else 0)
        out[start : where + 4 + length] = told[start : where + 4 + length]
        where += 4 + length
    return bytes(out) + stream[len(out) :]
