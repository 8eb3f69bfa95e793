"""Embeddings in the Embedding Projector's format: one file of vectors and one of metadata, tab-separated."""

import io

import numpy as np


def vectors_tsv(embeddings: np.ndarray) -> bytes:
    """Return embeddings (n, d) as n lines of d numbers, precise enough to restore the same float32."""
    file = io.BytesIO()
    np.savetxt(file, embeddings, fmt="%.9g", delimiter="\t")
    return file.getvalue()


def metadata_tsv(labels: np.ndarray, indices: np.ndarray, split: str, doubtful: np.ndarray) -> bytes:
    """Return one line for each image, in the same order, below a header line.

    labels, indices: (n,), the class, or its name, and the position in the split; doubtful: (n,) bool.
    """
    lines = ["label\tindex\tsplit\tdoubtful"]
    for label, index, doubt in zip(labels, indices, doubtful, strict=True):
        lines.append(f"{label}\t{index}\t{split}\t{'yes' if doubt else 'no'}")
    return ("\n".join(lines) + "\n").encode()
