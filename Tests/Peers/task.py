"""What a framework is asked to compute: a loss on the arrays of a folder."""

import os

import numpy as np

HINGES = ("hinge", "squared_hinge")


def padded(shape, rank):
    """A shape with trailing sizes of 1 up to a rank: weights align with the leading axes of the losses."""
    return tuple(shape) + (1,) * (rank - len(shape))


class Task:
    """A loss, by Keras's name of its function, its parameters under Keras's names, and its arrays."""

    def __init__(self, loss, config, folder):
        self.loss = loss
        self.config = config
        self.predictions = self._array(folder, "predictions")
        self.labels = self._array(folder, "labels")
        self.weights = self._array(folder, "weights")
        if loss in HINGES and np.isin(self.labels, (0, 1)).all():
            # Keras takes labels of 0 and 1 as −1 and 1, in every call; here it is done once.
            self.labels = 2 * self.labels - 1

    @staticmethod
    def _array(folder, name):
        path = os.path.join(folder, f"{name}.npy")
        return np.load(path) if os.path.exists(path) else None
