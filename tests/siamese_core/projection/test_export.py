"""The files for the Embedding Projector."""

import io

import numpy as np

from siamese_core.projection.export import metadata_tsv, vectors_tsv


def test_vectors_come_back_bit_for_bit() -> None:
    embeddings = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    back = np.loadtxt(io.BytesIO(vectors_tsv(embeddings)), delimiter="\t", dtype=np.float32)
    np.testing.assert_array_equal(back, embeddings)


def test_metadata_has_a_line_for_each_digit_under_its_names() -> None:
    text = metadata_tsv(np.array([7, 2]), np.array([0, 41]), "test", np.array([False, True])).decode()
    assert text == "label\tindex\tsplit\tdoubtful\n7\t0\ttest\tno\n2\t41\ttest\tyes\n"
