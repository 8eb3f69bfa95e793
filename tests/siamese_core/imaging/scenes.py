"""Pictures of digits as people hand them in, made by code and a seed: one function a kind, so that kinds are tested.

Each takes a random generator and strokes in a box of 100 x 100, as of `digit_strokes`, and returns (h, w, 4) uint8.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from tests.drawing import grey_rgba

Strokes = list[np.ndarray]
Kind = Callable[[np.random.Generator, Strokes], np.ndarray]
DESKS = ((70, 44, 28), (95, 65, 45), (60, 60, 65), (150, 120, 90), (40, 52, 70), (120, 116, 110), (170, 140, 105))
PENS = ((30, 34, 80), (20, 20, 24), (40, 60, 160), (60, 60, 64))


def drawn(
    strokes: Strokes, shape: tuple[int, int], pen: float, *, height: float, at: tuple[float, float]
) -> np.ndarray:
    """Draw strokes with a round pen as (h, w) float64 in [0, 1]; `height` and middle `at` (x, y) in pixels."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = height / max(float((high - low).max()), 1e-6)
    image = Image.new("L", (2 * shape[1], 2 * shape[0]))
    ink = ImageDraw.Draw(image)
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in 2 * ((stroke - (low + high) / 2) * scale + np.array(at))]
        ink.line(path, 255, max(1, round(2 * pen)))
        for point in path:
            ink.circle(point, pen, 255)
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.BOX)) / 255


def clean(strokes: Strokes) -> np.ndarray:
    """Draw the strokes as the canvas does: what every other kind should be read as."""
    ink = drawn(strokes, (280, 280), 18, height=150, at=(140, 140))
    return grey_rgba(np.round(255 * ink).astype(np.uint8))


def sheet(
    rng: np.random.Generator, strokes: Strokes, shape: tuple[int, int] = (800, 600), share: float = 0.5
) -> np.ndarray:
    """Write the strokes on white paper: (h, w, 3) float64 in 0 .. 255."""
    height = share * min(shape) * rng.uniform(0.8, 1.2)
    at = tuple(side / 2 + rng.uniform(-0.08, 0.08) * side for side in shape[::-1])
    ink = drawn(strokes, shape, height * rng.uniform(0.03, 0.1), height=height, at=(at[0], at[1]))
    paper, pen = np.array([236.0, 233, 226]) * rng.uniform(0.93, 1.05), np.array(PENS[rng.integers(len(PENS))], float)
    return paper + ink[..., None] * (pen - paper)


def taken(
    colours: np.ndarray, rng: np.random.Generator, *, fall: tuple[float, float] = (0.55, 0.95), noise: float = 3.0
) -> np.ndarray:
    """Take a photo of (h, w, 3): light that falls off, noise, a soft lens, JPEG."""
    h, w = colours.shape[:2]
    y, x = np.mgrid[:h, :w] / np.array([h, w])[:, None, None] - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - (1 - rng.uniform(*fall)) * (0.5 + (x * np.cos(angle) + y * np.sin(angle)) / np.sqrt(2))
    lit = ndimage.gaussian_filter(colours * light[..., None], (0.8, 0.8, 0))
    grain = rng.normal(0, rng.uniform(0.3, 1) * noise, colours.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(np.round(lit + grain), 0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return np.asarray(Image.open(file).convert("RGBA"))


def _onto(
    ground: np.ndarray, top: np.ndarray, rng: np.random.Generator, box: tuple[float, float, float, float]
) -> np.ndarray:
    """Lay (h, w, 3) onto a ground in a box (left, top, right, bottom), turned and in perspective."""
    left, up, right, down = box
    corners = np.array([(left, up), (right, up), (right, down), (left, down)])
    middle, angle = corners.mean(axis=0), rng.uniform(-0.2, 0.2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (corners - middle) @ turn.T + middle + rng.uniform(-0.04, 0.04, (4, 2)) * min(right - left, down - up)
    h, w = top.shape[:2]
    rows = []
    for (x, y), (u, v) in zip(corners, [(0, 0), (w, 0), (w, h), (0, h)], strict=True):
        rows += [([x, y, 1, 0, 0, 0, -u * x, -u * y], u), ([0, 0, 0, x, y, 1, -v * x, -v * y], v)]
    matrix = np.linalg.solve(np.array([row for row, _ in rows]), np.array([value for _, value in rows]))
    rgba = Image.fromarray(np.dstack([np.clip(top, 0, 255), np.full((h, w), 255)]).astype(np.uint8))
    size = ground.shape[1], ground.shape[0]
    laid = np.asarray(rgba.transform(size, Image.Transform.PERSPECTIVE, matrix.tolist(), Image.Resampling.BILINEAR))
    share = laid[..., 3:] / 255
    return ground * (1 - share) + laid[..., :3] * share


def _desk(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Make a desk: one colour, with or without the grain of wood."""
    grain = ndimage.gaussian_filter(rng.normal(0, 1, shape), (1.5, 40))
    colour = np.array(DESKS[rng.integers(len(DESKS))], float)
    return colour * (1 + rng.choice([0.0, 0.12]) * grain / grain.std())[..., None]


def desk(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A sheet on a darker desk, wholly in the picture."""
    ground, side = _desk(rng, (900, 700)), rng.uniform(0.35, 0.8)
    at = (0.5 + rng.uniform(-0.06, 0.06), 0.5 + rng.uniform(-0.06, 0.06))
    box = ((at[0] - side / 2) * 700, (at[1] - side / 2) * 900, (at[0] + side / 2) * 700, (at[1] + side / 2) * 900)
    return taken(_onto(ground, sheet(rng, strokes, share=rng.uniform(0.3, 0.7)), rng, box), rng)


def desk_cut(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A sheet on a darker desk that leaves the picture at one, two or three sides."""
    ground = _desk(rng, (900, 700))
    box = [100.0, 120.0, 600.0, 780.0]
    for i in rng.choice(4, rng.integers(1, 4), replace=False):
        box[i] = (-150, -150, 850, 1050)[i]
    return taken(_onto(ground, sheet(rng, strokes, share=0.45), rng, (box[0], box[1], box[2], box[3])), rng)


def board(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A dark board with chalk on a lighter wall."""
    wall = np.ones((900, 700, 1)) * np.array([205.0, 200, 190])
    chalk = 255 - 0.85 * sheet(rng, strokes, share=0.5)
    return taken(_onto(wall, chalk, rng, (110, 150, 590, 750)), rng)


def plain(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Paper alone."""
    return taken(sheet(rng, strokes), rng)


def _outline(size: tuple[int, int], box: tuple[float, ...], width: int, sides: str = "lurd") -> np.ndarray:
    """Draw the sides (left, up, right, down) of a box (left, top, right, bottom): (h, w) float64 in [0, 1]."""
    image = Image.new("L", size)
    left, up, right, down = box
    ends = {
        "l": (left, up, left, down),
        "u": (left, up, right, up),
        "r": (right, up, right, down),
        "d": (left, down, right, down),
    }
    for side in sides:
        ImageDraw.Draw(image).line(ends[side], 255, width)
    return np.asarray(image) / 255


def form(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Photo of a printed box with a digit in it."""
    paper = sheet(rng, strokes, share=0.5)
    box = [300 + k * rng.uniform(0.98, 1.25) * 230 for k in (-1, 0, 1, 0)]
    box[1], box[3] = 400 - rng.uniform(1, 1.3) * 240, 400 + rng.uniform(1, 1.3) * 240
    lines = _outline((600, 800), tuple(box), int(rng.integers(1, 6)))
    turned = ndimage.rotate(lines, rng.uniform(-4, 4), reshape=False, order=1)[..., None]
    return taken(paper + turned * (rng.uniform(40, 150) - paper), rng)


def circled(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Photo of a digit with a circle drawn around it."""
    paper = sheet(rng, strokes, share=0.45)
    y, x = np.mgrid[:800, :600]
    away = np.abs(np.hypot(x - 300, y - 400) - rng.uniform(250, 280))
    lines = np.clip(rng.uniform(1.5, 4) - away, 0, 1)[..., None]
    return taken(paper + lines * (60 - paper), rng)


def frame(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Drawing with a frame of one or more pixels at the rim or a little inside it."""
    ink = drawn(strokes, (280, 280), rng.uniform(8, 20), height=rng.uniform(120, 190), at=(140, 140))
    inset = int(rng.choice([0, 0, 0, 3, 10]))
    width = int(rng.integers(1, 7))
    near, far = inset + width // 2, 279 - inset - width // 2
    lines = _outline((280, 280), (near, near, far, far), width)
    return _inked(np.maximum(ink, lines), rng)


def cell(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Drawing cut out of a table: lines along two or three sides."""
    ink = drawn(strokes, (280, 280), rng.uniform(8, 20), height=rng.uniform(120, 190), at=(140, 140))
    sides = "".join(rng.permutation(list("lurd"))[: rng.integers(1, 4)])
    inset = float(rng.choice([0, 4, 12]))
    lines = _outline((280, 280), (inset, inset, 279 - inset, 279 - inset), int(rng.integers(1, 5)), sides)
    return _inked(np.maximum(ink, lines), rng)


def _inked(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    grey = np.round(255 * ink).astype(np.uint8)
    return grey_rgba(grey if rng.random() < 0.5 else 255 - grey)


def cutout(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Opaque paper, cut out of its picture, on transparent ground; inked, in even or falling light."""
    side, high = rng.uniform(0.45, 0.95, 2) * 280
    image = Image.new("L", (280, 280))
    box = (140 - side / 2, 140 - high / 2, 140 + side / 2, 140 + high / 2)
    ImageDraw.Draw(image).rounded_rectangle(box, rng.choice([0, 8, 20]), 255)
    alpha = np.asarray(image.rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC))
    height = rng.uniform(0.5, 0.8) * min(side, high)
    ink = drawn(strokes, (280, 280), height * rng.uniform(0.05, 0.12), height=height, at=(140, 140))
    grey = np.round(255 * (ink if rng.random() < 0.3 else 1 - ink)).astype(np.uint8)
    if rng.random() < 0.4:
        grey = taken(np.repeat(grey[..., None], 3, axis=2) * 0.85 + 12, rng)[..., 0]
    return np.dstack([np.where(alpha > 0, grey, 0)] * 3 + [alpha]).astype(np.uint8)


def window(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A window's screenshot: title bar, buttons, border, a desktop behind it or not."""
    w, h, edge = 640, 480, int(rng.choice([0, 30, 90]))
    dark = rng.random() < 0.3
    face, bar = ((30, 30, 34), (60, 60, 66)) if dark else ((255, 255, 255), (205, 208, 215))
    image = Image.new("RGB", (w, h), (40, 90, 140))
    pen = ImageDraw.Draw(image)
    pen.rectangle((edge, edge, w - 1 - edge, h - 1 - edge), face, (120, 120, 120))
    pen.rectangle((edge, edge, w - 1 - edge, edge + 28), bar)
    for k, colour in enumerate(((220, 80, 70), (230, 190, 70), (90, 190, 90))):
        pen.circle((edge + 16 + 20 * k, edge + 14), 6, colour)
    pen.text((edge + 90, edge + 8), "Untitled - Paint", (240, 240, 240) if dark else (20, 20, 20))
    height = rng.uniform(150, 260) - edge
    ink = drawn(strokes, (h, w), rng.uniform(6, 20), height=height, at=(320, 260))[..., None]
    colours = np.asarray(image).astype(float)
    full = np.array((235.0, 235, 240) if dark else PENS[rng.integers(len(PENS))])
    return np.dstack([np.round(colours + ink * (full - colours)), np.full((h, w), 255)]).astype(np.uint8)


def pencil(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """Faint pencil under falling light."""
    height = rng.uniform(250, 420)
    ink = drawn(strokes, (800, 600), rng.uniform(5, 14), height=height, at=(300, 400))[..., None]
    paper = np.array([222.0, 220, 214])
    return taken(paper * (1 - ink * rng.uniform(0.05, 0.22)), rng, fall=(0.4, 0.7), noise=2.5)


def shaded(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A hard shadow's edge across the digit."""
    paper = sheet(rng, strokes)
    y, x = np.mgrid[:800, :600] / 800
    angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(-0.12, 0.12)
    away = (x - 0.375) * np.cos(angle) + (y - 0.5) * np.sin(angle) - at
    light = 1 - rng.uniform(0.25, 0.6) / (1 + np.exp(-np.clip(away / rng.uniform(0.001, 0.01), -50, 50)))
    return taken(paper * light[..., None], rng, fall=(0.8, 1.0))


def band(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A shadow's band across the digit, as of an arm or the phone."""
    paper = sheet(rng, strokes)
    y, x = np.mgrid[:800, :600] / 800
    angle, half = rng.uniform(0, 2 * np.pi), rng.uniform(0.04, 0.2)
    away = np.abs((x - 0.375) * np.cos(angle) + (y - 0.5) * np.sin(angle)) - half
    light = 1 - rng.uniform(0.25, 0.55) / (1 + np.exp(np.clip(away / rng.uniform(0.002, 0.01), -50, 50)))
    return taken(paper * light[..., None], rng, fall=(0.8, 1.0))


def soft(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A soft-edged digit, cropped to its ink."""
    height = rng.uniform(80, 200)
    ink = drawn(strokes, (320, 320), height * rng.uniform(0.1, 0.22), height=height, at=(160, 160))
    smooth = ndimage.gaussian_filter(ink, height * rng.uniform(0.01, 0.06))
    return _inked(cropped(smooth / smooth.max(), 0.05), rng)


def close_up(rng: np.random.Generator, strokes: Strokes) -> np.ndarray:
    """A photo cropped close to its digit."""
    height = rng.uniform(200, 400)
    ink = drawn(strokes, (640, 640), height * rng.uniform(0.07, 0.16), height=height, at=(320, 320))
    ink = cropped(ink, 0.01, int(rng.integers(0, 12)))[..., None]
    paper, pen = np.array([228.0, 226, 220]), np.array(PENS[rng.integers(len(PENS))], float)
    return taken(paper + ink * (pen - paper), rng, fall=(0.75, 1.0))


def cropped(ink: np.ndarray, least: float, margin: int = 0) -> np.ndarray:
    """Crop (h, w) to the values above `least`, and a margin in pixels around them."""
    rows, columns = (np.flatnonzero((ink > least).any(axis=axis)) for axis in (1, 0))
    top, left = max(rows[0] - margin, 0), max(columns[0] - margin, 0)
    return ink[top : rows[-1] + 1 + margin, left : columns[-1] + 1 + margin]


KINDS: dict[str, Kind] = {
    each.__name__: each
    for each in (
        plain, desk, desk_cut, board, form, circled, frame, cell, cutout, window, pencil, shaded, band, soft, close_up
    )
}  # fmt: skip
