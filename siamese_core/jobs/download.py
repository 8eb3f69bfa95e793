"""A network to take home: its model folder as a zip, with a script that runs it and how to use it elsewhere."""

import io
import re
import unicodedata
import zipfile
from pathlib import Path

from siamese_core.networks.card import read_card

README = """A Siamese network that compares handwritten digits, made with Siamese Lab.

In Python: unpack this folder into a copy of the project Siamese Lab, and run there
    .venv/bin/python {folder}/load.py
On a phone, in C++, in a browser, or in Python without that project: encoder.tflite runs with LiteRT
(https://ai.google.dev/edge/litert). Its signature takes "images" (n, 28, 28) float32, in [0, 1], light ink on black,
as MNIST has them, and gives "embeddings" (n, d) float32. Two images are accepted as the same digit if the Euclidean
distance between their embeddings is at most {threshold}.
"""
SNIPPET = """import siamese_core as sc

model, test = sc.load_model("{folder}"), sc.load_mnist().test
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
"""
SCRIPT = '''"""Compare two of MNIST's test digits with the network in this folder, in a copy of Siamese Lab."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(folder) for folder in HERE.parents if (folder / "siamese_core").is_dir()][:1]

try:
    import siamese_core as sc

    model, test = sc.load_model(HERE), sc.load_mnist().test
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
        archive.writestr(f"{name}/README.txt", README.format(folder=name, threshold=read_card(folder)["threshold"]))
    return file.getvalue()


def slug(text: str) -> str:
    """Return the text as a part of a file name: small letters and digits of ASCII, joined by "-"; "" if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
