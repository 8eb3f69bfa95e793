"""The ten digits as strokes of a pen: common forms, and forms that are rare in MNIST.

A form is a list of strokes in a box of 100 x 100, x right and y down; the pen follows a smooth curve through the
points. "|" after a point makes it a corner, and a stroke of one point is a dot. Random variation imitates handwriting:
points and strokes are displaced, and the whole is slanted, turned, stretched, bent, and made to tremble.
"""

import functools
import itertools

import numpy as np

Stroke = tuple[np.ndarray, ...]  # smooth parts (k, 2), each starting where the last one ended

FORMS: dict[int, tuple[str, ...]] = {
    0: (
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0",
        "50,0 32,14 24,50 32,86 50,100 68,86 76,50 68,14 50,0",
        "64,4 30,6 12,45 22,88 55,100 86,70 84,25 52,3",  # not closed
        "58,6 25,15 10,55 35,98 75,85 88,40 65,5 42,8 36,24",  # ends within itself
        "45,2 15,22 12,65 40,99 78,82 86,35 60,2 84,-8",  # ends in a tail
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0; 84,2 16,98",  # slashed
        "50,0 32,14 24,50 32,86 50,100 68,86 76,50 68,14 50,0; 92,-4 8,104",
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0; 70,26 32,74",
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0; 18,14 82,86",
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0; 116,-18 -14,120",  # the slash far beyond it
        "50,0 28,14 20,50 28,86 50,100 72,86 80,50 72,14 50,0; 108,4 -8,98",
        "50,0 20,14 10,50 20,86 50,100 80,86 90,50 80,14 50,0; 50,47 50,54",  # dotted
    ),
    1: (
        "50,0 50,100",
        "52,0 48,50 50,100",
        "36,16 50,0 | 50,100",
        "22,30 50,0 | 50,100",
        "12,44 54,0 | 54,100",  # a long flag
        "4,62 50,0 | 52,100",
        "20,34 42,20 52,0 | 50,100",
        "22,28 40,6 56,2 56,40 46,100",  # bowed above
        "36,16 50,0 | 50,100; 22,100 78,100",  # flag and foot
        "18,34 50,0 | 50,100; 14,100 84,98",
        "20,30 50,0 | 50,100; 34,99 68,100",
        "50,0 50,100; 22,100 80,99",  # a foot alone
        "24,26 50,0 | 50,100 | 20,100 | 82,100",
        "12,24 52,0 | 48,100; 6,98 96,100",
        "8,74 52,0 | 54,100",  # the flag nearly as long as the stem
        "0,84 48,0 | 50,100",
        "14,58 50,0 | 50,100; 16,100 86,100",
        "4,66 46,2 50,0 | 52,100; 20,102 82,98",
    ),
    2: (
        "15,25 32,3 60,2 78,22 60,55 15,100 | 86,98",
        "12,14 45,0 74,15 66,45 10,98 | 48,93 92,98",
        "15,22 45,0 78,20 62,58 30,90 13,94 18,80 36,82 60,95 90,94",  # a loop at the foot
        "12,6 84,3 | 12,97 | 90,98",
        "26,30 16,14 42,0 75,12 72,42 30,85 12,100 | 88,96",
        "18,28 35,2 70,5 76,30 50,65 12,98 | 38,90 62,98 92,86",
    ),
    3: (
        "15,12 45,0 78,15 70,38 38,47 | 76,58 85,80 55,100 12,90",
        "15,15 45,0 75,15 62,40 38,48 46,54 80,62 82,88 45,100 10,88",
        "12,2 82,2 | 42,40 | 78,50 86,78 55,100 10,92",  # a flat top
        "18,10 58,0 72,22 42,45 | 80,70 52,100 12,94",
        "20,4 66,4 70,30 34,46 | 70,48 88,76 50,101 8,84",
        "32,4 66,4 | 44,34 | 76,46 86,74 54,100 14,92",  # a narrow flat top
        "36,2 70,4 | 40,38 | 80,50 84,80 52,100 12,86",
        "30,6 62,2 | 46,30 46,34 | 82,56 74,94 40,102 12,90",
    ),
    4: (
        "20,0 12,55 | 88,55; 65,25 62,100",  # open
        "32,0 10,60 | 90,58; 60,30 55,100",
        "18,5 15,42 30,56 76,48; 76,0 70,100",
        "24,0 10,42 | 95,42; 62,8 55,100",
        "22,2 18,50 | 74,50; 74,2 74,100",
        "45,0 12,60 | 78,60 | 72,20 | 66,100",  # in one go
        "30,4 16,48 40,56 72,40 78,8 | 70,100",
        "60,0 8,65 | 92,65; 62,0 62,100",  # closed
        "88,68 8,68 | 62,0 | 62,100",
        "58,2 12,58 | 94,56; 60,0 50,100",
        "8,24 14,62 | 96,58; 52,18 58,100",  # lying back
        "28,2 20,40 32,54 58,48 82,34; 78,8 62,100",
        "36,0 14,52 | 84,44; 60,30 50,100",
        "40,0 18,58 | 88,62; 58,40 56,100",
        "40,0 14,54 | 62,40 | 50,100",  # a lightning stroke, open above
        "34,0 20,50 | 74,42 | 58,100",
        "48,0 10,60 | 76,46 | 54,104",
        "26,2 18,46 32,54 | 74,40 | 62,100",
    ),
    5: (
        "25,0 20,42 | 55,36 85,60 70,92 35,100 8,90; 25,0 85,0",
        "85,2 25,2 | 20,45 | 55,38 85,65 65,95 12,95",
        "80,5 35,3 22,25 35,45 70,55 78,80 50,100 12,92",  # like an S
        "24,12 20,45 | 55,38 84,62 66,94 12,96; 30,-2 90,-6",  # the roof apart
        "82,0 30,2 24,20 18,48 | 50,34 82,44 84,78 52,100 10,86",
        "28,4 24,46 60,46 78,70 60,96 14,98; 26,6 84,0",
        "30,6 22,42; 24,40 56,36 82,58 70,92 36,100 8,90",  # two loose strokes
        "26,8 20,48 56,42 80,64 68,94 30,100 10,90; 40,-8 92,-12",
        "78,4 34,4 | 28,40; 18,50 54,42 80,64 66,96 14,98",
    ),
    6: (
        "70,2 35,25 15,65 25,95 60,100 80,80 70,58 40,55 18,72",
        "60,0 20,60 20,90 50,100 78,85 72,60 45,52 22,70",
        "82,10 56,0 25,25 12,65 30,98 70,95 82,70 60,52 30,60 16,76",
        "55,0 30,35 25,75 40,100 65,92 65,72 45,66 27,80",
        "30,0 24,50 26,86 52,100 76,84 70,60 46,52 25,66",
        "72,0 38,30 20,62 24,94 56,98 68,74 44,62 22,72",
    ),
    7: (
        "10,3 88,0 | 40,100",
        "10,5 85,3 | 55,45 45,100",
        "12,20 14,2 | 88,2 | 45,100",
        "10,8 30,0 60,9 88,2 | 45,55 38,100",
        "10,5 60,2 85,12 60,50 42,100",
        "14,5 80,2 | 74,100",
        "10,3 88,0 | 40,100; 30,50 80,47",  # barred
        "10,5 85,3 | 55,45 45,100; 22,54 84,50",
        "12,20 14,2 | 88,2 | 45,100; 34,52 84,50",
        "10,8 30,0 60,9 88,2 | 45,55 38,100; 20,58 76,44",
        "14,5 80,2 | 66,100; 44,48 96,48",
        "12,18 16,4 86,4 | 60,40 50,100; 26,44 88,56",
        "10,3 84,0 | 36,100; 42,50 72,48",
        "12,6 86,2 | 58,50 50,100; 22,66 82,60",
        "10,12 30,2 60,8 86,4 | 52,56 56,100; 24,48 86,50",
        "14,26 6,12 16,0 34,10 60,8 88,2 | 46,60 40,100; 20,56 80,52",  # a curled start and a bar
        "22,22 8,22 8,6 24,2 40,10 86,4 | 54,52 46,100; 24,52 82,50",
        "18,28 8,10 24,0 50,9 86,2 | 48,56 40,100",
        "10,30 12,4 30,2 56,10 84,2 | 56,50 52,100; 30,50 80,46",
    ),
    8: (
        "75,15 45,0 20,18 45,45 80,70 60,98 25,95 18,72 50,46 80,20 68,5",
        "50,46 22,36 22,10 50,0 78,10 78,36 50,46; 50,46 15,60 15,88 50,100 85,88 85,60 50,46",  # two rings
        "50,48 25,25 50,0 75,22 50,48 20,75 50,100 80,75 50,48",
        "80,5 40,2 25,22 50,45 80,72 55,100 20,78 48,48 85,8",  # open above
        "70,8 40,0 26,20 60,56 74,82 50,100 28,84 46,52 74,24 66,2",
        "52,44 76,24 52,0 26,20 48,44 78,72 52,100 22,76 50,46",
        "86,12 56,26 28,14 48,0 64,20 32,66 42,98 68,84 54,50 26,24",
        "92,4 60,2 30,8 30,30 62,54 66,86 42,100 26,84 44,52 84,14",
        "50,44 24,30 30,4 56,0 76,20 54,44; 46,50 18,72 30,98 62,98 80,74 54,50",  # two loose strokes
        "50,42 26,26 34,2 62,2 74,24 52,40; 56,54 22,66 24,94 52,102 78,84 64,56",
        "72,12 46,0 26,20 46,42 74,60; 70,56 82,84 50,102 20,84 40,54 68,36",
    ),
    9: (
        "78,28 55,3 25,12 20,38 45,52 75,35 78,10 | 76,55 74,100",  # a straight leg
        "78,22 50,0 20,20 28,48 60,48 80,20 | 60,100",
        "70,25 45,0 18,25 45,52 70,25; 72,2 72,100",
        "76,12 44,2 20,28 46,50 76,14 | 52,100",
        "78,28 55,3 25,12 20,38 45,52 75,35 78,10 | 78,70 60,100 20,90",  # a hooked leg
        "75,15 45,0 18,25 35,52 75,35 78,15 80,70 50,100 15,88",
        "74,10 40,2 22,24 36,46 66,40 76,12 | 76,76 56,100 30,98 18,84",
        "80,20 50,0 22,20 40,44 78,22 | 72,80 40,100 10,96",
        "74,14 46,2 22,22 36,46 66,40 80,18 76,70 52,100 24,92",  # the ring not closed
        "66,14 40,2 20,20 32,42 60,40 82,20 | 66,100",
        "68,10 36,2 20,24 40,46 78,22 80,70 58,98 28,94",
        "66,12 48,0 34,12 46,28 66,14 | 68,60 50,98 18,104 4,84",  # a small head, a long tail hooked to the left
        "64,10 46,2 38,16 52,26 66,12 | 70,66 44,100 10,98 2,78",
        "70,14 52,0 36,10 44,30 70,16 74,60 58,94 26,102 6,90",
        "62,8 44,2 38,18 54,24 64,10 | 60,70 30,100 -4,92",
    ),
}
STEPS = 8  # points of a curve between two of the form's points
STRAY = 3.5  # standard deviation of a form's point, in hundredths of the box, as are the next four
STROKE_STRAY = 2.5  # of a whole stroke's position
TREMBLE, BEND = 0.8, 3.0
FLICK, FLICKED = 7.0, 0.2  # of the flick at an end of a stroke, and the probability of one
LEAN, TURN, WIDTH = 0.2, 0.12, 0.22  # standard deviations of the shear, of the turn in radians, of the log of the width
TO_THE_RIGHT = 0.08  # the mean shear


def digit_strokes(label: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Write the digit in a random form: one polyline (k, 2) float64 per stroke, x right and y down.

    The box is about 100 high and wide. Raises ValueError unless the label is one of 0 to 9.
    """
    if label not in FORMS:
        raise ValueError(f"expected a label from 0 to 9, got {label}")
    forms = FORMS[label]
    return vary(parse(forms[rng.integers(len(forms))]), rng)


def vary(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> list[np.ndarray]:
    """Return a random variation of the strokes, as in handwriting; each stroke is a list of smooth parts."""
    return _deform([_written(parts, rng) for parts in strokes], rng)


def move(paths: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Return a random variation of paths (k, 2) that someone wrote: strokes are displaced, the whole is deformed."""
    return _deform([path + rng.normal(0, STROKE_STRAY, 2) for path in paths], rng)


def _deform(written: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Slant, turn, stretch and bend the whole of some paths (k, 2)."""
    lean, turn, width = rng.normal((TO_THE_RIGHT, 0, 0), (LEAN, TURN, WIDTH))
    cos, sin = np.cos(turn), np.sin(turn)
    whole = np.array([[1, -lean], [0, 1]]) @ np.array([[cos, -sin], [sin, cos]]) @ np.diag([np.exp(width), 1])
    waves, phases, heights = rng.uniform(0.5, 1.5, 2), rng.uniform(0, 2 * np.pi, 2), rng.normal(0, BEND, 2)
    bent = [s + heights * np.sin(waves * np.pi * s[:, ::-1] / 50 + phases) for s in written]
    return [s @ whole.T for s in bent]


def _written(parts: tuple[np.ndarray, ...], rng: np.random.Generator) -> np.ndarray:
    """Vary one stroke: displace its points, and let the pen tremble between them."""
    strayed = [part + rng.normal(0, STRAY, part.shape) for part in _flicked(parts, rng)]
    for before, after in itertools.pairwise(strayed):
        after[0] = before[-1]
    path = np.concatenate([smooth(part) for part in strayed])
    return path + rng.normal(0, STROKE_STRAY, 2) + _tremble(len(path), rng)


def _flicked(parts: tuple[np.ndarray, ...], rng: np.random.Generator) -> list[np.ndarray]:
    """Add a random flick to some ends: a point before the first one, or after the last."""
    first, last = rng.random(2) < FLICKED
    before, after = rng.normal(0, FLICK, (2, 2))
    flicked = list(parts)
    if first:
        flicked[0] = np.concatenate([flicked[0][:1] + before, flicked[0]])
    if last:
        flicked[-1] = np.concatenate([flicked[-1], flicked[-1][-1:] + after])
    return flicked


def _tremble(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return smooth random offsets of n points from the path, (n, 2)."""
    knots = np.arange(0, n + 4, 4)
    off = rng.normal(0, TREMBLE, (2, len(knots)))
    return np.stack([np.interp(np.arange(n), knots, side) for side in off], axis=1)


def smooth(points: np.ndarray) -> np.ndarray:
    """Return the curve through the points (k, 2): a uniform Catmull-Rom spline (Catmull and Rom, 1974)."""
    if len(points) < 3:
        return np.linspace(points[0], points[-1], STEPS + 1)
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None, None]  # along axis 0, the segments along axis 1
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    curve = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))  # (STEPS, k - 1, 2)
    return np.concatenate([curve.swapaxes(0, 1).reshape(-1, 2), points[-1:]])


@functools.cache
def parse(form: str) -> tuple[Stroke, ...]:
    """Parse a form: strokes between ";", their smooth parts between "|", each part starting where the last ended."""
    strokes = []
    for stroke in form.split(";"):
        parts: list[np.ndarray] = []
        for part in stroke.split("|"):
            points = np.array([point.split(",") for point in part.split()], float)
            parts.append(np.concatenate([parts[-1][-1:], points]) if parts else points)
        strokes.append(tuple(parts))
    return tuple(strokes)
