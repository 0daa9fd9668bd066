"""Records semantics.json from the inputs in semantics_cases.py."""

import numpy as np

import frameworks
import reference
import semantics_keras
import semantics_v1
from encoding import tensor
from semantics_cases import cases

RUNNERS = {
    "jit_compile": frameworks.compiled,
    "replicas 1": frameworks.replicated(1),
    "replicas 2": frameworks.replicated(2),
}


class Recorder:
    def __init__(self, case):
        self.case = case
        self.x = case.x
        if case.mode == "graph":
            # Outside the graph the loss is handed the probabilities themselves.
            self.x = frameworks.tf.nn.softmax(case.x).numpy()
        self.run = RUNNERS.get(case.mode, frameworks.eager)

    def encoded(self, value):
        return frameworks.encoded(value, self.case.dtype)

    def framework(self, call, reductions, run=None, x=None, **options):
        return frameworks.each_reduction(
            run or self.run, call, reductions, self.case.dtype, self.case.labels, self.x if x is None else x,
            weights=self.case.weights, **options
        )

    def all_frameworks(self, run=None, x=None):
        """{"v1": …, "v1_gradient": …, "keras2": …, …}; null for what has no such call."""
        case, record, gradients = self.case, {}, {}
        keras_options = dict(
            label_smoothing=case.smoothing, from_logits=case.from_logits, axis=case.axis, mask=case.mask
        )
        # TensorFlow 1's function takes logits, over the last axis, and knows no masks. On the output of a softmax it
        # is called all the same, to show that it does not look behind its input.
        has_v1 = case.mode == "graph" or (case.from_logits and case.axis == -1 and case.mask is None)
        record["v1"] = None
        if has_v1:
            record["v1"], gradients["v1_gradient"] = self.framework(
                frameworks.v1, frameworks.V1_REDUCTIONS, run, x, label_smoothing=case.smoothing
            )
        record["keras2"] = record["keras3"] = None
        # XLA compiles the library's own check away, which is what that row is about.
        if case.mode != "jit_compile":
            record["keras2"], _ = self.framework(
                frameworks.keras2, frameworks.KERAS2_REDUCTIONS, run, x, **keras_options
            )
            record["keras3"], gradients["keras3_gradient"] = self.framework(
                frameworks.keras3, frameworks.KERAS3_REDUCTIONS, run, x, **keras_options
            )
        if case.dtype in ("float16", "float64"):
            record["keras3_in_dtype"], gradients["keras3_in_dtype_gradient"] = self.framework(
                frameworks.keras3, frameworks.KERAS3_REDUCTIONS, run, x, dtype=case.dtype, **keras_options
            )
        record.update({key: value for key, value in gradients.items() if value})
        return record

    def labels_gradients(self):
        case = self.case
        for name, call, reductions, options in (
            ("v1", frameworks.v1, frameworks.V1_REDUCTIONS, {}),
            ("keras2", frameworks.keras2, frameworks.KERAS2_REDUCTIONS, {"from_logits": case.from_logits}),
            ("keras3", frameworks.keras3, frameworks.KERAS3_REDUCTIONS, {"from_logits": case.from_logits}),
        ):
            def run(*arguments, **rest):
                return frameworks.eager(*arguments, with_gradient="labels", **rest)

            _, gradients = self.framework(call, reductions, run, label_smoothing=case.smoothing, **options)
            # TensorFlow 1 stops the gradient: there is none.
            yield f"{name}_labels_gradient", gradients or None

    def truth(self):
        """The losses of unweighted logits, and the gradient of their sum, in float64; None where weights, a shape
        or a smoothing outside 0...1 are in the way."""
        case = self.case
        if case.labels is None or case.weights is not None or case.mask is not None or case.mode != "eager":
            return None
        if not case.from_logits or not 0 <= case.smoothing <= 1 or case.x.dtype.kind != "f":
            return None
        labels = case.labels
        if case.function == "softmax_cross_entropy_with_logits":
            labels = np.broadcast_to(labels, case.x.shape)
        if labels.shape != case.x.shape:
            return None
        labels = reference.smooth(labels.astype(np.float64), case.smoothing, -1)
        losses, gradient = reference.softmax_cross_entropy(labels, case.x)
        if np.isfinite(case.x).all() and case.x.size:
            expected = frameworks.unfused(labels, case.x)
            np.testing.assert_allclose(losses, expected[0], rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(gradient, expected[1], rtol=1e-12, atol=1e-15)
        return losses, gradient

    def record(self):
        case = self.case
        record = {"id": case.id, "section": case.section, "title": case.title, "function": case.function}
        if case.labels is not None:
            record["labels"] = tensor(case.labels)
        record["logits" if case.labels is not None else "losses"] = tensor(self.x)
        record["dtype"] = case.dtype
        record["weights"] = None
        if case.weights is not None:
            record["weights"] = {"none": True} if isinstance(case.weights, str) else tensor(case.weights)
        if case.labels is not None:
            record.update(label_smoothing=case.smoothing, from_logits=case.from_logits, axis=case.axis)
        if case.mask is not None:
            record["mask"] = tensor(case.mask)
        if case.mode != "eager":
            record["mode"] = case.mode
        if case.hint:
            record["not_applicable_hint"] = case.hint
        record.update(self.all_frameworks(run=frameworks.eager if case.mode == "graph" else None))
        if case.mode == "graph":
            record["softmax_of"] = tensor(case.x)
            record["graph"] = self.all_frameworks(run=frameworks.after_softmax, x=case.x)
        if case.other_losses:
            record["graph_others"] = [
                {"loss": name, "from_logits": from_logits, "framework": framework,
                 "eager": self.encoded(eager), "graph": self.encoded(graph)}
                for name, from_logits, framework, eager, graph in frameworks.other_crossentropies(case.labels, case.x)
            ]
        if case.function == "softmax_cross_entropy_with_logits":
            loss, gradient, labels_gradient = frameworks.op(case.labels, case.x)
            record["op"] = {"loss": self.encoded(loss), "gradient": self.encoded(gradient)}
            record["labels_gradient"] = self.encoded(labels_gradient)
        if case.numpy_inputs:
            record["keras2_numpy"], _ = self.framework(
                frameworks.keras2, frameworks.KERAS2_REDUCTIONS, frameworks.on_arrays,
                label_smoothing=case.smoothing, from_logits=case.from_logits,
            )
        if case.labels_gradient:
            record.update(self.labels_gradients())
        if case.axis != -1 and case.smoothing:
            # Keras 3.15.1 counts the classes of the last axis; later versions count those of `axis`.
            smoothed = reference.smooth(case.labels, case.smoothing, case.axis)
            fixed = Recorder(case)
            fixed.case = type(case)(**{**vars(case), "labels": smoothed})
            record["keras3_fixed"], _ = fixed.framework(
                frameworks.keras3, frameworks.KERAS3_REDUCTIONS, from_logits=case.from_logits, axis=case.axis
            )
        truth = self.truth()
        if truth is not None:
            record["true_losses"], record["true_gradient"] = (tensor(value, case.dtype) for value in truth)
        if case.literals:
            record["upstream"] = {
                name: dict(tensor(np.asarray(value, np.float64)), source="upstream test")
                for name, value in case.literals.items()
            }
        return record


def record():
    with frameworks.quiet():
        records = [Recorder(case).record() for case in cases()]
    return records + semantics_v1.record() + semantics_keras.record()
