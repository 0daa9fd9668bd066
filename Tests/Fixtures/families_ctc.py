"""Records ctc_random.json: random inputs of Keras's CTC, with values and gradients from PyTorch in float64.

Keras computes CTC in float32 (TensorFlow knows no other), so the numbers are those of torch.nn.functional.ctc_loss
with Keras's convention of labels: 0 is padding and blank, and a label is as long as it has other classes. Each case is
compared with Keras to 2e-5, and a few with the plain recursion.

Where a label has a blank inside, the gradients of PyTorch and of TensorFlow are not the derivatives of their own
values, as finite differences show: there the gradient is that of the recursion.
"""

import families_data as data
import frameworks
import numpy as np
import torch
from families import FamilyCase
from families_data import pick
from families_losses import Family
from frameworks import tf

CASES = 204
VERSIONS = {**frameworks.VERSIONS, "torch": torch.__version__.split("+")[0]}


def lengths(y):
    return (y != 0).sum(-1)


def has_blank_inside(y):
    return any((label[:length] == 0).any() for label, length in zip(y, lengths(y)))


def pytorch(y, logits):
    """Losses and the gradient of their sum."""
    x = torch.tensor(logits, requires_grad=True)
    losses = torch.nn.functional.ctc_loss(
        torch.log_softmax(x, -1).transpose(0, 1), torch.tensor(y), torch.full((len(y),), x.shape[1]),
        torch.tensor(lengths(y)), blank=0, reduction="none",
    )
    losses.sum().backward()
    return losses.detach().numpy(), x.grad.numpy()


def recursion(y, logits):
    """The same from the definition: the probability of every path, summed step by step and differentiated."""
    x = torch.tensor(logits, requires_grad=True)
    log_p = torch.log_softmax(x, -1)
    losses = []
    for sample, label, length in zip(log_p, y, lengths(y)):
        # Blanks between and around the classes.
        states = [0] + [state for c in label[:length] for state in (int(c), 0)]
        before = [sample[0, c] if s < 2 else torch.tensor(-np.inf, dtype=x.dtype) for s, c in enumerate(states)]
        for step in sample[1:]:
            now = []
            for s, c in enumerate(states):
                ways = before[max(0, s - 1) : s + 1]
                if s > 1 and c != 0 and c != states[s - 2]:
                    ways = [before[s - 2], *ways]
                ways = [way for way in ways if way.isfinite()]
                now.append(torch.logsumexp(torch.stack(ways), 0) + step[c] if ways else before[s])
            before = now
        losses.append(-torch.logsumexp(torch.stack([way for way in before[-2:] if way.isfinite()]), 0))
    losses = torch.stack(losses)
    losses.sum().backward()
    return losses.detach().numpy(), x.grad.numpy()


def needed(label):
    """How many steps a label needs: one for each class, and a blank between equal ones."""
    label = label[: (label != 0).sum()]
    return len(label) + (label[1:] == label[:-1]).sum()


class CTC(Family):
    ranks = (3,)
    adjusts_ranks = False
    keras_tolerance = 2e-5

    def __init__(self):
        super().__init__("CTC")

    def axis(self, configuration):
        return (-2, -1)

    def draw(self, random, shape, configuration, half):
        dtype = data.draw_dtype(random, ("int32", "int64", "uint8"))
        batch, classes = int(random.integers(1, 4)), int(random.integers(2, 6))
        width = int(random.integers(1, 6))
        y = random.integers(1, classes, (batch, width)).astype(np.float64)
        # Repeated classes, short labels and empty ones.
        y[random.random(y.shape) < 0.3] = 1
        y = np.where(np.arange(width) < random.integers(0, width + 1, (batch, 1)), y, 0)
        if random.random() < 0.1 and width > 1:
            # A 0 that is not at the end shortens the label by one, and stands for a blank in it.
            y[:, 0] = 0
        slack = pick(random, (0, 1, 3, 8, 40))
        steps = max(1, int(max(needed(label) for label in y)) + slack)
        if slack == 40:
            batch, classes, y = 1, 2 + classes % 2, np.minimum(y[:1], 1 + classes % 2)
        # Twos would need more steps than there are.
        steps = max(steps, int(max(needed(label) for label in y)))
        return y, dtype, data.snap(random.normal(0, 2, (batch, steps, classes)), half)

    def losses(self, y, p, configuration):
        y = y.numpy().astype(np.int64)

        @tf.custom_gradient
        def ctc(p):
            losses, gradient = pytorch(y, p.numpy())
            if has_blank_inside(y):
                gradient = recursion(y, p.numpy())[1]
            return tf.constant(losses), lambda upstream: upstream[:, None, None] * gradient

        return ctc(p)

    def keras_gradient_is_right(self, y, configuration):
        return not has_blank_inside(y)

    def terms(self, y, p):
        """Every step adds a logarithm, and every derivative is a difference of two probabilities."""
        share = np.exp(p - p.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        largest = -np.log(share).min(-1)
        return largest.sum(-1), 2 * share + np.abs(pytorch(y.astype(np.int64), p)[1])


def check(case):
    """PyTorch against the definition, and the definition's derivative against finite differences."""
    y, p = case.y.astype(np.int64), case.p
    if has_blank_inside(y):
        (value, gradient), step = recursion(y, p), 1e-6
        np.testing.assert_allclose(pytorch(y, p)[0], value, rtol=1e-11, err_msg=case.title)
        for index in np.ndindex(p.shape):
            shift = np.zeros(p.shape)
            shift[index] = step
            difference = (pytorch(y, p + shift)[0] - pytorch(y, p - shift)[0]).sum() / (2 * step)
            np.testing.assert_allclose(gradient[index], difference, atol=1e-7, err_msg=case.title)
    elif case.index % 10 == 0:
        for found, expected in zip(pytorch(y, p), recursion(y, p)):
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12, err_msg=case.title)


def record():
    with frameworks.quiet():
        cases = [FamilyCase(CTC(), index, (1_000, index)) for index in range(CASES)]
        for case in cases:
            check(case)
        return [case.record() for case in cases]
