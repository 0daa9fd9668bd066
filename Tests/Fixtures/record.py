"""Records the numbers that the tests compare with: what TensorFlow 1's losses, Keras 2 and Keras 3 return.

    python -m venv venv && . venv/bin/activate      # Python 3.11
    pip install -r requirements.txt
    python record.py

It takes less than a minute, downloads nothing and writes semantics.json and softmax_random.json beside itself. Inputs
are seeded and sums run on one thread, so that recording again on the same kind of processor gives the same files; on
another one TensorFlow's vector code may change a last digit.

Numbers. A finite number is the shortest decimal that reads back as the same value of its type (so read a float32 as
a float32); others are "nan", "inf" and "-inf". A tensor is {"shape": [..], "values": [row-major]}, with "dtype"
where its type is not the case's. A result is a tensor or {"error": type, "text": the first 200 characters of
the message}. null stands for what was not passed, or for a call that does not exist.

semantics.json: {"versions": {..}, "cases": [..]}. A case is a row of a table of differences, or of test vectors:

    id, section, title    "5.1.3/scalar-weight"; "design5" are the rows of the design's own table of differences
    function              softmax_cross_entropy or another function of tf.compat.v1.losses; compute_weighted_loss is for
                          Keras a Loss that returns its predictions; softmax_cross_entropy_with_logits is the op (the
                          losses built on it are recorded too)
    labels, logits        the arguments ("losses" and no labels for compute_weighted_loss). "logits" is whatever was
                          passed as predictions: where from_logits is false these are probabilities
    dtype, weights        weights: null where none are passed, {"none": true} for an explicit None
    label_smoothing, from_logits, axis, mask, delta, epsilon, ignore_class
    mode                  if not eager: "jit_compile"; "replicas N" (a MirroredStrategy; every replica has all of the
                          data, the first one's value is kept); "graph", which adds
                            softmax_of: the input of the softmax whose output the logits are
                            graph: the same records when that softmax is part of the graph
                            graph_others: the binary and the sparse cross-entropy in the same position
    not_applicable_hint   why the case has no counterpart in a library of eager arrays
    v1, keras2, keras3    {reduction: result}; each framework and reduction is run on its own
    keras3_in_dtype       Keras 3 with dtype= the case's type (by default it computes in float32)
    keras3_fixed          Keras 3 with the number of classes taken from `axis`, as versions after 3.15.1 do
    keras2_numpy          Keras 2 on NumPy arrays, which it does not squeeze as it squeezes tensors
    v1_gradient, keras3_gradient, keras3_in_dtype_gradient
                          {reduction: gradient of the sum of the returned values with respect to logits or losses}
    v1_labels_gradient, keras2_labels_gradient, keras3_labels_gradient
                          the same for the labels; null where it is stopped
    op                    {"loss", "gradient"}: the op's losses, and the gradient of their sum that it returns
    labels_gradient       the op's gradient of that sum with respect to the labels
    true_losses, true_gradient
                          the mathematical values in float64, for unweighted logits: labels of 0 contribute nothing,
                          and the gradient (of the sum of the losses) is softmax·Σy − y, without cancellation
    v1_eager              mean_pairwise_squared_error outside a graph; its "v1" is that of a graph, under "sum"
    keras2_config_keys, keras3_config_keys
                          the keys of the loss's configuration
    upstream              numbers printed in TensorFlow's own tests

true_losses and true_gradient of the other functions are their formulas evaluated with 50 digits, unweighted.

softmax_random.json: {"versions": {..}, "cases": [..]}, random inputs of CategoricalCrossentropy:

    id, dtype, axis, from_logits, label_smoothing, y_true, y_pred
    sample_weight         aligned with the leading axes of the losses; Keras is given them at the losses' full shape
    mask                  1 where an element counts, 0 where it is masked; of the losses' shape
    predictions_kind, labels_kind, weights_kind    what kind of numbers were drawn
    labels_sum_to_one     where this is false the gradients of logits are softmax·Σy − y, and not what TensorFlow's
                          fused op returns
    keras                 {"none": [flat], "sum", "sum_over_batch_size", "mean_with_sample_weight"}: Keras 3 in the
                          case's type. A y_pred of rank 1 is given to it as a batch of one
    keras_gradient        {reduction: [flat]}: d(sum of the returned values)/d y_pred
    v1, v1_gradient       the same for tf.compat.v1.losses.softmax_cross_entropy, or null where it has no such call.
                          float64 values are NumPy's, compared with TensorFlow's, which are rounded through float32

Every random case is compared with the same mathematics in NumPy float64 (reference.py) before it is written. What is
added up sets the accuracy of the float32 numbers: compare them relative to the sum of |weight·loss|.

The program: encoding.py (JSON), frameworks.py (the calls), reference.py (NumPy float64), semantics_cases.py and
semantics.py, semantics_v1_cases.py and semantics_v1.py, random_cases.py.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True

import encoding
import frameworks
import random_cases
import semantics

HERE = Path(__file__).resolve().parent


def main():
    encoding.write(HERE / "semantics.json", frameworks.VERSIONS, semantics.record(), lines_per_case="many")
    encoding.write(HERE / "softmax_random.json", frameworks.VERSIONS, random_cases.record(), lines_per_case="one")


if __name__ == "__main__":
    main()
