"""eyes.py - how far two colours are apart for those who see all colours, and for those who do
not: Machado, Oliveira and Fernandes 2009, in the Lab space. For the tests beside it."""

import functools
import itertools
import math

LEAST = 15
WHITE = (0.95047, 1, 1.08883)
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
SIGHTS = (  # all colours, no red, no green, no blue
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
     (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
     (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
     (0.004733, 0.691367, 0.303900)),
)


def times(matrix, parts):
    return [sum(a * b for a, b in zip(row, parts)) for row in matrix]


def linear(color):
    digits = color.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts]


def luminance(parts):
    return times(TO_XYZ, parts)[1]


def lab(parts):
    x, y, z = [part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
               for part in (a / b for a, b in zip(times(TO_XYZ, parts), WHITE))]
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@functools.lru_cache(maxsize=None)
def seen(color):
    """The colour in Lab, for each of SIGHTS."""
    return [lab([min(1, max(0, part)) for part in times(sight, linear(color))])
            for sight in SIGHTS]


def distance(one, other):
    return min(itertools.starmap(math.dist, zip(seen(one), seen(other))))
