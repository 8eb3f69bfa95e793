"""A model embeds and compares, comes back from its folder as it was, and no damaged folder gives a traceback."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from siamese_core.config import ANYTHING_MODEL, SHIPPED
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_mnist, load_test
from siamese_core.datasets.synthetic.gallery import drawn_symbols
from siamese_core.metrics import verification
from siamese_core.metrics.calibration import fit_threshold
from siamese_core.metrics.distances import distance, knn_accuracy, nearest
from siamese_core.networks.card import CARD_FILE, EMBEDDINGS_FILE, ENCODER_SHA256, KERAS_FILE, LITERT_FILE
from siamese_core.networks.encoders import build_encoder
from siamese_core.networks.keras_encoder import BATCH, KerasEncoder, convert_folder, read_keras
from siamese_core.networks.model import ModelError, NotConvertedError, SiameseModel, load_model
from siamese_core.training import losses
from siamese_core.training.finishing import measure_test, with_drawn
from tests.small import digit

CARD: dict[str, Any] = {
    "recipe": "none, never trained",
    "threshold": 0.6,
    "calibration": {"distances": [0.2, 1.0], "log_odds": [2.0, -2.0]},
}
SIZE = 16


def images(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((n, 28, 28), np.float32)


def small() -> keras.Model:
    return build_encoder("small_conv", SIZE, np.random.default_rng(0))


@pytest.fixture(scope="module")
def model() -> SiameseModel:
    """Make a model that nobody has trained; what is tested here does not depend on it."""
    made = SiameseModel(KerasEncoder(small()), dict(CARD))
    made.test_embeddings = made.embed(images(30))
    return made


@pytest.fixture(scope="module")
def saved(model: SiameseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "one" / "model"
    model.save(folder)
    return folder


def test_a_model_may_have_a_limit_for_what_is_no_digit_or_none(model: SiameseModel) -> None:
    assert model.novelty_limit is None
    assert SiameseModel(model.encoder, {**CARD, "novelty_limit": 0.25}).novelty_limit == 0.25


# --- embed and distance ---


@pytest.mark.parametrize("n", [0, 1, 2, BATCH, BATCH + 1])
def test_embed_gives_a_row_an_image(model: SiameseModel, n: int) -> None:
    embeddings = model.embed(images(n))
    assert embeddings.shape == (n, SIZE)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings, np.asarray(small()(images(n))).reshape(n, SIZE), atol=1e-6)


def test_embedding_of_an_image_is_the_same_in_any_company(model: SiameseModel) -> None:
    many = images(40)
    np.testing.assert_allclose(model.embed(many)[7:8], model.embed(many[7:8]), atol=1e-6)


def test_double_precision_is_welcome(model: SiameseModel) -> None:
    np.testing.assert_array_equal(model.embed(images(2).astype(np.float64)), model.embed(images(2)))


def test_distance_of_numpy_is_that_of_keras(model: SiameseModel) -> None:
    a, b = images(20, 1), images(20, 2)
    by_keras = np.asarray(losses.distance(small()(a), small()(b)))
    np.testing.assert_allclose(model.distance(a, b), by_keras, atol=1e-6)
    np.testing.assert_allclose(distance(model.embed(a), model.embed(b)), by_keras, atol=1e-6)


def test_distance_is_the_same_both_ways_and_0_for_identical_images(model: SiameseModel) -> None:
    a, b = images(33, 1), images(33, 2)
    np.testing.assert_allclose(model.distance(a, b), model.distance(b, a), atol=1e-6)
    assert (model.distance(a, b) > 0).all()
    assert model.distance(a, a.copy()).tolist() == [0.0] * 33
    assert model.distance(a[:0], b[:0]).shape == (0,)


def test_probability_falls_with_the_distance(model: SiameseModel) -> None:
    p = model.probability_same(np.array([0.0, 0.6, 2.0]))
    np.testing.assert_allclose(p, 1 / (1 + np.exp([-2, 0, 2])), atol=1e-12)
    assert model.threshold == 0.6
    assert model.embedding_size == SIZE


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((28, 28), np.float32), r"expected images of shape \(n, 28, 28\), got \(28, 28\)"),
        (np.zeros((2, 28, 28, 1), np.float32), "expected images of shape"),
        (np.zeros((2, 20, 28), np.float32), "expected images of shape"),
        (np.zeros((2, 28, 28), np.uint8), "expected floating-point images in .*, got uint8; see siamese_core.to_float"),
        (np.full((2, 28, 28), 1.5, np.float32), r"expected pixels in \[0, 1\], got 1.5 to 1.5"),
        (np.full((2, 28, 28), -0.5, np.float32), r"expected pixels in \[0, 1\]"),
        (np.full((2, 28, 28), np.nan, np.float32), r"expected pixels in \[0, 1\], got nan to nan"),
    ],
)
def test_what_is_no_image_is_refused(model: SiameseModel, bad: np.ndarray, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        model.embed(bad)
    with pytest.raises(ValueError, match=sentence):
        model.distance(images(2), bad)


def test_left_and_right_must_be_as_many(model: SiameseModel) -> None:
    with pytest.raises(ValueError, match="expected as many left as right images, got 2 and 3"):
        model.distance(images(2), images(3))


# --- save and load ---


def test_a_model_comes_back_as_it_was(model: SiameseModel, saved: Path) -> None:
    again = load_model(saved)
    assert again.embedding_size == SIZE
    np.testing.assert_allclose(again.embed(images(9)), model.embed(images(9)), atol=1e-6)
    np.testing.assert_array_equal(again.test_embeddings, model.test_embeddings)
    assert {name: again.card[name] for name in CARD} == CARD
    assert sorted(path.name for path in saved.iterdir()) == [CARD_FILE, KERAS_FILE, LITERT_FILE, EMBEDDINGS_FILE]


@pytest.mark.parametrize("name", ["dense", "conv"])
def test_every_encoder_loads_under_safe_mode(name: Any, tmp_path: Path) -> None:
    encoder = build_encoder(name, 8, np.random.default_rng(0))
    SiameseModel(KerasEncoder(encoder), CARD).save(tmp_path)
    safe = keras.saving.load_model(tmp_path / KERAS_FILE, safe_mode=True)
    np.testing.assert_array_equal(safe(images(3)), encoder(images(3)))
    np.testing.assert_allclose(load_model(tmp_path).embed(images(3)), np.asarray(encoder(images(3))), atol=1e-6)


def test_a_folder_written_before_the_move_loads(tmp_path: Path) -> None:
    """Its encoder names the module in which the project's own layer stood then."""
    encoder = build_encoder("small_conv", 8, np.random.default_rng(0), columns=2, normalized=1)
    SiameseModel(KerasEncoder(encoder), CARD).save(tmp_path)
    with zipfile.ZipFile(tmp_path / KERAS_FILE) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["config.json"] = files["config.json"].replace(b"siamese_core.networks.encoders", b"siamese_core.encoders")
    assert b'"siamese_core.encoders"' in files["config.json"]
    with zipfile.ZipFile(tmp_path / KERAS_FILE, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    images = np.stack([digit(seed) for seed in range(3)])
    np.testing.assert_allclose(read_keras(tmp_path / KERAS_FILE).embed(images), encoder(images), atol=1e-6)


def test_a_folder_without_an_encoder_for_litert_names_the_command_that_makes_it(
    model: SiameseModel, copy: Path
) -> None:
    (copy / LITERT_FILE).unlink()
    with_card(copy, **{ENCODER_SHA256: None})
    with pytest.raises(NotConvertedError, match=f"encoder.tflite yet; to make it: .* convert {copy}$"):
        load_model(copy)
    convert_folder(copy)
    np.testing.assert_allclose(load_model(copy).embed(images(9)), model.embed(images(9)), atol=1e-6)


def test_a_loaded_model_can_be_saved_but_no_longer_trained(model: SiameseModel, saved: Path, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = load_model(saved)
    again.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [CARD_FILE, LITERT_FILE, EMBEDDINGS_FILE]
    np.testing.assert_array_equal(load_model(tmp_path).embed(images(9)), again.embed(images(9)))


def test_saving_again_leaves_no_old_embeddings_behind(model: SiameseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    SiameseModel(model.encoder, CARD).save(tmp_path)
    assert load_model(tmp_path).test_embeddings is None


def test_a_save_that_fails_leaves_what_was_there(model: SiameseModel, tmp_path: Path) -> None:
    class Broken:
        embedding_size = SIZE

        def embed(self, images: np.ndarray) -> np.ndarray:
            return images

        def write(self, folder: Path) -> None:
            (folder / LITERT_FILE).write_bytes(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        SiameseModel(Broken(), CARD).save(tmp_path / "new" / "model")
    assert not list((tmp_path / "new").iterdir()), "it is not there at all"
    model.save(tmp_path / "old")
    with pytest.raises(OSError, match="No space left"):
        SiameseModel(Broken(), CARD).save(tmp_path / "old")
    np.testing.assert_array_equal(load_model(tmp_path / "old").test_embeddings, model.test_embeddings)


def test_other_files_in_a_model_folder_stay(model: SiameseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    model.save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert load_model(tmp_path).test_embeddings is not None


def test_a_path_may_be_a_string(saved: Path) -> None:
    assert load_model(str(saved)).threshold == 0.6


# --- damaged folders ---


def save_layers(folder: Path, *layers: keras.Layer) -> None:
    keras.Sequential(layers).save(folder / KERAS_FILE)


def with_bad_weights(folder: Path) -> None:
    encoder = keras.saving.load_model(folder / KERAS_FILE)
    encoder.weights[0].assign(encoder.weights[0] * np.nan)
    encoder.save(folder / KERAS_FILE)


def with_a_lambda(folder: Path) -> None:
    save_layers(folder, keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Lambda(lambda x: x * 2))


def without_weights(folder: Path) -> None:
    with zipfile.ZipFile(folder / KERAS_FILE) as old:
        parts = {name: old.read(name) for name in old.namelist() if not name.endswith(".h5")}
    with zipfile.ZipFile(folder / KERAS_FILE, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


def without_encoder(folder: Path) -> None:
    for name in (LITERT_FILE, KERAS_FILE):
        (folder / name).unlink()


def with_card(folder: Path, **changes: Any) -> None:
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    (folder / CARD_FILE).write_text(json.dumps(card | changes), encoding="utf-8")


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


FLATTEN = keras.layers.Flatten
Damages = dict[str, tuple[Callable[[Path], object], str]]
DAMAGES: Damages = {
    "no folder": (shutil.rmtree, "there is no model folder"),
    "no card": (lambda f: (f / CARD_FILE).unlink(), "card.json is missing, so"),
    "no encoder": (without_encoder, "encoder.tflite is missing, so"),
    "card is no JSON": (lambda f: (f / CARD_FILE).write_text("recipe: fast"), "card.json is damaged"),
    "another version": (lambda f: with_card(f, format=2), "is of version 2, but this program reads version 1"),
    "threshold NaN": (lambda f: with_card(f, threshold=float("nan")), "no usable threshold and calibration"),
    "no calibration": (lambda f: with_card(f, calibration=None), "no usable threshold and calibration"),
    "encoder empty": (lambda f: (f / LITERT_FILE).write_bytes(b""), "encoder.tflite is damaged"),
    "encoder cut short": (lambda f: cut(f / LITERT_FILE, 0.95), "encoder.tflite is damaged"),
    "encoder of another model": (lambda f: with_card(f, encoder_sha256="0"), "encoder.tflite is damaged"),
}
KERAS_DAMAGES: Damages = {
    "no encoder": (lambda f: (f / KERAS_FILE).unlink(), "encoder.keras is missing, so"),
    "empty": (lambda f: (f / KERAS_FILE).write_bytes(b""), "encoder.keras is damaged"),
    "a tenth": (lambda f: cut(f / KERAS_FILE, 0.1), "encoder.keras is damaged"),
    "cut short": (lambda f: cut(f / KERAS_FILE, 0.95), "encoder.keras is damaged"),
    "without weights": (without_weights, "encoder.keras is damaged"),
    "text": (lambda f: (f / KERAS_FILE).write_text("hello"), "encoder.keras is damaged"),
    "with a Lambda": (with_a_lambda, "encoder.keras is damaged or from another version of Keras"),
    "of other images": (
        lambda f: save_layers(f, keras.Input((20, 28)), FLATTEN()),
        r"not an encoder of 28 x 28 or 56 x 56 images: it takes \(None, 20, 28\) and gives \(None, 560\)",
    ),
    "to no vector": (
        lambda f: save_layers(f, keras.Input((28, 28)), keras.layers.ReLU()),
        r"not an encoder of 28 x 28 or 56 x 56 images: it takes \(None, 28, 28\) and gives \(None, 28, 28\)",
    ),
    "never built": (
        lambda f: save_layers(f, FLATTEN(), keras.layers.Dense(3)),
        "not an encoder of 28 x 28 or 56 x 56 images",
    ),
    "weights NaN": (with_bad_weights, "encoder.keras holds weights that are not numbers"),
}


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "copy"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_gives_one_sentence(damage: str, copy: Path) -> None:
    refused(copy, DAMAGES[damage], load_model)


@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built")  # by Keras, on one of them
@pytest.mark.parametrize("damage", KERAS_DAMAGES)
def test_a_damaged_encoder_is_not_converted(damage: str, copy: Path) -> None:
    refused(copy, KERAS_DAMAGES[damage], convert_folder)


def refused(folder: Path, damage: tuple[Callable[[Path], object], str], read: Callable[[Path], object]) -> None:
    do, sentence = damage
    do(folder)
    with pytest.raises(ModelError, match=sentence) as refusal:
        read(folder)
    assert str(folder) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def save_array(folder: Path, array: np.ndarray) -> None:
    np.save(folder / EMBEDDINGS_FILE, array)


def save_archive(folder: Path) -> None:
    with (folder / EMBEDDINGS_FILE).open("wb") as file:
        np.savez(file, a=np.zeros(3))


USELESS: dict[str, Callable[[Path], object]] = {
    "missing": lambda f: (f / EMBEDDINGS_FILE).unlink(),
    "empty": lambda f: (f / EMBEDDINGS_FILE).write_bytes(b""),
    "cut short": lambda f: cut(f / EMBEDDINGS_FILE, 0.5),
    "text": lambda f: (f / EMBEDDINGS_FILE).write_text("hello"),
    "another width": lambda f: save_array(f, np.zeros((30, SIZE + 1), np.float32)),
    "a vector": lambda f: save_array(f, np.zeros(SIZE, np.float32)),
    "strings": lambda f: save_array(f, np.full((30, SIZE), "a")),
    "pickled": lambda f: save_array(f, np.full((30, SIZE), None)),
    "NaN": lambda f: save_array(f, np.full((30, SIZE), np.nan, np.float32)),
    "an archive": save_archive,
}


@pytest.mark.parametrize("damage", USELESS)
def test_test_embeddings_that_do_not_fit_are_as_good_as_none(damage: str, copy: Path) -> None:
    """They can be made anew from the encoder, so they are no reason to refuse the model."""
    USELESS[damage](copy)
    assert load_model(copy).test_embeddings is None


# --- the shipped model ---


def test_shipped_model_is_as_good_as_promised_and_its_embeddings_are_its_own() -> None:
    shipped = load_model()
    assert shipped.card["test"]["balanced_accuracy"] >= 0.99
    assert shipped.test_embeddings is not None
    test = load_test()
    assert len(shipped.test_embeddings) == len(test.labels)
    np.testing.assert_allclose(shipped.test_embeddings[:200], shipped.embed(to_float(test.images[:200])), atol=1e-3)
    near = nearest(shipped.test_embeddings, shipped.test_embeddings[:2_000], 2)
    assert knn_accuracy(test.labels[near.indices[2_000:, :1]], test.labels[2_000:]) > 0.98


def test_the_model_for_anything_is_as_good_as_its_card_says() -> None:
    model, test = load_model(ANYTHING_MODEL), load_test()
    assert model.symbols
    assert model.card["one_shot"]["share"] >= 0.92
    assert model.card["test"]["one_nn"] >= 0.995
    assert model.test_embeddings is not None
    again = model.embed(to_float(test.images[:300]))
    np.testing.assert_allclose(model.test_embeddings[:300], again, atol=1e-3)
    pairs = verification.all_pairs(again, test.labels[:300])
    assert verification.equal_error_rate(pairs).rate == pytest.approx(model.card["test"]["eer"], abs=0.01)
    drawn = drawn_symbols(3, np.random.default_rng(0))
    embedded = model.embed(to_float(drawn.images))
    assert model.is_novel(embedded).mean() > 0.8, "it notices most of what is no digit"
    near = nearest(embedded, embedded, 1, leave_out_self=True)
    assert knn_accuracy(drawn.labels[near.indices], drawn.labels) > 0.9


@pytest.mark.slow
def test_shipped_weights_reproduce_the_figures_of_the_card() -> None:
    """The embeddings are made anew; on another processor they differ in the last digits, and a neighbour may change."""
    shipped, test = load_model(), load_test()
    card = dict(shipped.card)
    shipped.test_embeddings = shipped.embed(to_float(test.images))
    found = measure_test(shipped, test)
    one_nn = found["test"].pop("one_nn"), card["test"].pop("one_nn")
    assert one_nn[0] == pytest.approx(one_nn[1], abs=3e-4)
    assert found["test"] == pytest.approx(card["test"], abs=1e-5)
    np.testing.assert_allclose(found["test_accepted_by_class"], card["test_accepted_by_class"], atol=1e-4)
    for third, kept in zip(found["test_by_stroke_width"], card["test_by_stroke_width"], strict=True):
        assert third == pytest.approx(kept, abs=1e-3)
    validation = load_mnist().validation
    pairs = verification.all_pairs(shipped.embed(to_float(validation.images)), validation.labels)
    assert verification.equal_error_rate(pairs).rate == pytest.approx(card["figures"]["validation_eer"], abs=1e-5)
    fitted_to = with_drawn(SHIPPED, validation)
    pairs = verification.all_pairs(shipped.embed(to_float(fitted_to.images)), fitted_to.labels)
    assert fit_threshold(pairs).threshold == pytest.approx(card["threshold"], abs=1e-3)
