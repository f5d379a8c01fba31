"""pixels.py - the colours of a PNG of eight bits a channel, as screenshots are (RFC 2083)."""

import collections
import struct
import zlib

CHANNELS = {2: 3, 6: 4}


def chunks(png):
    place = 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place:place + 8])
        yield kind, png[place + 8:place + 8 + length]
        place += length + 12


def unfilter(kind, line, above, step):
    """Undoes the filter of one line, in its place."""
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (line[i] + left) & 255
        elif kind == 2:
            line[i] = (line[i] + above[i]) & 255
        elif kind == 3:
            line[i] = (line[i] + (left + above[i]) // 2) & 255
        elif kind == 4:
            guess = left + above[i] - corner
            line[i] = (line[i] + min((left, above[i], corner),
                                     key=lambda near: abs(guess - near))) & 255


def colors(png):
    """(width, height, {colour "#rrggbb": how many pixels})."""
    found = list(chunks(png))
    width, height, depth, kind = struct.unpack(">IIBB", found[0][1][:10])
    step = CHANNELS[kind]
    assert depth == 8
    data = zlib.decompress(b"".join(body for name, body in found if name == b"IDAT"))
    counts, above = collections.Counter(), bytearray(width * step)
    for row in range(height):
        start = row * (width * step + 1)
        line = bytearray(data[start + 1:start + 1 + width * step])
        if data[start]:
            unfilter(data[start], line, above, step)
        counts.update(bytes(line[i:i + 3]) for i in range(0, len(line), step))
        above = line
    return width, height, {"#" + color.hex(): count for color, count in counts.items()}
