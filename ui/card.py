"""A model's card as a page shows it."""

from typing import Any

import streamlit as st

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


def card_table(card: dict[str, Any]) -> None:
    """Draw what the card tells of the model: its recipe and its figures on MNIST's test digits."""
    config = card["config"]
    st.markdown(
        f"Recipe **{card['recipe']}**: encoder `{config['encoder']}`, embeddings of {config['embedding_size']} numbers,"
        f" {config['epochs']} epochs over {config['training_images']:,} images, margin {config['margin']:g}, "
        f"seed {config['seed']}. {card['data']}."
    )
    test = card["test"]
    st.table({"Figure": [label for _, label, _ in ROWS], "Value": [form.format(test[key]) for key, _, form in ROWS]})
