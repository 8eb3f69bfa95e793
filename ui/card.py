"""A model's card as a page shows it."""

from typing import Any

import streamlit as st

from siamese_core.card import ModelError
from ui import resources

ROWS = (
    ("pairs", "Pairs of test digits, all of them", "{:,}"),
    ("threshold", "Threshold, fitted on validation pairs", "{:.3f}"),
    ("balanced_accuracy", "Balanced accuracy at this threshold", "{:.2%}"),
    ("far", "FAR, accepted impostors / impostors", "{:.2%}"),
    ("frr", "FRR, rejected genuines / genuines", "{:.2%}"),
    ("eer", "EER, where the two meet", "{:.2%}"),
    ("auc", "Area under the ROC curve", "{:.5f}"),
    ("one_nn", "1-NN accuracy among the test digits", "{:.2%}"),
)


def show_card(name: str) -> None:
    """Draw the card of a network by its name in the picker, or a word if it has none."""
    try:
        _table(resources.read_card(name, resources.model_version(name)))
    except (ModelError, KeyError) as error:
        st.warning(f"The network “{name}” has no card that can be read: {error}")


def _table(card: dict[str, Any]) -> None:
    """Draw what the card tells of the model: its recipe and its figures on MNIST's test digits."""
    config = card["config"]
    st.markdown(
        f"Recipe **{card['recipe']}**: encoder `{config['encoder']}`, embeddings of {config['embedding_size']} numbers,"
        f" {config['epochs']} epochs over {config['training_images']:,} images, {_loss(config)}, "
        f"seed {config['seed']}. {card['data']}."
    )
    rows = _rows(card)
    st.table({"Figure": list(rows), "Value": list(rows.values())})


def _loss(config: dict[str, Any]) -> str:
    """Say by which loss it learned; cards older than the choice say nothing of it."""
    if config.get("loss", "contrastive") == "contrastive":
        return f"contrastive loss with margin {config['margin']:g}"
    return "supervised contrastive loss"


def _rows(card: dict[str, Any]) -> dict[str, str]:
    """Return the figures by their names: of all test pairs, or for a network trained live of the frozen ones."""
    if "test" in card:
        return {label: form.format(card["test"][key]) for key, label, form in ROWS}
    frozen = card["frozen"]
    spread = {key: "{rate:.2%} ({low:.2%} to {high:.2%})".format(**frozen[key]) for key in ("accuracy", "eer")}
    return {
        "Pairs of test digits, half of them the same digit": f"{frozen['pairs']:,}",
        "Threshold, fitted on validation pairs": f"{card['threshold']:.3f}",
        "Accuracy at this threshold, with 95 % confidence interval": spread["accuracy"],
        "EER, where FAR and FRR meet": spread["eer"],
    }
