"""Reading image files: the right answer for every honest kind, a clear sentence for every bad one, little memory."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from siamese_core.imaging import files
from siamese_core.imaging.canonical import canvas_to_image
from siamese_core.imaging.files import MAX_SIDE, read_picture, readable_formats
from siamese_core.imaging.picture_error import PictureError
from tests.drawing import DIGITS, canvas, coloured, grey_rgba, ink, photo, shadow

ROOT = Path(__file__).resolve().parents[3]
RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def grey_image(digit: int = 5) -> Image.Image:
    return Image.fromarray(canvas(digit)[..., 0])


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def black_png(side: int) -> bytes:
    """Make a valid PNG of side x side black pixels of one bit, a row at a time."""
    squeeze, row = zlib.compressobj(9), bytes(1 + (side + 7) // 8)
    pixels = b"".join([*(squeeze.compress(row) for _ in range(side)), squeeze.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def with_jpeg_size(jpeg: bytes, width: int, height: int) -> bytes:
    """Write another size into the frame header of a baseline JPEG."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "PPM"])
def test_exact_kinds_come_out_exact(kind: str) -> None:
    np.testing.assert_array_equal(read_picture(encode(grey_image(), kind)), canvas(5))


@pytest.mark.parametrize(
    ("kind", "options"), [("JPEG", {"quality": 90}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("MPO", {})]
)
def test_lossy_kinds_give_the_same_digit(kind: str, options: dict[str, Any]) -> None:
    digit = canvas_to_image(read_picture(encode(grey_image(), kind, **options)))
    assert np.abs(digit - canvas_to_image(canvas(5))).mean() < 0.01


def test_a_path_reads_as_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "five with a space.png"
    path.write_bytes(encode(grey_image()))
    np.testing.assert_array_equal(read_picture(path), canvas(5))


@pytest.mark.parametrize(
    "image",
    [
        grey_image().convert("RGB"),
        grey_image().convert("RGBA"),
        grey_image().convert("LA"),
        grey_image().convert("P"),
        grey_image().quantize(7),
        grey_image().convert("RGB").quantize(16),
    ],
    ids=["RGB", "RGBA", "LA", "P", "P of greys", "P of colours"],
)
def test_modes_of_png(image: Image.Image) -> None:
    picture = read_picture(encode(image))
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, np.asarray(image.convert("RGBA")))
    np.testing.assert_allclose(canvas_to_image(picture), canvas_to_image(canvas(5)), atol=0.15)


def test_one_bit() -> None:
    picture = read_picture(encode(grey_image().point(lambda level: 255 * (level > 127)).convert("1")))
    assert set(np.unique(picture)) == {0, 255}
    np.testing.assert_array_equal(picture[..., 0] > 127, canvas(5)[..., 0] > 127)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_greys_are_scaled_and_not_clipped(kind: str) -> None:
    deep = (canvas(5)[..., 0].astype(np.uint16) * 257) - (canvas(5)[..., 0] > 0)
    np.testing.assert_array_equal(read_picture(encode(Image.fromarray(deep.astype(np.uint16)), kind)), canvas(5))


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_32_bit_greys_are_scaled_from_least_to_most(dtype: type) -> None:
    deep: np.ndarray = (canvas(5)[..., 0].astype(np.float64) * 1000 - 70_000).astype(dtype)
    np.testing.assert_array_equal(read_picture(encode(Image.fromarray(deep), "TIFF")), canvas(5))


def test_floats_without_a_value_do_no_harm() -> None:
    deep = np.where(canvas(5)[..., 0] > 127, 1.0, 0.0).astype(np.float32)
    deep[0, 0], deep[0, 1] = np.nan, 0
    assert read_picture(encode(Image.fromarray(deep), "TIFF"))[..., :3].max() == 255


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk(kind: str) -> None:
    picture = coloured(ink(DIGITS[5]), (20, 20, 120), (250, 250, 250))
    cmyk = Image.fromarray(picture[..., :3]).convert("CMYK")
    digit = canvas_to_image(read_picture(encode(cmyk, kind)))
    assert np.abs(digit - canvas_to_image(canvas(5))).mean() < 0.01


def test_a_palette_with_transparency() -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    image.putdata([0, 1, 2])
    picture = read_picture(encode(image, transparency=bytes([255, 0, 128])))
    np.testing.assert_array_equal(picture[0, :, 3], [255, 0, 128])
    np.testing.assert_array_equal(picture[0, 0], RED)
    assert read_picture(encode(image, "GIF", transparency=1))[0, :, 3].tolist() == [255, 0, 255]


def test_ink_on_a_transparent_ground_survives_the_file() -> None:
    drawing = np.zeros((280, 280, 4), np.uint8)
    drawing[..., 3] = canvas(5)[..., 0]
    for image in (Image.fromarray(drawing), Image.fromarray(drawing).convert("LA")):
        np.testing.assert_allclose(canvas_to_image(read_picture(encode(image))), canvas_to_image(canvas(5)), atol=1e-6)


def test_of_an_animation_the_first_frame_counts() -> None:
    frames = [grey_image(digit) for digit in (5, 1, 8)]
    for kind in ("GIF", "PNG", "TIFF", "WEBP"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        np.testing.assert_array_equal(read_picture(data), canvas(5))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_turned_by_exif_comes_upright(kind: str, orientation: int) -> None:
    # As EXIF defines it: where the 0th row and the 0th column of the stored picture lie in the upright one.
    upright = np.zeros((60, 90, 4), np.uint8)
    upright[:30, :45], upright[:30, 45:], upright[30:, :45], upright[30:, 45:] = RED, GREEN, BLUE, (255, 255, 255, 255)
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: upright[:, ::-1].swapaxes(0, 1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: upright[::-1].swapaxes(0, 1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(Image.fromarray(np.ascontiguousarray(stored[..., :3])), kind, exif=exif)
    picture = read_picture(data).astype(int)
    assert picture.shape == upright.shape
    for y, x in [(10, 10), (10, 80), (50, 10), (50, 80)]:
        np.testing.assert_allclose(picture[y, x], upright[y, x], atol=40)


def test_a_phone_photo_turned_by_exif_gives_the_digit() -> None:
    paper = coloured(ink(DIGITS[4], size=1400, pen=40), (40, 60, 160), (246, 243, 236))
    taken = photo(paper, shadow(1400, angle=1, at=0, depth=0.4, width=0.05), np.random.default_rng(0))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: what it stored must be turned clockwise
    stored = Image.fromarray(np.rot90(taken[..., :3]).copy())
    digit = canvas_to_image(read_picture(encode(stored, "JPEG", quality=60, exif=exif)))
    expected = canvas_to_image(canvas(4, size=1400, pen=40))
    assert min(np.abs(np.roll(digit, (y, x), (0, 1)) - expected).mean() for y in (-1, 0, 1) for x in (-1, 0, 1)) < 0.02


def test_an_orientation_that_does_not_exist_is_left_alone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert read_picture(encode(Image.new("L", (4, 2)), exif=exif)).shape == (2, 4, 4)


def test_one_pixel_is_read_and_then_blank() -> None:
    picture = read_picture(encode(Image.new("L", (1, 1), 77)))
    np.testing.assert_array_equal(picture, [[[77, 77, 77, 255]]])
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        canvas_to_image(picture)


@pytest.mark.parametrize(("width", "height"), [(2048, 1024), (1025, 3), (3, 5000), (100_000, 1)])
def test_large_pictures_are_scaled_down(width: int, height: int) -> None:
    picture = read_picture(encode(Image.new("L", (width, height), 200)))
    expected = [max(1, round(side * MAX_SIDE / max(width, height))) for side in (height, width)]
    assert list(picture.shape[:2]) == expected
    assert (picture[..., 0] == 200).all()


def test_scaling_down_does_not_mix_in_the_colour_under_transparency() -> None:
    drawing = np.zeros((2000, 2000, 4), np.uint8)
    drawing[:, ::2] = (255, 255, 255, 255)  # every other column is clear black
    picture = read_picture(encode(Image.fromarray(drawing)), max_side=500)
    assert picture[..., :3].min() == 255
    assert picture[..., 3].min() == pytest.approx(128, abs=1)


def test_a_text_file_named_png_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "digit.png"
    path.write_text("This is not an image.")
    with pytest.raises(PictureError, match=r"^The file is not a PNG, JPEG, .* image\.$"):
        read_picture(path)


def test_an_empty_file() -> None:
    with pytest.raises(PictureError, match=r"^The file is empty\.$"):
        read_picture(b"")


def test_a_path_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"^The file .*nowhere\.png cannot be read: No such file or directory\.$"):
        read_picture(tmp_path / "nowhere.png")
    with pytest.raises(PictureError, match="cannot be read: "):
        read_picture(tmp_path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encode(grey_image()) + bytes(3_000_000))
    for source in (path, path.read_bytes()):
        with pytest.raises(PictureError, match=r"^The file is larger than the 2 MB allowed\.$"):
            read_picture(source, max_bytes=2_000_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_truncated_file(kind: str) -> None:
    data = encode(grey_image(), kind)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(PictureError, match="damaged, cut short"):
            read_picture(data[: int(len(data) * share)])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM"])
@settings(max_examples=40)
@given(cuts=st.data())
def test_a_damaged_file_gives_a_picture_or_a_sentence(kind: str, cuts: st.DataObject) -> None:
    data = bytearray(encode(grey_image().resize((40, 40)), kind))
    for at in cuts.draw(st.lists(st.integers(0, len(data) - 1), min_size=1, max_size=8)):
        data[at] = cuts.draw(st.integers(0, 255))
    try:
        picture = read_picture(bytes(data[: cuts.draw(st.integers(0, len(data)))]))
    except PictureError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert max(picture.shape) <= MAX_SIDE


@given(data=st.binary(min_size=1))
def test_any_bytes_are_no_image(data: bytes) -> None:
    with pytest.raises(PictureError):
        read_picture(data)


@pytest.mark.parametrize("side", [5_001, 9_500, 20_000])  # Pillow itself warns from 9,460 on and raises from 13,378 on
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    data = black_png(side)
    assert len(data) < 60_000
    with pytest.raises(PictureError, match=r"too many pixels|more than the 25 million allowed"):
        read_picture(data)
    with pytest.raises(PictureError, match=r"too many pixels|more than the 25 million allowed"):
        read_picture(data[:2000])  # nothing of it was decoded


def test_a_jpeg_that_says_it_is_huge_is_refused_by_its_header() -> None:
    data = with_jpeg_size(encode(grey_image(), "JPEG"), 9000, 9000)
    with pytest.raises(PictureError, match="9,000 x 9,000 pixels, more than the 64 million allowed"):
        read_picture(data)


MEASURE = """
import resource, sys
from siamese_core.imaging.files import read_picture
from siamese_core.imaging.picture_error import PictureError
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
read_picture(open(sys.argv[1], "rb").read())
before = peak()
try:
    print(*read_picture(open(sys.argv[2], "rb").read()).shape, end=" ")
except PictureError:
    print("refused", end=" ")
print(int(peak() - before))
"""


@pytest.mark.parametrize(
    ("name", "expected", "most_bytes"),
    [("bomb", "refused", 5e6), ("phone", "768 1024 4", 60e6), ("largest", "1024 1024 4", 300e6)],
)
def test_memory_stays_small(name: str, expected: str, most_bytes: float, tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="only where the system counts memory by process")
    small, file = tmp_path / "small.png", tmp_path / "file"
    small.write_bytes(encode(grey_image()))
    if name == "phone":  # 48 million pixels
        Image.new("L", (8000, 6000), 90).convert("RGB").save(file, "JPEG")
    else:
        file.write_bytes(black_png(20_000 if name == "bomb" else 5_000))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(small), str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *outcome, peak = run.stdout.split()
    assert " ".join(outcome) == expected
    assert int(peak) < most_bytes


def test_warnings_of_the_decoder_stay_inside_and_filters_as_they_were() -> None:
    data, before = black_png(9_500), list(warnings.filters)

    def refused(_: int) -> bool:
        with pytest.raises(PictureError):
            read_picture(data)
        return True

    with warnings.catch_warnings(record=True) as caught, ThreadPoolExecutor(4) as pool:
        warnings.simplefilter("always")
        assert all(pool.map(refused, range(20)))
    assert not caught
    assert list(warnings.filters) == before


def test_a_picture_as_the_app_hands_it_on() -> None:
    picture = read_picture(encode(Image.fromarray(grey_rgba(np.full((30, 40), 9, np.uint8)))))
    assert picture.shape == (30, 40, 4)
    assert picture.flags.c_contiguous
    assert picture.flags.writeable


def heic(image: Image.Image, **options: Any) -> bytes:
    plugin = pytest.importorskip("pillow_heif.as_plugin", reason="HEIC is read where pillow-heif is installed")
    file, copy = io.BytesIO(), image.copy()
    copy.encoderinfo = {"quality": 95, **options}
    plugin._save_heif(copy, file, "")  # as `save` does once the plugin is registered, which would last
    return file.getvalue()


needs_avif = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")


@needs_avif
def test_avif() -> None:
    digit = canvas_to_image(read_picture(encode(grey_image().convert("RGB"), "AVIF", quality=90)))
    assert np.abs(digit - canvas_to_image(canvas(5))).mean() < 0.01


def test_heic() -> None:
    digit = canvas_to_image(read_picture(heic(grey_image().convert("RGB"))))
    assert np.abs(digit - canvas_to_image(canvas(5))).mean() < 0.01
    assert "HEIF" not in Image.OPEN  # nothing is registered for others


@needs_avif
@pytest.mark.parametrize("orientation", range(1, 9))
def test_phones_avif_and_heic_are_turned_upright(orientation: int) -> None:
    colours = np.zeros((64, 96, 3), np.uint8)
    colours[:32, :48], colours[:32, 48:], colours[32:, :48] = RED[:3], GREEN[:3], BLUE[:3]
    tags = Image.Exif()
    tags[0x0112] = orientation
    image, exif = Image.fromarray(colours), tags.tobytes()
    expected = read_picture(encode(image, exif=exif))
    for data in (encode(image, "AVIF", quality=95, exif=exif), heic(image, exif=exif)):
        picture = read_picture(data)
        assert picture.shape == expected.shape
        assert np.abs(picture.astype(int) - expected)[::8, ::8].mean() < 12


@needs_avif
@pytest.mark.parametrize("side", [6000, 30_000])
def test_avif_and_heic_that_say_they_are_huge_are_refused_by_their_header(side: int) -> None:
    for data in (encode(grey_image().convert("RGB"), "AVIF"), heic(grey_image().convert("RGB"))):
        at = data.index(b"ispe") + 8
        huge = data[:at] + struct.pack(">II", side, side) + data[at + 8 :]
        with pytest.raises(PictureError):
            read_picture(huge)


@needs_avif
@pytest.mark.slow
def test_large_avif_and_heic_are_refused_before_they_are_decoded() -> None:
    flat = Image.new("RGB", (5200, 5000), (200, 200, 200))
    for data, most in ((encode(flat, "AVIF", speed=10), 16), (heic(flat), 25)):
        with pytest.raises(PictureError, match=f"5,200 x 5,000 pixels, more than the {most} million allowed"):
            read_picture(data)
        with pytest.raises(PictureError):
            read_picture(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["AVIF", "HEIC"])
def test_damaged_avif_and_heic_give_a_picture_or_a_sentence(kind: str) -> None:
    image = grey_image().resize((64, 64)).convert("RGB")
    whole, rng = (encode(image, kind) if kind == "AVIF" else heic(image)), np.random.default_rng(3)
    for _ in range(60):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), 6):
            data[at] = rng.integers(256)
        try:
            assert max(read_picture(bytes(data)).shape) <= MAX_SIDE
        except PictureError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("kind", ["AVIF", "HEIC"])
def test_what_is_not_installed_is_named_with_what_is_taken(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    brand = {"AVIF": b"avif", "HEIC": b"heic"}[kind]
    monkeypatch.setattr(files, "readable_formats", lambda: ("PNG", "JPEG", "PPM"))
    with pytest.raises(
        PictureError, match=rf"^{kind} images are not read here; save it as a PNG, JPEG or PPM image\.$"
    ):
        read_picture(struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1" + brand + bytes(40))


def test_the_sentence_about_unknown_formats_names_those_that_are_read() -> None:
    with pytest.raises(PictureError) as caught:
        read_picture(b"no image")
    assert all(name in str(caught.value) for name in readable_formats())


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14])
def test_16_bits_that_hold_fewer_are_read_by_their_range(kind: str, bits: int) -> None:
    deep = np.round(canvas(5)[..., 0] * ((2**bits - 1) / 255)).astype(np.uint16)
    np.testing.assert_array_equal(read_picture(encode(Image.fromarray(deep), kind)), canvas(5))
