"""A figure as an SVG of a few kB: rates over a number, each a median with the range over the runs."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 44, 52  # px beside the axes
INK, GREY, LINE = "#1f2a2e", "#869095", "#13a091"


def rates_over(rates: Mapping[int, Sequence[float]], title: str, x_title: str, y_title: str) -> str:
    """Draw rates in [0, 1] by a number: a line through the medians, a bar from the least to the most, log x.

    It stands on a light ground of its own, so that it can be read in a dark page too.
    """
    numbers = sorted(rates)
    highest = math.ceil(10 * max(max(rates[n]) for n in numbers) + 0.5) / 10  # with room for words above
    low, high = math.log(numbers[0]), math.log(numbers[-1])

    def x(number: int) -> float:
        return LEFT + 20 + (WIDTH - LEFT - RIGHT - 40) * (math.log(number) - low) / max(high - low, 1e-9)

    def y(rate: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * rate / highest

    parts = [_text(LEFT, 24, title, "start", 15, INK, bold=True)]
    for tenth in range(round(10 * highest) + 1):
        at = y(tenth / 10)
        parts.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#e3e6e4"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{10 * tenth} %", "end", 12, GREY))
    for number in numbers:
        parts.append(_text(x(number), HEIGHT - BOTTOM + 20, f"{number:,}", "middle", 12, GREY))
    points = [(x(n), y(float(np.median(rates[n])))) for n in numbers]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for number, (px, py) in zip(numbers, points, strict=True):
        least, most = y(min(rates[number])), y(max(rates[number]))
        parts.append(f'<line x1="{px:.1f}" y1="{least:.1f}" x2="{px:.1f}" y2="{most:.1f}" stroke="{LINE}" '
                     'stroke-width="6" stroke-opacity="0.35" stroke-linecap="round"/>')  # fmt: skip
        parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{LINE}"/>')
        words = f"{np.median(rates[number]):.1%}".replace("%", " %")
        parts.append(_text(px, most - 10, words, "middle", 12, INK))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_title, "middle", 12, INK))
    parts.append(_text(WIDTH - RIGHT, 24, y_title, "end", 12, GREY))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" role="img">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#fbfaf6"/>{"".join(parts)}</svg>\n'
    )


def _text(x: float, y: float, words: str, anchor: str, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    style = f'text-anchor="{anchor}" font-size="{size}" fill="{colour}"{weight}'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{words}</text>'
