"""What a training is about: the data set, and the classes left out of it."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from siamese_core.datasets.article import trainable
from siamese_core.datasets.mnist import CLASS_NAMES
from siamese_core.datasets.splitting import counts
from siamese_core.jobs import data_sets
from siamese_core.jobs.data_folder import Upload
from siamese_core.jobs.run_folder import Run
from ui.shared import resources
from ui.shared.link import note, set_link, take
from ui.shared.state import set_widget_value, state, widget_value
from ui.shared.visitor import visitor
from ui.shared.words import Words, words_of

DATA, LEFT_OUT = "set_data", "set_left_out"  # keys of the widgets
PARAMETERS = ("data", "left_out")  # of the link
BETWEEN = "|"  # names in the link
WIDTH, NAMES = 300, 300  # px, of data set and of classes
LEARN = (
    "Train without {0} and {1}, then compare a {0} with a {1}: can it tell apart what it has never seen? The figures "
    "then stand twice, for the classes it has seen and for the others."
)
GONE = "The data set that this link names is not here, or not any more. You see MNIST."
TITLES = {
    data_sets.MNIST: "MNIST, 70,000 digits",
    data_sets.DRAWN: "Digits drawn by this project",
    data_sets.SKLEARN: "Digits of scikit-learn, 8 × 8",
}


class Subject(NamedTuple):
    """A data set that can be trained on."""

    title: str
    class_names: tuple[str, ...]
    training: tuple[int, ...]  # images of each class
    upload: Upload | None = None


def subjects() -> dict[str, Subject]:
    """Return the data sets that can be chosen, by key: those here, the visitor's own, and that of the link."""
    mnist = tuple(np.bincount(resources.training_labels(), minlength=len(CLASS_NAMES)).tolist())
    made = {key: tuple(counts(n)[0] for n in images) for key, images in data_sets.MADE.items()}
    found = {key: Subject(TITLES[key], CLASS_NAMES, images) for key, images in {data_sets.MNIST: mnist, **made}.items()}
    linked = [upload for key in state().linked_data if (upload := resources.data_sets().find(key))]
    for upload in [*reversed(resources.data_sets().of_visitor(visitor())), *linked]:
        if upload.sheet:
            about = f"{upload.file}, {sum(upload.sheet.images):,} pictures"
            found[upload.id] = Subject(about, upload.sheet.class_names, upload.sheet.training, upload)
    return found


def key() -> str:
    """Return the key of the data set chosen."""
    chosen = widget_value(DATA)
    return chosen if chosen in subjects() else data_sets.MNIST


def left_out() -> tuple[str, ...]:
    """Return the names of the classes left out."""
    return tuple(widget_value(LEFT_OUT) or ()) if widget_value(f"{LEFT_OUT}_on") else ()


def available() -> int | None:
    """Return how many images can be trained on, None where it is all of MNIST, of which nobody takes as many."""
    chosen = subjects()[key()]
    away = left_out()
    if key() == data_sets.MNIST and not away:
        return None
    return trainable(sum(n for n, name in zip(chosen.training, chosen.class_names, strict=True) if name not in away))


def words() -> Words:
    """Return the nouns for the data set chosen."""
    return words_of(subjects()[key()].class_names)


def share_of_same(images: int, min_equals: int, seed: int) -> float:
    """Return the share of genuine pairs that the article's pairing makes of so many training images.

    Exactly for all of MNIST; elsewhere as it is to be expected of the sizes of the classes.
    """
    if available() is None:
        return resources.share_of_same(images, min_equals, seed)
    chosen, away = subjects()[key()], left_out()
    kept = np.array([n for n, name in zip(chosen.training, chosen.class_names, strict=True) if name not in away])
    by_chance = float(np.square(kept / max(kept.sum(), 1)).sum())
    return (min_equals + (images - min_equals) * by_chance) / images


def told(run: Run) -> dict[str, str]:
    """Return the data set of a run and the classes left out of it, as cells of a table."""
    found = subjects()
    title = found[run.data].title if run.data in found else "not kept any more"
    return {"data set": title, "left out": ", ".join(run.config.left_out)}


def complaint() -> str:
    """Return why what is chosen cannot be trained on, "" if it can."""
    chosen, away = subjects()[key()], left_out()
    kept = [n for n, name in zip(chosen.training, chosen.class_names, strict=True) if name not in away]
    if len(kept) < 2 or max(kept) < 2:
        return "Leave out fewer classes: it takes two to train on, one of them with two pictures."
    return ""


def from_link() -> None:
    """Take data set and classes left out from the link by which the visitor came."""
    asked, away = take("data"), take("left_out")
    if asked:
        state().linked_data.append(asked)
        if asked not in subjects():
            note(GONE)
    set_widget_value(DATA, asked if asked in subjects() else data_sets.MNIST)
    names = [name for name in (away or "").split(BETWEEN) if name in subjects()[key()].class_names]
    take_over(key(), tuple(names))


def take_over(data: str, away: tuple[str, ...]) -> None:
    """Choose a data set and classes left out."""
    names = subjects()[data].class_names if data in subjects() else ()
    if names:
        set_widget_value(DATA, data)
        set_widget_value(LEFT_OUT, [name for name in away if name in names])
        set_widget_value(f"{LEFT_OUT}_on", bool(away))


def choose() -> None:
    """Draw the choice of a data set, and of classes left out; `controls` sees to the settings that follow from it."""
    found = subjects()
    if widget_value(DATA) not in found:
        set_widget_value(DATA, data_sets.MNIST)
    names = found[key()].class_names
    learn = LEARN.format(*(("4", "9") if {"4", "9"} <= set(names) else names[-2:]))
    away = [name for name in widget_value(LEFT_OUT) or [] if name in names]
    if away != widget_value(LEFT_OUT):
        set_widget_value(LEFT_OUT, away)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox(
            "Data set", list(found), format_func=lambda each: found[each].title, key=DATA, persist_state="session",
            width=WIDTH, on_change=_forget_classes,
        )  # fmt: skip
        on = st.toggle("Leave classes out", key=f"{LEFT_OUT}_on", persist_state="session", help=learn)
        if on:
            st.multiselect(
                "Classes left out", names, key=LEFT_OUT, persist_state="session", width=NAMES,
                placeholder="choose some",
            )  # fmt: skip
    if on:
        st.caption(learn)
    if said := complaint():
        st.warning(said, icon=":material/info:")
    link = {} if key() == data_sets.MNIST else {"data": key()}
    set_link(link | ({"left_out": BETWEEN.join(left_out())} if left_out() else {}), PARAMETERS)


def _forget_classes() -> None:
    set_widget_value(LEFT_OUT, [])
