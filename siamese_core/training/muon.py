"""An optimizer for convolutions: each step of a kernel changes all its directions alike.

Source: Jordan, Jin, Boza and others, "Muon: An optimizer for hidden layers in neural networks", 2024; the length of a
step and the decay of the weights as in Liu, Su and others, "Muon is Scalable for LLM Training", 2025.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

STEP = 2.0  # root mean square of a kernel's change in a step, in units of the learning rate
DECAY = 1.0  # share that a kernel loses in a step, in units of the learning rate


class KernelMuon(keras.optimizers.Muon):
    """Keras's Muon, which knows matrices alone, for the kernels of convolutions too: one column for each filter.

    All other variables, biases and those of normalisations, are Adam's.
    """

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change a variable by one step along its gradient."""
        if len(variable.shape) < 2:
            super().update_step(gradient, variable, learning_rate)
            return
        momentum = self.momentums[self._get_variable_index(variable)]
        self.assign_add(momentum, (1 - self.momentum) * (gradient - momentum))
        ahead = (1 - self.momentum) * gradient + self.momentum * momentum  # as Nesterov's
        rows, columns = int(np.prod(variable.shape[:-1])), variable.shape[-1]
        direction = self.zeropower_via_newtonschulz5(ops.reshape(ahead, (rows, columns)), self.ns_steps)
        step = STEP * max(rows, columns) ** 0.5 * ops.reshape(direction, variable.shape)
        self.assign_sub(variable, learning_rate * (step + DECAY * variable))
