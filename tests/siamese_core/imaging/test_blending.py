"""From one image to another."""

import numpy as np
import pytest

from siamese_core.imaging.blending import blend


def test_a_blend_leads_from_the_first_image_to_the_last() -> None:
    first, last = np.zeros((2, 2), np.float32), np.full((2, 2), 0.8, np.float32)
    steps = blend(first, last, 5)
    np.testing.assert_allclose(steps[:, 0, 0], [0, 0.2, 0.4, 0.6, 0.8], atol=1e-6)
    assert steps.dtype == np.float32


def test_images_of_two_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        blend(np.zeros((2, 2)), np.zeros((3, 2)), 5)
