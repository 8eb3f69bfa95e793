"""The settings of a training as widgets, their values also in the page's link."""

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
    "one_per_image": "one each (the article's)",
    "some_per_image": "several each",
    "all_in_batch": "all of a batch",
}
OPTIMIZERS: dict[OptimizerName, str] = {
    "rmsprop": "RMSprop (the article's)",
    "adam": "Adam, falling rate",
    "muon": "Muon, falling rate",
}
ALL_SAME = 0.99  # share of same pairs from which training has nothing to push apart


def prepare() -> None:
    """Take the settings from the link at a visitor's first call, later from what was chosen before."""
    if not state().link_read:
        state().link_read = True
        chosen, state().notes = settings.from_link(st.query_params.to_dict(), resources.limits())
        _set(chosen)


def controls() -> TrainingConfig:
    """Draw the settings and return the training they describe."""
    limits = resources.limits()
    images = widget_value(_key("training_images"))
    uses_min_equals = widget_value(_key("pairing")) == "one_per_image"
    margin, equals, epochs = st.columns(3, gap="medium")
    with margin:
        least, most, step = settings.MARGIN
        st.slider("Margin", least, most, step=step, **_named("margin"))
        st.caption("How far training pushes different digits apart before it lets them be.")
    with equals:
        step = settings.MIN_EQUALS_STEP
        st.slider("min_equals", 0, images, step=step, disabled=not uses_min_equals, **_named("min_equals"))
        st.caption(_share_of_same(uses_min_equals))
    with epochs:
        st.slider("Epochs", 1, max(limits.epochs, 2), disabled=limits.epochs == 1, **_named("epochs"))
        st.caption("How often training goes through all pairs.")
    with st.expander("More settings", icon=":material/tune:"):
        _more()
    chosen = {name: widget_value(_key(name)) for name in settings.NAMES}
    set_link(settings.to_link(chosen), settings.NAMES)
    return settings.config_from(chosen)


def presets() -> None:
    """Draw the buttons that set everything at once."""
    for label, config, help_ in (
        ("The article's settings", ARTICLE, "Dense encoder, one partner for each image, 20 epochs."),
        ("The fast ones", FAST, "Small convolutional encoder, every pair of a batch: as good as the article in 2 s."),
    ):
        chosen = settings.within(settings.settings_of(config), resources.limits())
        st.button(label, on_click=_set, args=(chosen,), help=help_)


def _more() -> None:
    limits = resources.limits()
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.selectbox("Encoder", settings.CHOICES["encoder"], format_func=ENCODERS.__getitem__, **_named("encoder"))
        st.select_slider("Embedding size", settings.CHOICES["embedding_size"], **_named("embedding_size"))
        st.caption("Numbers in an embedding. With 2 the map below is the space itself.")
    with middle:
        st.selectbox(
            "Pairs of images", settings.CHOICES["pairing"], format_func=PAIRINGS.__getitem__, **_named("pairing")
        )
        some = widget_value(_key("pairing")) == "some_per_image"
        st.select_slider(
            "Partners of each kind", settings.CHOICES["per_image"], disabled=not some, **_named("per_image")
        )
        st.select_slider(
            "Training images",
            settings.allowed("training_images", limits),
            format_func="{:,}".format,
            on_change=_keep_share,
            **_named("training_images"),
        )
    with right:
        optimizers = settings.CHOICES["optimizer"]
        st.selectbox("Optimizer", optimizers, format_func=OPTIMIZERS.__getitem__, **_named("optimizer"))
        rates = settings.CHOICES["learning_rate"]
        st.select_slider("Learning rate", rates, format_func="{:g}".format, **_named("learning_rate"))
        st.select_slider("Batch size", settings.CHOICES["batch_size"], **_named("batch_size"))
        st.number_input("Seed", 0, settings.MOST_SEED, step=1, **_named("seed"))
    state().images = widget_value(_key("training_images"))


def _share_of_same(used: bool) -> str:
    """Say in one line what min_equals does at its present value."""
    if not used:
        return "Acts only where each image has one partner; see More settings."
    images, equals = widget_value(_key("training_images")), widget_value(_key("min_equals"))
    share = resources.share_of_same(images, equals, widget_value(_key("seed")))
    sentence = f"So many images get a partner of their own class: **{share:.1%}** of all pairs are the same digit."
    return sentence if share < ALL_SAME else f"{sentence} Nothing then keeps different digits apart."


def _keep_share() -> None:
    """Move min_equals along with the number of images."""
    images = widget_value(_key("training_images"))
    moved = settings.in_proportion(widget_value(_key("min_equals")), state().images or images, images)
    set_widget_value(_key("min_equals"), moved)


def _set(chosen: dict[str, Any]) -> None:
    """Give every setting a value."""
    for name, value in chosen.items():
        set_widget_value(_key(name), value)
    state().images = chosen["training_images"]


def _named(name: str) -> dict[str, Any]:
    return {"key": _key(name), "persist_state": "session"}


def _key(name: str) -> str:
    return f"set_{name}"
