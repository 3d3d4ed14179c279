"""Golomb-Rice coding of sorted numbers, as the prefix list goes over the wire.

Source: Rice and Plaunt, "Adaptive Variable-Length Coding for Efficient Compression of Spacecraft
Television Data" (1971). Each number is the difference to the one before (the first to zero): its
quotient by 2**k as so many ones and a zero, then its lowest k bits, low bits first. Bits fill bytes
from the lowest.
"""

from __future__ import annotations

import math
import struct

import numpy as np
from numpy.typing import NDArray

_HEAD = struct.Struct(">IBI")  # how many numbers, k, how many bytes follow
_WIDEST = 31


def encode_sorted(numbers: NDArray[np.uint32]) -> bytes:
    """Encode rising 32-bit numbers as one section: its head, then the bits."""
    if not len(numbers):
        return _HEAD.pack(0, 0, 0)
    steps = np.diff(numbers.astype(np.int64), prepend=np.int64(0)).astype(np.int64)
    k = _parameter(float(steps.mean()))
    quotients = steps >> k
    ends = np.cumsum(quotients + 1 + k)
    starts = ends - (quotients + 1 + k)
    marks = np.zeros(int(ends[-1]) + 1, np.int8)
    # Where a row of ones begins it goes up, where it ends down; an empty row does neither.
    np.add.at(marks, starts, 1)
    np.add.at(marks, starts + quotients, -1)
    bits = np.cumsum(marks, dtype=np.int8)[:-1].astype(np.uint8)
    for place in range(k):
        bits[starts + quotients + 1 + place] = (steps >> place) & 1
    packed = np.packbits(bits, bitorder="little").tobytes()
    return _HEAD.pack(len(numbers), k, len(packed)) + packed


def _parameter(mean: float) -> int:
    """Choose k for steps that are spread as chance spreads them: 2**k is about mean times ln 2."""
    return min(_WIDEST, round(math.log2(max(1.0, mean * math.log(2)))))


def decode_sorted(section: bytes) -> tuple[NDArray[np.uint32], int]:
    """Decode one section at the start of these bytes; return the numbers and its length."""
    count, k, size = _HEAD.unpack_from(section)
    data = np.frombuffer(section, np.uint8, size, _HEAD.size)
    bits = np.unpackbits(data, bitorder="little")
    numbers = np.zeros(count, np.uint32)
    place = last = 0
    powers = 1 << np.arange(k, dtype=np.int64)
    for index in range(count):
        end = place
        while bits[end]:
            end += 1
        low = int(bits[end + 1 : end + 1 + k] @ powers)
        last += ((end - place) << k) + low
        numbers[index] = last
        place = end + 1 + k
    return numbers, _HEAD.size + size
