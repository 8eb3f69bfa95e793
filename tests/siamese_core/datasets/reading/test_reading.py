"""Data sets of a person's own: folder, zip and table give the same images, and bad input is said in one sentence."""

import io
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading import read
from siamese_core.datasets.reading.bounds import Bounds, clean_name, in_order
from siamese_core.datasets.reading.read import read_dataset, read_pictures
from siamese_core.imaging.look import as_it_is
from tests.own_pictures import png, shapes, write_folder, write_table, write_zip

FEW = shapes(3, ("circle", "cross"))
PIXELS = [0] * 8 + [255] * 8  # of a picture of 4 x 4
ROWS: list[list[object]] = [["a", *PIXELS], ["a", *PIXELS], ["b", *PIXELS[::-1]]]
NAMES: list[object] = ["label", *(f"pixel{i}" for i in range(16))]


def grey(side: int, value: int = 0, mode: str = "L") -> bytes:
    """Return a picture with a bright square in its middle."""
    picture = Image.new(mode, (side, side), value)
    picture.paste(200, (side // 4, side // 4, side // 2, side // 2))
    return png(picture)


# --- what is understood ---


def test_a_folder_and_a_zip_give_the_same(tmp_path: Path) -> None:
    in_folder = read_pictures(write_folder(tmp_path / "mine", FEW))
    in_zip = read_pictures(write_zip(tmp_path / "mine.zip", FEW))
    np.testing.assert_array_equal(in_folder.data.images, in_zip.data.images)
    assert in_zip.data.class_names == ("circle", "cross")
    assert np.bincount(in_zip.data.labels).tolist() == [3, 3]
    assert (in_zip.data.name, in_zip.data.look, in_zip.data.side, in_zip.skipped) == ("mine", "ink", 28, ())


@pytest.mark.parametrize("side", [28, 56])
def test_ink_is_light_on_black_whatever_the_paper(tmp_path: Path, side: int) -> None:
    images = read_pictures(write_zip(tmp_path / "x.zip", FEW), side=side).data.images
    assert images.shape == (6, side, side)
    rim = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0]])
    assert rim.max() == 0
    assert (images.max(axis=(1, 2)) > 200).all()
    rows, columns = (images.max(axis=axis) > 127 for axis in (2, 1))
    assert (np.maximum(rows.sum(axis=1), columns.sum(axis=1)) == side * 20 // 28).all()


def test_as_they_are_keeps_greys_and_pads_with_the_tone_of_the_rim() -> None:
    wide = np.full((10, 40, 4), 255, np.uint8)
    wide[..., :3] = 100
    wide[2:8, 10:30, :3] = 250
    image = np.round(as_it_is(wide) * 255)
    assert image.shape == (28, 28)
    assert set(np.unique(image[:10])) == {100}  # above the picture
    assert image[14, 14] == 250


def test_one_folder_around_and_what_systems_leave_are_ignored(tmp_path: Path) -> None:
    files = {f"top/{name}": content for name, content in FEW.items()}
    files |= {
        "__MACOSX/top/circle/._000.png": b"x", "top/.DS_Store": b"x", "top/circle/Thumbs.db": b"x",
        "top/circle/notes.txt": b"hello", "top/cross/broken.png": b"no picture", "top/loose.png": FEW["circle/000.png"],
    }  # fmt: skip
    found = read_pictures(write_zip(tmp_path / "x.zip", files))
    assert len(found.data) == 6
    assert {each.file: each.why for each in found.skipped} == {
        "top/circle/notes.txt": "Its ending is none of a picture's.",
        "top/loose.png": "It lies in no class's folder.",
        "top/cross/broken.png": found.skipped[-1].why,
    }
    assert found.skipped[-1].why.startswith("The file is not a PNG")
    assert found.skipped_count == 3


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (grey(1), "1 x 1 pixels, expected at least"),
        (b"", "empty"),
        (png(Image.new("L", (30, 30), 9)), "blank"),
        (FEW["circle/000.png"][:80], "damaged"),
    ],
    ids=["tiny", "empty", "blank", "cut"],
)
def test_a_picture_that_shows_nothing_is_left_out_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    found = read_pictures(write_zip(tmp_path / "x.zip", FEW | {"cross/odd.png": content}))
    assert len(found.data) == 6
    assert [each.file for each in found.skipped] == ["cross/odd.png"]
    assert why in found.skipped[0].why


def test_a_picture_of_100_megapixels_is_left_out_before_it_is_decoded(tmp_path: Path) -> None:
    huge = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(huge, "PNG")
    path = write_zip(tmp_path / "x.zip", FEW | {"cross/huge.png": huge.getvalue()})
    tracemalloc.start()
    found = read_pictures(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "10,000 x 10,000 pixels" in found.skipped[0].why
    assert peak < 50e6


def test_animated_and_16_bit_pictures_are_read(tmp_path: Path) -> None:
    film = io.BytesIO()
    frames = [Image.open(io.BytesIO(FEW[f"circle/00{i}.png"])) for i in (0, 1)]
    frames[0].save(film, "GIF", save_all=True, append_images=frames[1:])
    deep = io.BytesIO()
    Image.fromarray(np.asarray(frames[0]).astype(np.uint16) * 257).save(deep, "PNG")
    found = read_pictures(
        write_zip(tmp_path / "x.zip", FEW | {"circle/film.gif": film.getvalue(), "circle/deep.png": deep.getvalue()})
    )
    images = dict(zip(sorted(FEW | {"circle/deep.png": 0, "circle/film.gif": 0}), found.data.images, strict=True))
    for name in ("circle/deep.png", "circle/film.gif"):
        np.testing.assert_allclose(images[name], images["circle/000.png"], atol=8)


def test_names_in_other_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    files = [f"{name}/{i}.png" for name in ("größe", "кот") for i in range(2)]
    write_zip(path, dict.fromkeys(files, FEW["circle/000.png"]))
    content = bytearray(path.read_bytes())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):  # take the mark of UTF-8 away, as some programs do
        at = content.find(start)
        while at >= 0:
            place = at + (6 if start == b"PK\x03\x04" else 8)
            content[place : place + 2] = struct.pack("<H", struct.unpack_from("<H", content, place)[0] & ~0x800)
            at = content.find(start, at + 4)
    path.write_bytes(content)
    assert read_pictures(path).data.class_names == ("größe", "кот")


def test_names_are_cleaned_and_numbers_come_by_value() -> None:
    assert clean_name(" a\x00b \n" + "x" * 60) == "a b " + "x" * 36
    assert clean_name("![x](http://y) `$a`") == "! x (http://y) a"
    assert in_order({"b", "10", "9", "a"}) == ["9", "10", "a", "b"]


def test_what_is_called_mnist_is_not_taken_for_the_projects(tmp_path: Path) -> None:
    assert read_pictures(write_zip(tmp_path / "MNIST.zip", FEW)).data.name == "MNIST (own)"


# --- tables ---


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("head", [True, False])
def test_a_table_is_read_with_and_without_names(tmp_path: Path, separator: str, head: bool) -> None:
    path = write_table(tmp_path / "x.csv", [NAMES, *ROWS] if head else ROWS, separator)
    data = read_pictures(path).data
    assert data.class_names == ("a", "b")
    assert data.labels.tolist() == [0, 0, 1]
    assert data.images[0, :13].max() < 100 < data.images[0, 15:].min()


def test_kaggles_table_is_taken_as_it_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 784))
    rows: list[list[object]] = [[i % 2, *image.tolist()] for i, image in enumerate(images)]
    data = read_pictures(write_table(tmp_path / "train.csv", [["label", *range(784)], *rows][1:])).data
    np.testing.assert_array_equal(data.images.reshape(6, -1), images)
    quoted = tmp_path / "quoted.csv"
    quoted.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    np.testing.assert_array_equal(read_pictures(quoted).data.images, data.images)


def test_the_labels_column_may_be_another_than_the_first(tmp_path: Path) -> None:
    rows = [[*NAMES[1:], "label"], *([*row[1:], row[0]] for row in ROWS)]
    assert read_pictures(write_table(tmp_path / "x.csv", rows)).data.class_names == ("a", "b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.csv is empty"),
        ("a,1,2\n", "line 1: 3 cells, expected a label and then the pixels of a square picture"),
        ("\n".join([",".join(map(str, ROWS[0])), "a,1,2"]), "line 2: 3 cells, expected 17 as above"),
        (",".join(map(str, ["a", *PIXELS[:5], "", *PIXELS[6:]])), "line 1, cell 7: nothing, expected a pixel"),
        (",".join(map(str, ["a", *PIXELS[:5], "x1", *PIXELS[6:]])), "line 1, cell 7: 'x1', expected a pixel"),
        (",".join(map(str, ["a", *PIXELS[:5], 256, *PIXELS[6:]])), "line 1, cell 7: '256', expected a pixel"),
        (",".join(map(str, ["", *PIXELS])), "line 1: no label"),
        (",".join(["a", '"1', *map(str, PIXELS[1:])]), "line 1: unexpected end of data"),
        ("a," + "1" * 200_000, "line 1: longer than"),
        ("a,\0" + ",1" * 15, "line 1: bytes that are no text"),
        (",".join(map(str, NAMES)), "has no rows"),
        ("\n".join(",".join(map(str, ["a", *PIXELS])) for _ in range(3)), "3 pictures of 1 class, a"),
    ],
    ids=["empty", "short", "ragged", "missing", "letters", "large", "label", "quote", "long", "bytes", "names", "one"],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=re.escape(said)):
        read_pictures(path)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("größe,".encode("utf-16"))
    with pytest.raises(DataError, match="no text in UTF-8"):
        read_pictures(tmp_path / "x.csv")


def test_a_table_of_too_many_rows_is_read_no_further_than_that(tmp_path: Path) -> None:
    path = write_table(tmp_path / "x.csv", ROWS * 2_000)
    told: list[int] = []
    with pytest.raises(DataError, match="more than 600 rows"):
        read_pictures(path, bounds=Bounds(pictures=600), on_progress=lambda done, _: told.append(done))
    assert max(told) < path.stat().st_size


# --- zips not to be trusted ---


def encrypted(path: Path) -> None:
    content = bytearray(write_zip(path, FEW).read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def damaged(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, picture in FEW.items():
            archive.writestr(name, picture)
    content = bytearray(path.read_bytes())
    content[content.find(FEW["cross/001.png"]) + 30] ^= 255
    path.write_bytes(content)


def link(path: Path) -> None:
    write_zip(path, FEW)
    info = zipfile.ZipInfo("circle/link.png")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, "/etc/passwd")


def cut(path: Path) -> None:
    path.write_bytes(write_zip(path, FEW).read_bytes()[:-30])


def bomb(path: Path) -> None:
    write_zip(path, FEW | {"circle/bomb.png": bytes(30_000_000)})


def nameless(path: Path) -> None:
    content = bytearray(write_zip(path, FEW | {"x": b""}).read_bytes())
    at = content.rfind(b"PK\x01\x02")  # of the last file in the list of contents
    struct.pack_into("<HH", content, at + 28, 0, 1)  # its name of one byte becomes its extra field
    path.write_bytes(content)


def in_no_code(path: Path) -> None:
    files = {name.replace("circle", "größe"): content for name, content in FEW.items()}
    path.write_bytes(write_zip(path, files).read_bytes().replace("ö".encode(), b"\xfc\xfc"))


def damaged_lzma(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, picture in FEW.items():
            archive.writestr(name, picture)
    content = bytearray(path.read_bytes())
    at = content.find(b"circle/000.png") + len("circle/000.png")
    content[at + 4] = 0xFF  # the first byte of LZMA's properties
    path.write_bytes(content)


BAD: list[tuple[Callable[[Path], object] | dict[str, bytes] | bytes, str]] = [
    (encrypted, "circle/000.png is encrypted"),
    (damaged, "cross/001.png is damaged and cannot be unpacked"),
    (link, "circle/link.png is a link"),
    (cut, "is no zip, or is damaged or cut short"),
    (nameless, "the path '' leads out of the zip"),
    (in_no_code, "no zip, or is damaged"),
    (damaged_lzma, "circle/000.png is damaged and cannot be unpacked"),
    (bomb, "would unpack to 30 MB, expected at most 20 MB"),
    (b"text", "is no zip"),
    ({"../circle/a.png": b"x"}, "'../circle/a.png' leads out of the zip"),
    ({"/circle/a.png": b"x"}, "leads out of the zip"),
    ({".": b"x"}, "leads out of the zip"),
    ({"circle\\a.png": b"x"}, "leads out of the zip"),
    (FEW | {"Circle/a.png": FEW["circle/000.png"]}, "the folders Circle and circle differ only in case"),
    ({f"a/b/{name}": content for name, content in FEW.items()}, "lies too deep"),
    (shapes(3, ("circle",)), "holds 3 pictures of 1 class, circle, expected two classes at least"),
    (shapes(1, ("circle", "cross")), "holds 2 pictures of 2 classes, expected two classes at least, one of them with"),
    ({"circle/a.png": FEW["circle/000.png"]}, "holds 1 picture of 1 class"),
    ({"a.txt": b"x"}, "holds no pictures in folders"),
    ({"a/a.png": b"x", "b/b.png": b"y"}, "b/b.png and all other pictures of x cannot be used"),
    ({f"{i}/a.png": b"x" for i in range(30)}, "holds 30 classes, expected at most 20"),
    ({f"a/{i}.png": b"x" for i in range(101)}, "holds 101 pictures, expected at most 100"),
]


@pytest.mark.parametrize(("made", "said"), BAD, ids=[said[:30] for _, said in BAD])
def test_a_bad_zip_is_refused_in_one_sentence(
    tmp_path: Path, made: Callable[[Path], object] | dict[str, bytes] | bytes, said: str
) -> None:
    path = tmp_path / "x.zip"
    if isinstance(made, bytes):
        path.write_bytes(made)
    elif isinstance(made, dict):
        write_zip(path, made)
    else:
        made(path)
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        read_pictures(path, bounds=Bounds(pictures=100, classes=20, unpacked_mb=20))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [path], "something was left on the disk"


def test_a_zip_of_endlessly_many_files_is_refused_before_they_are_listed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", FEW)
    content = path.read_bytes()
    first, second = (found.start() for found in list(re.finditer(b"PK\x01\x02", content))[:2])
    path.write_bytes(content[:second] + 20_000 * content[first:second] + content[second:])  # its end tells of six
    with pytest.raises(DataError, match="holds too many files"):
        read_pictures(path, bounds=Bounds(pictures=100))


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    for path, said in ((tmp_path / "gone", "cannot be read"), (tmp_path / "x.txt", "neither a folder nor a zip")):
        with pytest.raises(DataError, match=said):
            read_dataset(path)
    with pytest.raises(ValueError, match="a side of 28 or 56 pixels, got 30"):
        read_pictures(tmp_path, side=30)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "x", FEW)
    (folder / "cross" / "link.png").symlink_to(folder / "circle" / "000.png")
    assert len(read_pictures(folder).data) == 6


def test_who_ends_the_reading_ends_it(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_pictures(write_zip(tmp_path / "x.zip", FEW), on_progress=stop)


def test_it_is_split_by_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    splits = read_dataset(write_zip(tmp_path / "x.zip", shapes(6, ("circle", "cross"))))
    assert [np.bincount(part.labels).tolist() for part in splits] == [[2, 2]] * 3
    monkeypatch.setattr(read, "is_the_articles", lambda _: True)
    assert len(read_dataset(tmp_path / "x.zip").train) == 12
