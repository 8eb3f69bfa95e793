"""Random changes to images in training, as TensorFlow operations: turn, shear, zoom, shift, tilt, stroke thickness.

Every draw comes from a stateless seed, so that a run can be repeated.
"""

from typing import Any

import tensorflow as tf

from siamese_core.config import IMAGE_SIZE

TURN = 0.26  # radians, about 15 degrees either way
SHEAR = 0.3
ZOOM = 0.16
STRETCH = 0.15  # further change of the width alone
SHIFT = 2.0  # pixels either way, of 28
PERSPECTIVE = 0.008  # of 28 pixels: change of the scale from one pixel to the next
THICKEN = 0.35  # share of images whose strokes are made thicker; as many are made thinner


def augment(images: Any, seed: Any) -> Any:
    """Return changed copies of the images, (n, side, side) in [0, 1]; seed: (2,) int32."""
    seeds = tf.random.split(seed, 3)
    side = images.shape[1]
    images = _vary_thickness(images[..., None], seeds[0])  # (n, side, side, 1)
    transforms = _projective(tf.shape(images)[0], seeds[1], side)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=transforms,
        output_shape=[side, side],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    return moved[..., 0]


def _projective(n: Any, seed: Any, side: int) -> Any:
    """Draw n inverse projective transforms about the centre, as the numbers of ImageProjectiveTransform: (n, 8)."""
    draws = tf.random.stateless_uniform([8, n], seed, -1.0, 1.0)
    turn, shear = TURN * draws[0], SHEAR * draws[1]
    height = tf.exp(ZOOM * draws[2])
    width = height * tf.exp(STRETCH * draws[3])
    cos, sin = tf.cos(turn), tf.sin(turn)
    a, b = cos * width, (shear * cos - sin) * height
    c, d = sin * width, (shear * sin + cos) * height
    centre, scale = (side - 1) / 2, side / IMAGE_SIZE
    x, y = centre + SHIFT * scale * draws[4], centre + SHIFT * scale * draws[5]  # the source of the centre
    p, q = PERSPECTIVE / scale * draws[6], PERSPECTIVE / scale * draws[7]
    rest = 1 - (p + q) * centre  # the divisor is rest + p x + q y, 1 at the centre
    columns = (
        a + x * p,
        b + x * q,
        x * rest - (a + b) * centre,
        c + y * p,
        d + y * q,
        y * rest - (c + d) * centre,
        p,
        q,
    )
    return tf.stack(columns, axis=1) / rest[:, None]


def _vary_thickness(images: Any, seed: Any) -> Any:
    """Blend some images with their 2 x 2 maximum (thicker) or 2 x 2 minimum (thinner), by a random amount."""
    draws = tf.random.stateless_uniform([2, tf.shape(images)[0], 1, 1, 1], seed)
    thick = tf.nn.max_pool2d(images, 2, 1, "SAME")
    thin = -tf.nn.max_pool2d(-images, 2, 1, "SAME")
    target = tf.where(draws[0] < THICKEN, thick, tf.where(draws[0] > 1 - THICKEN, thin, images))
    return images + draws[1] * (target - images)
