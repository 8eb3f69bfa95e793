"""The settings of a training as widgets; the page's link carries their values."""

from typing import Any

import streamlit as st

from siamese_core.config import ARTICLE, FAST, EncoderName, OptimizerName, Pairing, TrainingConfig
from ui.shared import resources
from ui.shared.state import set_link, set_widget_value, state, widget_value
from ui.train import settings

ENCODERS: dict[EncoderName, str] = {
    "dense": "dense (the article's)",
    "small_conv": "small convolutional",
    "conv": "large convolutional, slow",
}
PAIRINGS: dict[Pairing, str] = {
    "one_per_image": "one per image (the article's)",
    "some_per_image": "several per image",
    "all_in_batch": "all in a batch",
}
OPTIMIZERS: dict[OptimizerName, str] = {
    "rmsprop": "RMSprop (the article's)",
    "adam": "Adam, falling rate",
    "muon": "Muon, falling rate",
}
ALL_SAME = 0.99  # share of genuine pairs from which on hardly any impostor pair is left to push apart


def read_link() -> None:
    """Take the settings from the link when a visitor first opens the page; later the widgets keep them."""
    if not state().link_read:
        state().link_read = True
        chosen, state().notes = settings.from_link(st.query_params.to_dict(), resources.limits())
        _set_all(chosen)


def controls() -> TrainingConfig:
    """Draw the settings and return the config they make."""
    limits = resources.limits()
    images = widget_value(_key("training_images"))
    uses_min_equals = widget_value(_key("pairing")) == "one_per_image"
    margin, equals, epochs = st.columns(3, gap="medium")
    with margin:
        least, most, step = settings.MARGIN
        st.slider("Margin", least, most, step=step, **_widget_options("margin"))
        st.caption("Training pushes different digits apart until their distance is this large.")
    with equals:
        step = settings.MIN_EQUALS_STEP
        st.slider("min_equals", 0, images, step=step, disabled=not uses_min_equals, **_widget_options("min_equals"))
        st.caption(_share_of_same(uses_min_equals))
    with epochs:
        st.slider("Epochs", 1, max(limits.epochs, 2), disabled=limits.epochs == 1, **_widget_options("epochs"))
        st.caption("How often training goes through all pairs.")
    with st.expander("More settings", icon=":material/tune:"):
        _more_settings()
    chosen = {name: widget_value(_key(name)) for name in settings.NAMES}
    set_link(settings.to_link(chosen), settings.NAMES)
    return settings.config_from(chosen)


def presets() -> None:
    """Draw the buttons that set all settings at once."""
    for label, config, help_ in (
        ("The article's settings", ARTICLE, "Dense encoder, one partner for each image, 20 epochs."),
        ("The fast ones", FAST, "Small convolutional encoder, every pair of a batch: as good as the article in 2 s."),
    ):
        chosen = settings.within_limits(settings.settings_of(config), resources.limits())
        st.button(label, on_click=_set_all, args=(chosen,), help=help_)


def _more_settings() -> None:
    limits = resources.limits()
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.selectbox(
            "Encoder", settings.CHOICES["encoder"], format_func=ENCODERS.__getitem__, **_widget_options("encoder")
        )
        st.select_slider("Embedding size", settings.CHOICES["embedding_size"], **_widget_options("embedding_size"))
        st.caption("Numbers in an embedding. With 2, the map below shows the embeddings themselves.")
    with middle:
        st.selectbox(
            "Pairs of images",
            settings.CHOICES["pairing"],
            format_func=PAIRINGS.__getitem__,
            **_widget_options("pairing"),
        )
        some = widget_value(_key("pairing")) == "some_per_image"
        st.select_slider(
            "Partners of each kind", settings.CHOICES["per_image"], disabled=not some, **_widget_options("per_image")
        )
        st.select_slider(
            "Training images",
            settings.allowed("training_images", limits),
            format_func="{:,}".format,
            on_change=_scale_min_equals,
            **_widget_options("training_images"),
        )
    with right:
        optimizers = settings.CHOICES["optimizer"]
        st.selectbox("Optimizer", optimizers, format_func=OPTIMIZERS.__getitem__, **_widget_options("optimizer"))
        rates = settings.CHOICES["learning_rate"]
        st.select_slider("Learning rate", rates, format_func="{:g}".format, **_widget_options("learning_rate"))
        st.select_slider("Batch size", settings.CHOICES["batch_size"], **_widget_options("batch_size"))
        st.number_input("Seed", 0, settings.MOST_SEED, step=1, **_widget_options("seed"))
    state().images = widget_value(_key("training_images"))


def _share_of_same(used: bool) -> str:
    """Return a caption on what min_equals does at its present value."""
    if not used:
        return "Has an effect only if each image has one partner; see More settings."
    images, equals = widget_value(_key("training_images")), widget_value(_key("min_equals"))
    share = resources.share_of_same(images, equals, widget_value(_key("seed")))
    sentence = f"This many images get a partner of their own class: **{share:.1%}** of all pairs are the same digit."
    return sentence if share < ALL_SAME else f"{sentence} Then nothing pushes different digits apart."


def _scale_min_equals() -> None:
    """Keep min_equals in proportion when the number of images changes."""
    images = widget_value(_key("training_images"))
    scaled = settings.scaled_min_equals(widget_value(_key("min_equals")), state().images or images, images)
    set_widget_value(_key("min_equals"), scaled)


def _set_all(chosen: dict[str, Any]) -> None:
    """Give every setting a value."""
    for name, value in chosen.items():
        set_widget_value(_key(name), value)
    state().images = chosen["training_images"]


def _widget_options(name: str) -> dict[str, Any]:
    return {"key": _key(name), "persist_state": "session"}


def _key(name: str) -> str:
    return f"set_{name}"
