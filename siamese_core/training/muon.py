"""The Muon optimizer for convolutions: each step changes all directions of a kernel equally.

Source: Jordan, Jin, Boza and others, "Muon: An optimizer for hidden layers in neural networks", 2024; step length and
weight decay as in Liu, Su and others, "Muon is Scalable for LLM Training", 2025.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

STEP = 2.0  # root mean square of a kernel's change in a step, in units of the learning rate
DECAY = 1.0  # share of a kernel that decays in a step, in units of the learning rate


class KernelMuon(keras.optimizers.Muon):
    """Keras's Muon, which handles only matrices, extended to kernels of convolutions: one column for each filter.

    Variables of one dimension, such as biases and those of normalisations, are left to Adam.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change a variable by one step along its gradient."""
        if len(variable.shape) < 2:
            super().update_step(gradient, variable, learning_rate)
            return
        momentum = self.momentums[self._get_variable_index(variable)]
        self.assign_add(momentum, (1 - self.momentum) * (gradient - momentum))
        ahead = (1 - self.momentum) * gradient + self.momentum * momentum  # Nesterov momentum
        rows, columns = int(np.prod(variable.shape[:-1])), variable.shape[-1]
        direction = self.zeropower_via_newtonschulz5(ops.reshape(ahead, (rows, columns)), self.ns_steps)
        step = STEP * max(rows, columns) ** 0.5 * ops.reshape(direction, variable.shape)
        self.assign_sub(variable, learning_rate * (step + DECAY * variable))
