"""The settings of a training as widgets; the page's link carries their values."""

import dataclasses
from typing import Any

import streamlit as st

from siamese_core.config import ARTICLE, FAST, TrainingConfig
from ui.shared import resources, terms
from ui.shared.link import note, set_link, take
from ui.shared.state import set_widget_value, state, widget_value
from ui.shared.terms import explained
from ui.train import settings, subject
from ui.train.upload import own_pictures, take_upload

ALL_SAME = 0.99  # share of genuine pairs from which on hardly any impostor pair is left to push apart


def settings_from_link() -> None:
    """Take the settings from the link when a visitor first opens the page; later the widgets keep them."""
    if not state().images:
        subject.from_link()
        asked = {name: value for name in settings.NAMES if (value := take(name)) is not None}
        chosen, complaints = settings.from_link(asked, resources.limits(), subject.available())
        note(*complaints)
        state().data = subject.key()
        take_over(chosen)


def chosen_config() -> TrainingConfig:
    """Return the config that the settings make now."""
    return dataclasses.replace(settings.config_from(_chosen()), left_out=subject.left_out())


def config_at_click() -> TrainingConfig:
    """Return the config that the settings make, in a callback: also what was set in the same breath as the click."""
    if widget_value(_key("training_images")) == state().images:  # callbacks of what was set may come after this one
        _note_min_equals()
    _follow_data()
    return chosen_config()


def controls() -> None:
    """Draw the settings."""
    take_upload()
    subject.choose()
    own_pictures()
    _follow_data()
    limits = resources.limits()
    images = widget_value(_key("training_images"))
    uses_min_equals = widget_value(_key("pairing")) == "one_per_image"
    margin, equals, epochs = st.columns(3, gap="medium")
    with margin:
        least, most, step = settings.MARGIN
        st.slider("Margin", least, most, step=step, **_widget_options("margin"))
        kinds, what = subject.words().kinds, explained(terms.LOSS, "What is the margin?")
        st.caption(f"Training pushes different {kinds} apart until their distance is this large. {what}")
    with equals:
        step = settings.min_equals_step(images)
        st.slider(
            "min_equals", 0, images, step=step, disabled=not uses_min_equals, on_change=_note_min_equals,
            **_widget_options("min_equals"),
        )  # fmt: skip
        st.caption(f"{_share_of_same(uses_min_equals)} {explained(terms.PAIRS, 'What does min_equals do?')}")
    with epochs:
        st.slider("Epochs", 1, max(limits.epochs, 2), disabled=limits.epochs == 1, **_widget_options("epochs"))
        st.caption("How often training goes through all pairs.")
    with st.expander("More settings", icon=":material/tune:"):
        _more_settings()
    set_link(settings.to_link(_chosen()), settings.NAMES)


def _follow_data() -> None:
    """Let the number of images follow the data set: all of another one, and never more than there are.

    What a run sets is lost to the browser if the run is interrupted, so that the state is what counts here.
    """
    here, available = state(), subject.available()
    choices = settings.allowed("training_images", resources.limits(), available)
    chosen = widget_value(_key("training_images"))
    if here.data != subject.key():
        here.data = subject.key()
        chosen = here.images = ARTICLE.training_images if available is None else max(choices)
        here.min_equals = settings.article_min_equals(chosen)
    if chosen not in choices:
        chosen = max((images for images in choices if images <= chosen), default=choices[0])
    set_widget_value(_key("training_images"), chosen)
    _scale_min_equals()


def presets() -> None:
    """Draw the buttons that set all settings at once."""
    for label, config, help_ in (
        ("The article's settings", ARTICLE, "Dense encoder, one partner for each image, 20 epochs."),
        ("Fast settings", FAST, "Small convolutional encoder, every pair of a batch: as good as the article in 2 s."),
    ):
        chosen = settings.within_limits(settings.settings_of(config), resources.limits(), subject.available())
        st.button(label, on_click=take_over, args=(chosen,), help=help_)


def _more_settings() -> None:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _choice("Encoder", "encoder")
        st.select_slider("Embedding size", settings.CHOICES["embedding_size"], **_widget_options("embedding_size"))
        st.caption("Numbers in an embedding. With 2, the map below shows the embeddings themselves.")
    with middle:
        _choice("Pairs of images", "pairing")
        some = widget_value(_key("pairing")) == "some_per_image"
        st.select_slider(
            "Partners of each kind", settings.CHOICES["per_image"], disabled=not some, **_widget_options("per_image")
        )
        _training_images()
    with right:
        _choice("Optimizer", "optimizer")
        rates = settings.CHOICES["learning_rate"]
        st.select_slider("Learning rate", rates, format_func="{:g}".format, **_widget_options("learning_rate"))
        st.select_slider("Batch size", settings.CHOICES["batch_size"], **_widget_options("batch_size"))
        st.number_input("Seed", 0, settings.MOST_SEED, step=1, **_widget_options("seed"))


def _training_images() -> None:
    choices = settings.allowed("training_images", resources.limits(), subject.available())
    alone = len(choices) == 1  # a slider takes two
    st.select_slider(
        "Training images",
        (0, *choices) if alone else choices,
        format_func="{:,}".format,
        on_change=_scale_min_equals,
        disabled=alone,
        **_widget_options("training_images"),
    )


def _choice(label: str, name: str) -> None:
    """Draw a setting that is one of some named things."""
    st.selectbox(
        label, settings.CHOICES[name], format_func=lambda value: settings.words_of(name, value), **_widget_options(name)
    )


def _share_of_same(used: bool) -> str:
    """Return a caption on what min_equals does at its present value."""
    if not used:
        return "Has an effect only if each image has one partner; see More settings."
    images, equals = widget_value(_key("training_images")), widget_value(_key("min_equals"))
    share, words = subject.share_of_same(images, equals, widget_value(_key("seed"))), subject.words()
    sentence = f"This many images get a partner of their own class: **{share:.1%}** of all pairs are {words.same}."
    return sentence if share < ALL_SAME else f"{sentence} Then nothing pushes different {words.kinds} apart."


def _scale_min_equals() -> None:
    """Keep min_equals in proportion when the number of images has changed."""
    here, images = state(), widget_value(_key("training_images"))
    if images != here.images:
        here.min_equals, here.images = settings.scaled_min_equals(here.min_equals, here.images, images), images
    set_widget_value(_key("min_equals"), here.min_equals)


def _note_min_equals() -> None:
    state().min_equals = widget_value(_key("min_equals"))


def _chosen() -> dict[str, Any]:
    return {name: widget_value(_key(name)) for name in settings.NAMES}


def take_over(chosen: dict[str, Any]) -> None:
    """Give every setting a value."""
    for name, value in chosen.items():
        set_widget_value(_key(name), value)
    state().images, state().min_equals = chosen["training_images"], chosen["min_equals"]


def _widget_options(name: str) -> dict[str, Any]:
    return {"key": _key(name), "persist_state": "session"}


def _key(name: str) -> str:
    return f"set_{name}"
