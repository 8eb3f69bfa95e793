"""A network to take home: its model folder as a zip, with a script that runs it and how to use it elsewhere."""

import io
import re
import unicodedata
import zipfile
from pathlib import Path

from siamese_core.networks.card import class_names, data_set, is_of_mnist, look_of, read_card, side_of
from siamese_core.networks.kept import has_own_test

README = """A Siamese network that compares {things}, made with Siamese Lab.

In Python: unpack this folder into a copy of the project Siamese Lab, and run there
    .venv/bin/python {folder}/load.py
On a phone, in C++, in a browser, or in Python without that project: encoder.tflite runs with LiteRT
(https://ai.google.dev/edge/litert). Its signature takes "images" (n, {side}, {side}) float32, in [0, 1],
{seen}, and gives "embeddings" (n, d) float32. Two images are accepted as {same} if the Euclidean distance
between their embeddings is at most {threshold}.
"""
SNIPPET = """import siamese_core as sc

model, test = sc.load_model("{folder}"), sc.load_mnist().test
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
"""
OWN_README = """
Its classes: {classes}. test_images.npz holds the images it was tested on.
"""
OWN_SNIPPET = """import siamese_core as sc
from siamese_core.networks.kept import read_test

model, test = sc.load_model("{folder}"), read_test("{folder}")
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
print(*(test.class_names[label] for label in test.labels[:2]))
"""
SCRIPT = '''"""Compare two of its test images with the network in this folder, in a copy of Siamese Lab."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(folder) for folder in HERE.parents if (folder / "siamese_core").is_dir()][:1]

try:
    import siamese_core as sc
    from siamese_core.networks.kept import read_test

    model, test = sc.load_model(HERE), read_test(HERE)
except ModuleNotFoundError as error:
    sys.exit(
        f"{error}: unpack {HERE.name} into a copy of the project Siamese Lab, in which `make run` has worked, "
        f"and run there: .venv/bin/python {HERE.name}/load.py"
    )
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
'''


def zip_folder(folder: Path, name: str) -> bytes:
    """Return a model folder as a zip of one folder `name`, with load.py and README.txt. Raises ModelError."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{name}/{path.name}")
        archive.writestr(f"{name}/load.py", SCRIPT)
        archive.writestr(f"{name}/README.txt", readme(folder, name))
    return file.getvalue()


def readme(folder: Path, name: str) -> str:
    """Return what the zip of a model folder says of it. Raises ModelError."""
    card = read_card(folder)
    own, ink = not is_of_mnist(card), look_of(card) == "ink"
    words = {
        "things": f"pictures of {data_set(card)}" if own else "handwritten digits",
        "seen": "light ink on black, as MNIST has them" if ink else "greys of the whole picture, padded to a square",
        "same": "of the same class" if own else "the same digit",
    }
    text = README.format(folder=name, threshold=card["threshold"], side=side_of(card), **words)
    return text + OWN_README.format(classes=", ".join(class_names(card))) if own else text


def snippet(folder: Path | None, name: str) -> str:
    """Return a program that uses a model folder, unpacked as a folder `name`."""
    own = folder is not None and has_own_test(folder)
    return (OWN_SNIPPET if own else SNIPPET).format(folder=name)


def slug(text: str) -> str:
    """Return the text as a part of a file name: small letters and digits of ASCII, joined by "-"; "" if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
