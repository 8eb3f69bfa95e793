"""What a deployment allows follows its settings, and settings that are none are refused with one sentence."""

import pytest

from siamese_core.jobs.limits import Limits, limits_from


def test_limits_follow_the_settings_of_a_deployment() -> None:
    assert limits_from({}) == Limits()
    changed = limits_from({"SIAMESE_LAB_EPOCHS": "5", "SIAMESE_LAB_DISK_MB": 70, "PATH": "/bin"})
    assert changed == Limits(epochs=5, disk_mb=70)


@pytest.mark.parametrize("value", ["", "0", "-1", "many", "1.5", "²"])
def test_limits_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="expected SIAMESE_LAB_QUEUE to be a positive whole number"):
        limits_from({"SIAMESE_LAB_QUEUE": value})


def test_a_deployment_cannot_allow_fewer_images_than_can_be_chosen() -> None:
    assert limits_from({"SIAMESE_LAB_TRAINING_IMAGES": 100}).training_images == 100
    with pytest.raises(ValueError, match="TRAINING_IMAGES of at least 100, got 99"):
        limits_from({"SIAMESE_LAB_TRAINING_IMAGES": 99})
