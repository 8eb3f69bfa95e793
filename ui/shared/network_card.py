"""A network's card on a page."""

from typing import Any

import numpy as np
import streamlit as st

from siamese_core.networks.card import ModelError, class_names, data_set, is_of_mnist, look_of, side_of
from ui.shared import resources, terms
from ui.shared.table import show_table
from ui.shared.terms import explained
from ui.shared.told import told
from ui.shared.words import listed, words_of

ROWS = (
    ("pairs", "Pairs of test {}, all of them", "{:,}"),
    ("threshold", "Threshold, fitted on validation pairs", "{:.3f}"),
    ("balanced_accuracy", "Balanced accuracy at this threshold", "{:.2%}"),
    ("far", "FAR, accepted impostors / impostors", "{:.2%}"),
    ("frr", "FRR, rejected genuines / genuines", "{:.2%}"),
    ("eer", "EER, where the two meet", "{:.2%}"),
    ("auc", "Area under the ROC curve", "{:.5f}"),
    ("one_nn", "1-NN accuracy among the test {}", "{:.2%}"),
)


PURPOSE = (
    "It decides whether two handwritten digits, each alone on a plain background, are the same digit. It is made for "
    "nothing else: not for letters, not for numbers of several digits, and not to tell one person's writing from "
    "another's."
)
ANYTHING = (
    "It decides whether two drawings, each alone on a plain background, show the same: digits, letters, symbols that "
    "it has never seen. Where both are digits, the network for digits errs less. It is not made to tell one person's "
    "writing from another's."
)
ONE_SHOT = "Lake's test: the right one of 20 symbols never seen, from one example each (people: 95.5%)"
STOOD_IN = (
    "Its data set has too few pictures for all parts: some of these figures are of pictures that it was trained "
    "on, and "
    "promise too much."
)
WORST = 3  # pairs of digits named, those most often confused


def show_card(name: str) -> None:
    """Draw the card of a network, given its name in the picker, or a warning if it cannot be read."""
    try:
        _table(resources.read_card(name, resources.model_version(name)))
    except ModelError as error:
        st.warning(f"The network “{name}” has no card that can be read: {told(error)}.")
    except (KeyError, TypeError, ValueError, AttributeError):
        st.warning(f"The card of the network “{name}” is incomplete; train it again.")


def _table(card: dict[str, Any]) -> None:
    """Draw the network's recipe and its figures on the test digits."""
    config = card["config"]
    st.markdown(
        f"Recipe **{card['recipe']}**: {_encoder(card)}, {config['epochs']} epochs over "
        f"{config['training_images']:,} images, {_loss(config)}, seed {config['seed']}. {card['data']}."
    )
    st.markdown(ANYTHING if "symbols" in card else PURPOSE if is_of_mnist(card) else _purpose(card))
    if "parts" in card:
        _parts(card)
    if "stood_in" in card:
        st.warning(STOOD_IN, icon=":material/info:")
    rows = _rows(card)
    show_table({"Figure": list(rows), "Value": list(rows.values())})
    st.caption(f"What FAR, FRR and the threshold are: {explained(terms.LIMIT)}.")
    if "test_accepted_by_class" in card:
        _by_digit(card)
    if "test_by_stroke_width" in card:
        _by_width(card)


def _purpose(card: dict[str, Any]) -> str:
    """Say what a network of another data set is made for."""
    names = class_names(card)
    return (
        f"It decides whether two pictures are of the same class of **{data_set(card)}**, which has {len(names)}: "
        f"{listed(names, 12)}. It sees "
        f"{'the ink on them' if look_of(card) == 'ink' else 'them as they are, in greys'}, "
        f"in {side_of(card)} × {side_of(card)} pixels, and is made for nothing else."
    )


def _parts(card: dict[str, Any]) -> None:
    """Draw the figures of the classes trained on beside those of the classes left out."""
    st.markdown(f"**It was not trained on {listed(card['parts']['unseen']['classes'], 12)}**")
    show_table(parts_table(card))


def parts_table(card: dict[str, Any]) -> list[dict[str, str]]:
    """Return the figures on test pairs of the classes trained on, and on those of the classes left out, as rows."""
    titles = {"seen": "trained on", "unseen": "never seen"}
    rows = []
    for which, title in titles.items():
        part = card["parts"][which]
        figures = {
            label: "{rate:.2%} ({low:.2%} to {high:.2%})".format(**part[key]) if key in part else "cannot be measured"
            for key, label in (("accuracy", "Right on test pairs"), ("eer", "EER"))
        }
        rows.append({"Classes": f"{title}: {listed(part['classes'], 12)}", **figures})
    return rows


def _by_digit(card: dict[str, Any]) -> None:
    """Draw the FRR of each digit, and name the digits most often taken for each other."""
    of = {data_set(card): np.array(card["test_accepted_by_class"])}
    if "pen_digits" in card:
        of["Pen digits"] = np.array(card["pen_digits"]["accepted_by_class"])
    kind = words_of(class_names(card)).kind
    st.markdown(f"**FRR by {kind}: the share of pairs of the same {kind} that are rejected**")
    names = class_names(card)
    places = range(len(names))
    rates = {name: [f"{rate:.1%}" for rate in 1 - np.diag(accepted)] for name, accepted in of.items()}
    show_table({kind.capitalize(): names, **rates})
    for name, accepted in of.items():
        pairs = sorted(((accepted[a, b], a, b) for a in places for b in places if a < b), reverse=True)[:WORST]
        mistaken = ", ".join(f"{names[a]} and {names[b]} ({share:.1%} of such pairs)" for share, a, b in pairs)
        st.markdown(f"Most often taken for the same on {name if name == data_set(card) else name.lower()}: {mistaken}.")
    if "pen_digits" in card:
        pens = card["pen_digits"]
        st.caption(
            f"{pens['digits']:,} pen digits, drawn on the canvas by their strokes. Source: {pens['source']}. "
            "They helped to choose the recipe, but the network was not trained on them."
        )


def _by_width(card: dict[str, Any]) -> None:
    """Draw the figures by stroke width."""
    st.markdown("**By stroke width**")
    rows = [
        {
            "Images": f"{data_set(card)}, {third['from']:.1f} to {third['to']:.1f} pixels of {side_of(card)}",
            **_errors(third),
        }
        for third in card["test_by_stroke_width"]
    ]
    pens = card.get("pen_digits", {}).get("by_pen_width", {})
    rows += [
        {"Images": f"Pen digits, pen of {width} px on the canvas", **_errors(each)} for width, each in pens.items()
    ]
    show_table(rows)


def _errors(figures: dict[str, float]) -> dict[str, str]:
    return {name.upper(): f"{figures[name]:.2%}" for name in ("eer", "far", "frr")}


def _encoder(card: dict[str, Any]) -> str:
    """Describe the encoder; older cards do not mention columns."""
    config = card["config"]
    columns, normalized = config.get("columns", 1), config.get("normalized", 0)
    name = f"encoder `{config['encoder']}`" + (f" in {columns} columns" if columns > 1 else "")
    if normalized:
        of = "which sees" if columns == 1 else f"{normalized} of which see"
        name += f", {of} the images set upright and scaled to one width"
    return f"{name}, embeddings of {config['embedding_size']} numbers"


def _loss(config: dict[str, Any]) -> str:
    """Name the loss; older cards do not mention it."""
    if config.get("loss", "contrastive") == "contrastive":
        return f"contrastive loss with margin {config['margin']:g}"
    return "supervised contrastive loss"


def _rows(card: dict[str, Any]) -> dict[str, str]:
    """Return the figures by name: on all test pairs, or on the frozen pairs for a network trained live."""
    words = words_of(class_names(card))
    many = words.many
    if "test" in card:
        one_shot = card.get("one_shot")
        lake = {ONE_SHOT: "{share:.1%} ({low:.1%} to {high:.1%})".format(**one_shot)} if one_shot else {}
        return lake | {label.format(many): form.format(card["test"][key]) for key, label, form in ROWS}
    frozen = card["frozen"]
    spread = {key: "{rate:.2%} ({low:.2%} to {high:.2%})".format(**frozen[key]) for key in ("accuracy", "eer")}
    return {
        f"Pairs of test {many}, half of them {words.same}": f"{frozen['pairs']:,}",
        "Threshold, fitted on validation pairs": f"{card['threshold']:.3f}",
        "Accuracy at this threshold, with 95 % confidence interval": spread["accuracy"],
        "EER, where FAR and FRR meet": spread["eer"],
    }
