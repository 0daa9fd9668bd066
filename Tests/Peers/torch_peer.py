"""The losses in PyTorch: torch.nn.functional wherever it has one."""

import math

import numpy as np
import torch
import torch._dynamo
import torch.nn.functional as F

from task import padded


def _softmax_arguments(x, y, config):
    """PyTorch's classes are on axis 1; on the last axis they are as good as rows of a matrix."""
    if config["axis"] in (-1, x.ndim - 1):
        return x.reshape(-1, x.shape[-1]), y.reshape(-1) if y.ndim < x.ndim else y.reshape(-1, x.shape[-1])
    return x.movedim(config["axis"], 1), y if y.ndim < x.ndim else y.movedim(config["axis"], 1)


def _categorical(x, y, config, reduction):
    losses = F.cross_entropy(
        *_softmax_arguments(x, y, config), label_smoothing=config.get("label_smoothing", 0), reduction=reduction
    )
    return losses if reduction == "mean" or x.ndim == 2 else losses.reshape(y.shape[: x.ndim - 1])


def _reduced(losses, reduction):
    return losses.mean() if reduction == "mean" else losses


def _binary(x, y, config, reduction):
    if config["from_logits"]:
        return F.binary_cross_entropy_with_logits(x, y, reduction=reduction)
    return F.binary_cross_entropy(x.clamp(1e-7, 1 - 1e-7), y, reduction=reduction)


def _binary_focal(x, y, config, reduction):
    """As torchvision.ops.sigmoid_focal_loss has it, which is not part of PyTorch."""
    p = x.sigmoid() if config["from_logits"] else x
    missed = p + y - 2 * p * y
    losses = missed ** config["gamma"] * _binary(x, y, config, "none")
    if config["apply_class_balancing"]:
        losses = losses * (y * config["alpha"] + (1 - y) * (1 - config["alpha"]))
    return _reduced(losses, reduction)


def _categorical_focal(x, y, config, reduction):
    axis = config["axis"]
    logarithms = x.log_softmax(axis) if config["from_logits"] else (x / x.sum(axis, True)).log()
    logarithms = logarithms.clamp(math.log(1e-7), math.log1p(-1e-7))
    factor = -config["alpha"] * (1 - logarithms.exp()) ** config["gamma"]
    return _reduced((factor * y * logarithms).sum(axis), reduction)


def _generalized(x, y, config, reduction):
    q = config["q"]
    return _reduced((1 - x.gather(-1, y.unsqueeze(-1)).squeeze(-1) ** q) / q, reduction)


def _dice(x, y, config, reduction):
    axes = config["axis"]
    return _reduced(1 - 2 * (x * y).sum(axes) / (y.sum(axes) + x.sum(axes) + 1e-7), reduction)


def _tversky(x, y, config, reduction):
    axes = config["axis"]
    both, missed, extra = (x * y).sum(axes), (y * (1 - x)).sum(axes), (x * (1 - y)).sum(axes)
    return _reduced(1 - both / (both + config["alpha"] * missed + config["beta"] * extra + 1e-7), reduction)


def _log_cosh(x, y, config, reduction):
    d = x - y
    return _reduced(d + F.softplus(-2 * d) - math.log(2), reduction)


def _kl(x, y, config, reduction):
    p, q = x.clamp(1e-7, 1), y.clamp(1e-7, 1)
    return _reduced(F.kl_div(p.log(), q, reduction="none").sum(-1), reduction)


def _logarithmic(x, y, config, reduction):
    return F.mse_loss(x.clamp(min=1e-7).log1p(), y.clamp(min=1e-7).log1p(), reduction=reduction)


def _ctc(x, y, config, reduction):
    lengths = torch.full((x.shape[0],), x.shape[1], dtype=torch.long)
    losses = F.ctc_loss(
        x.log_softmax(-1).transpose(0, 1), y, lengths, (y != 0).sum(-1), blank=0, reduction="none"
    )
    return _reduced(losses, reduction)


LOSSES = {
    "categorical_crossentropy": _categorical,
    "sparse_categorical_crossentropy": _categorical,
    "binary_crossentropy": _binary,
    "binary_focal_crossentropy": _binary_focal,
    "categorical_focal_crossentropy": _categorical_focal,
    "categorical_generalized_cross_entropy": _generalized,
    "dice": _dice,
    "tversky": _tversky,
    "mean_squared_error": lambda x, y, c, r: F.mse_loss(x, y, reduction=r),
    "mean_absolute_error": lambda x, y, c, r: F.l1_loss(x, y, reduction=r),
    "mean_absolute_percentage_error": lambda x, y, c, r: _reduced(
        100 * ((y - x) / y.abs().clamp(min=1e-7)).abs(), r),
    "mean_squared_logarithmic_error": _logarithmic,
    "huber": lambda x, y, c, r: F.huber_loss(x, y, reduction=r, delta=c.get("delta", 1)),
    "log_cosh": _log_cosh,
    "poisson": lambda x, y, c, r: F.poisson_nll_loss(x, y, log_input=False, eps=1e-7, reduction=r),
    "kl_divergence": _kl,
    "hinge": lambda x, y, c, r: _reduced((1 - y * x).clamp(min=0), r),
    "squared_hinge": lambda x, y, c, r: _reduced((1 - y * x).clamp(min=0).square(), r),
    "categorical_hinge": lambda x, y, c, r: _reduced(
        (1 + ((1 - y) * x).amax(-1) - (y * x).sum(-1)).clamp(min=0), r),
    "cosine_similarity": lambda x, y, c, r: _reduced(-F.cosine_similarity(x, y, dim=c.get("axis", -1)), r),
    "ctc": _ctc,
}


class Peer:
    version = torch.__version__

    def __init__(self, threads):
        torch.set_num_threads(threads)
        self.threads = threads

    def _tensors(self, task):
        labels = task.labels.astype(np.int64) if task.labels.dtype.kind == "i" else task.labels
        arrays = (task.predictions, labels, task.weights)
        return [None if array is None else torch.from_numpy(np.array(array)) for array in arrays]

    def losses(self, task):
        """One loss per sample, as NumPy's array."""
        x, y, _ = self._tensors(task)
        with torch.no_grad():
            return LOSSES[task.loss](x, y, task.config, "none").numpy()

    def forms(self, task):
        """The ways to the mean, and to the mean and its gradient; each call takes nothing and returns numbers."""
        function = LOSSES[task.loss]
        x, y, w = self._tensors(task)
        watched = x.clone().requires_grad_()

        def mean(x, y, w):
            if w is None:
                return function(x, y, task.config, "mean")
            losses = function(x, y, task.config, "none")
            return (w.reshape(padded(w.shape, losses.ndim)) * losses).mean()

        compiled = torch.compile(mean, dynamic=False)

        def value(mean):
            def call():
                with torch.no_grad():
                    return mean(x, y, w), None
            return call

        def gradient(mean):
            def call():
                result = mean(watched, y, w)
                return result.detach(), torch.autograd.grad(result, watched)[0]
            return call

        return {
            name: {"eager": make(mean), "torch.compile": make(compiled)}
            for name, make in (("value", value), ("value+gradient", gradient))
        }

    def drop(self):
        torch._dynamo.reset()
