"""A run on the Train page: its status, its curves and its map, updated while it is active."""

import numpy as np
import streamlit as st

from siamese_core.config import TrainingConfig
from siamese_core.datasets.mnist import MNIST
from siamese_core.jobs import data_sets, estimate, records
from siamese_core.jobs.records import Mapped
from siamese_core.jobs.run_folder import Run
from siamese_core.networks.card import ModelError, read_card
from siamese_core.training.monitor import Frame, Point
from ui.shared import resources, terms
from ui.shared.chart import show_chart
from ui.shared.run_name import run_name
from ui.shared.terms import explained
from ui.shared.told import told
from ui.shared.words import Words, listed, words_of
from ui.train import charts, subject
from ui.train.controls import chosen_config
from ui.train.duration import duration
from ui.train.replay import replay

POLL = 0.4  # seconds between two updates of an active run
ENDINGS = {"done": "Done", "stopped": "Stopped", "failed": "Failed", "interrupted": "Interrupted"}


def show_run(run: Run, under_way: Run | None, others: list[Run]) -> None:
    """Draw a run, and update it while it or the visitor's run under way is active."""
    watched = [each.id for each in (run, under_way) if each and each.active]
    update = st.fragment(_update, run_every=POLL if watched else None)
    update(run.id, watched, [other.id for other in others])


def _update(run_id: str, watched: list[str], other_ids: list[str]) -> None:
    """Draw the run as it is now; once a watched run has ended, rerun the whole page."""
    jobs = resources.jobs()
    run = jobs.find(run_id)
    if run is None:
        st.info("This run has been deleted.", icon=":material/history:")
        return
    points, frames = records.read_points(run.folder), records.read_frames(run.folder)
    _status(run, points)
    frames = _with_final_threshold(frames, run)
    frame = _chosen_frame(frames, run)
    others = {run_name(o): records.read_points(o.folder) for i in other_ids if (o := jobs.find(i))}
    mapped = _mapped(run)
    _charts(run.config, points, frame, others, mapped)
    if mapped:
        replay(run, frames, mapped)
    if any(not (found := jobs.find(each)) or not found.active for each in watched):
        st.rerun()


def show_no_run() -> None:
    """Draw the charts empty, so that they keep their places, and the browser has loaded Plotly, when a run begins."""
    with st.container(key="run_status"):
        st.markdown("No run yet: **Train** starts one with the settings above.")
    st.progress(0.0)
    _charts(chosen_config(), [], None, {}, _mnist() if subject.key() == data_sets.MNIST else None)


def _mnist() -> Mapped:
    """Return what is on the map of a training on MNIST."""
    return Mapped(MNIST, resources.map_labels(), resources.test_digits().class_names)


def _mapped(run: Run) -> Mapped | None:
    """Return what is on the map of a run, None if it is not known yet."""
    return records.read_mapped(run.folder) or (_mnist() if run.data == data_sets.MNIST else None)


def _charts(
    config: TrainingConfig,
    points: list[Point],
    frame: Frame | None,
    others: dict[str, list[Point]],
    mapped: Mapped | None,
) -> None:
    left, right = st.columns(2, gap="medium")
    words = words_of(mapped.class_names) if mapped else subject.words()
    of_mnist = mapped is not None and mapped.data_set == MNIST
    with left:
        n = f"{mapped.labels.size:,} " if mapped else ""
        never = "" if mapped and mapped.trained else ", never trained on"
        st.markdown(f"**The map** of {n}validation {words.many}{never}")
        labels, names = (mapped.labels, mapped.class_names) if mapped else (np.zeros(0, int), ())
        fits = frame is not None and len(frame.xy) == len(labels)
        figure = charts.space(frame if fits else None, labels, names, config.left_out)
        show_chart(figure, "space", f"A map of validation {words.many}, coloured by their class")
        st.caption(_about_map(config, words))
        if config.left_out:
            st.caption(f"Crosses: {listed(config.left_out)}, which the network is never shown in training.")
    with right:
        st.markdown("**The curves**")
        figure = charts.curves(points, config.epochs, others, article=of_mnist)
        show_chart(figure, "curves", "Losses and pair accuracies over the epochs")
        st.caption(
            "Validation: the article's 2,000 digits, never trained on. Both losses count pairs in the same way. The "
            "threshold is fitted to 500 of these digits, and judged on pairs of the others."
            if of_mnist and not config.left_out
            else f"Validation: {words.many} of the classes trained on, but never trained on themselves where there are "
            "enough. Both losses count pairs in the same way."
        )
    if frame:
        st.markdown(
            f"**The distances** between these {words.many}, in pairs of the same and of different {words.kinds}"
        )
        alt = f"How the distances of pairs of the same and of different {words.kinds} spread, and the threshold"
        show_chart(charts.distances(frame, words), "spread", alt)


def _status(run: Run, points: list[Point]) -> None:
    """Draw the run's status in one line and its progress as a bar, always of one height, so that nothing jumps."""
    point = points[-1] if points else None
    with st.container(key="run_status"):
        st.markdown(_sentence(run, point))
    share = point.step / point.steps if point else 0.0
    st.progress(1.0 if run.status.state == "done" else min(share, 1.0))


def _sentence(run: Run, point: Point | None) -> str:
    state = run.status.state
    if state == "waiting":
        return _waiting(run)
    if state == "running":
        return _running(run, point)
    sentence = f"**{ENDINGS[state]}.** {told(run.status.sentence)}".rstrip()
    if point and point.step:
        sentence += f" It took {point.seconds:.1f} s for {point.epoch:.3g} of {run.config.epochs} epochs."
    return sentence


def _waiting(run: Run) -> str:
    jobs = resources.jobs()
    before, seconds = jobs.place(run.id), jobs.seconds_before(run.id)
    words = f"**Waiting**: {before} training{'s' if before != 1 else ''} before yours"
    return f"{words}, about {duration(seconds)} until it begins." if seconds else f"{words}."


def _running(run: Run, point: Point | None) -> str:
    if run.asked_to_stop:
        return "**Running**: stopping; what has been learned is kept and measured."
    if point is None:
        if not resources.jobs().worker.warm():
            return "**Running**: the training process is starting, which takes a few seconds the first time."
        return "**Running**: making the network and its first map."
    if point.step == point.steps:
        return "**Running**: measuring on the test images."
    if not point.step:
        return "**Running**: the charts show the untrained network."
    left = duration(estimate.left(point, resources.limits().seconds))
    epoch = min(int(point.epoch) + 1, run.config.epochs)
    return (
        f"**Running**: epoch {epoch} of {run.config.epochs}, step {point.step:,} of {point.steps:,}, "
        f"{point.pairs_per_second:,.0f} pairs per second, about {left} left."
    )


def _with_final_threshold(frames: list[Frame], run: Run) -> list[Frame]:
    """Give the last frame of a finished network the threshold that the network ended with, the one on its card."""
    if not frames or run.active or run.model_folder is None:
        return frames
    try:
        return [*frames[:-1], frames[-1]._replace(threshold=read_card(run.model_folder)["threshold"])]
    except ModelError:
        return frames


def _chosen_frame(frames: list[Frame], run: Run) -> Frame | None:
    """Return the latest frame; for a run that has ended, the one chosen with the slider."""
    if run.active or len(frames) < 2:
        return frames[-1] if frames else None
    epochs = [frame.epoch for frame in frames]
    last = len(frames) - 1
    chosen = st.select_slider(
        "Back through the training",
        range(len(frames)),
        value=last,
        format_func=lambda i: "untrained" if i == 0 else f"epoch {epochs[i]:.3g}",
        key=f"frame_{run.id}",
    )
    return frames[chosen]


def _about_map(config: TrainingConfig, words: Words) -> str:
    more = explained(terms.TRAINING, "What is this map?")
    if config.embedding_size == 2:
        return f"The embeddings themselves, as they have two dimensions. {more}"
    return (
        f"The two directions in which the {config.embedding_size} dimensions spread most (PCA). Each map is turned so "
        f"that the {words.many} lie as near as they can to where they lay on the one before. {more}"
    )
