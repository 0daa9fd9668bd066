"""Records the numbers that the tests compare with: what TensorFlow 1's losses, Keras 2, Keras 3 and PyTorch return.

    python -m venv venv && . venv/bin/activate      # Python 3.11
    pip install -r requirements.txt
    python record.py

It takes a few minutes, downloads nothing, writes its files beside itself and has Keras read the one that the package
wrote. With the names of files, without their endings, it does only those. Inputs are seeded and sums run on one
thread, so that recording again on the same kind of processor gives the same files; on another one TensorFlow's vector
code may change a last digit.

Numbers. A finite number is the shortest decimal that reads back as the same value of its type (so read a float32 as
a float32); others are "nan", "inf" and "-inf". A tensor is {"shape": [..], "values": [row-major]}, with "dtype"
where its type is not the case's. A result is a tensor or {"error": type, "text": the first 200 characters of
the message}. null stands for what was not passed, or for a call that does not exist.

semantics.json: {"versions": {..}, "cases": [..]}. A case is a row of a table of differences, or of test vectors:

    id, section, title    "5.1.3/scalar-weight"; "design5" are the rows of the design's own table of differences
    function              softmax_cross_entropy or another function of tf.compat.v1.losses, or a class of Keras that
                          has none there; compute_weighted_loss is for Keras a Loss that returns its predictions;
                          softmax_cross_entropy_with_logits is the op (the losses built on it are recorded too)
    labels, logits        the arguments ("losses" and no labels for compute_weighted_loss). "logits" is whatever was
                          passed as predictions: where from_logits is false these are probabilities
    dtype, weights        weights: null where none are passed, {"none": true} for an explicit None
    label_smoothing, from_logits, axis, mask, delta, epsilon, alpha, gamma, ignore_class
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

families_random.json, ctc_random.json, families_v1.json: {"versions": {..}, "cases": [..]}, random inputs of every loss
of Keras, of CTC, and of every function of tf.compat.v1.losses, in float64:

    id, loss, config      the loss's class, or the function's name, and its parameters by their names
    half                  true where the inputs are exact in float16, too; they are always exact in float32
    y_true, y_pred, sample_weight, mask
                          {"shape", "integers", "exponent"}: integers to be divided by 2^exponent (0 if absent). The
                          last two are absent where there are none; a mask is 1 where an element counts
    labels                the type of y_true: "float" for that of y_pred, or an integer type
    none                  the weighted losses, flat; 0 where masked
    values                {reduction: value} for the other reductions
    divisors              {reduction: what the sum of the weighted losses is divided by}; 0 makes the quotient 0
    gradient              d(sum of the weighted losses)/d y_pred, flat. That of another reduction is this over its
                          divisor, which was compared with TensorFlow
    terms, gradient_terms
                          the sizes of the terms that make up the weighted losses and the gradient, to two digits: what
                          errors are relative to. Absent where they are as large as the numbers themselves

    The numbers are put together from Keras's losses without reduction, because weights align with leading axes here
    and the sum of weights is that of broadcast ones, and are compared with Keras's own reductions where those do the
    same. Where this package decides otherwise than Keras 3.15.1, the family says so: families_losses.py and its
    siblings. Random numbers stay 1e-3 away from kinks.

configurations.json: for every loss, what keras.losses.serialize writes ("serialized") and what parameters Keras leaves
out ("dropped"). configurations_written.json is what this package writes for the same losses; Keras reads it here.

The program: encoding.py (JSON), frameworks.py (the calls), reference.py (NumPy float64); for semantics.json
semantics_case.py (what a case is), semantics_cases.py, semantics_v1_cases.py and semantics_design.py (the cases),
semantics.py, semantics_v1.py and semantics_keras.py (their recording); random_cases.py and random_weights.py;
families.py (the cases), families_data.py (inputs), families_losses.py, families_classes.py, families_sets.py (the
losses), families_formulas.py (terms), families_ctc.py, families_v1.py and families_v1_functions.py; families_json.py.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True

import encoding
import families
import families_ctc
import families_json
import families_v1
import frameworks
import random_cases
import semantics

HERE = Path(__file__).resolve().parent

FILES = {
    "semantics": (semantics.record, frameworks.VERSIONS, "many"),
    "softmax_random": (random_cases.record, frameworks.VERSIONS, "one"),
    "families_random": (families.record, frameworks.VERSIONS, "one"),
    "ctc_random": (families_ctc.record, families_ctc.VERSIONS, "one"),
    "families_v1": (families_v1.record, frameworks.VERSIONS, "one"),
    "configurations": (families_json.record, frameworks.VERSIONS, "one"),
}


def main():
    for name in sys.argv[1:] or FILES:
        record, versions, lines_per_case = FILES[name]
        cases = record()
        encoding.write(HERE / f"{name}.json", versions, cases, lines_per_case=lines_per_case)
        if name == "configurations":
            families_json.check_written(HERE / "configurations_written.json", cases)


if __name__ == "__main__":
    main()
