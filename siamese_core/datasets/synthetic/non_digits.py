"""Synthetic non-digits: letters and signs, scribbles, two digits on one canvas.

In training each is a class of its own, so that non-digits get embeddings far from those of the ten digits.
"""

import itertools

import numpy as np

from siamese_core.datasets.synthetic.strokes import digit_strokes, parse, vary

SIGNS = {  # capital letters and signs, in the notation of `strokes`; none of them is also a form of a digit
    "A": "10,100 50,0 | 90,100; 26,62 74,62",
    "E": "82,0 20,0 | 20,100 | 84,100; 20,50 70,50",
    "F": "82,0 20,0 | 20,100; 20,48 70,48",
    "H": "15,0 15,100; 85,0 85,100; 15,50 85,50",
    "K": "18,0 18,100; 82,0 18,55 | 84,100",
    "M": "10,100 14,0 | 50,60 | 86,0 | 90,100",
    "N": "14,100 14,0 | 86,100 | 86,0",
    "R": "18,100 18,0 | 60,0 84,14 80,40 18,50 | 84,100",
    "T": "8,2 92,0; 50,0 50,100",
    "W": "5,0 28,100 | 50,30 | 72,100 | 95,0",
    "X": "12,0 88,100; 88,0 12,100",
    "cross": "50,4 50,96; 4,50 96,50",
    "triangle": "50,0 4,96 | 96,96 | 50,0",
    "heart": "50,96 6,40 22,6 50,26 78,6 94,40 50,96",
    "star": "22,100 50,0 | 78,100 | 4,36 | 96,36 | 22,100",
    "three lines": "10,10 90,10; 10,50 90,50; 10,90 90,90",
    "face": "50,0 10,20 10,80 50,100 90,80 90,20 50,0; 32,35 32,40; 68,35 68,40; 28,64 50,78 72,64",
}


def no_digit(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw the strokes of a random non-digit: polylines (k, 2) as of `digit_strokes`."""
    kinds = (sign, doodle, scribble, two_digits)
    return kinds[rng.integers(len(kinds))](rng)


def sign(rng: np.random.Generator) -> list[np.ndarray]:
    """Write a random letter or sign."""
    forms = list(SIGNS.values())
    return vary(parse(forms[rng.integers(len(forms))]), rng)


def doodle(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw two or three strokes through a few random points each, with or without corners, like an unknown letter."""
    strokes = []
    for n in rng.integers(2, 5, size=rng.integers(2, 4)):
        points = rng.uniform(0, 100, (n, 2))
        corners = tuple(np.stack(ends) for ends in itertools.pairwise(points))
        strokes.append(corners if rng.random() < 0.5 else (points,))
    return vary(tuple(strokes), rng)


def scribble(rng: np.random.Generator) -> list[np.ndarray]:
    """Scribble back and forth: one to three strokes through random points."""
    counts = rng.integers((6, 3, 2), (14, 9, 6))[: rng.integers(1, 4)]
    return vary(tuple((rng.uniform(0, 100, (n, 2)),) for n in counts), rng)


def two_digits(rng: np.random.Generator) -> list[np.ndarray]:
    """Write two digits side by side."""
    left, right = (digit_strokes(int(label), rng) for label in rng.integers(10, size=2))
    gap = np.array([np.concatenate(left)[:, 0].max() - np.concatenate(right)[:, 0].min() + rng.uniform(5, 35), 0])
    return [*left, *(stroke + gap for stroke in right)]
