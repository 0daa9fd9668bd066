"""Records configurations.json: what Keras writes for every loss, and what parameters it was made with; and reads with
Keras what this package writes.

The package's own JSON is configurations_written.json, which a test of the package holds equal to what it writes: one
object for each case of configurations.json.
"""

import itertools
import json

import frameworks
from frameworks import keras

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")
CROSSENTROPY = [
    {}, {"from_logits": True}, {"label_smoothing": 0.1, "axis": 1}, {"from_logits": True, "axis": -2},
    {"from_logits": True, "label_smoothing": 0.25, "axis": 2},
]

# Every parameter of every loss at values that are not its defaults, alone or together.
PARAMETERS = {
    "MeanSquaredError": [{}],
    "MeanAbsoluteError": [{}],
    "MeanAbsolutePercentageError": [{}],
    "MeanSquaredLogarithmicError": [{}],
    "CosineSimilarity": [{}, {"axis": 0}, {"axis": -2}],
    "Huber": [{}, {"delta": 0.5}, {"delta": 2.0}],
    "LogCosh": [{}],
    "Hinge": [{}],
    "SquaredHinge": [{}],
    "CategoricalHinge": [{}],
    "KLDivergence": [{}],
    "Poisson": [{}],
    "BinaryCrossentropy": CROSSENTROPY,
    "BinaryFocalCrossentropy": [
        *CROSSENTROPY, {"apply_class_balancing": True, "alpha": 0.6}, {"gamma": 0.5},
        {"apply_class_balancing": True, "alpha": 0.75, "gamma": 3.0, "from_logits": True, "axis": 1},
    ],
    "CategoricalCrossentropy": CROSSENTROPY,
    "CategoricalFocalCrossentropy": [
        *CROSSENTROPY, {"alpha": 0.6}, {"alpha": [0.25, 0.5, 0.75]}, {"alpha": [0.1, 1.0], "gamma": 0.0, "axis": 1},
    ],
    "SparseCategoricalCrossentropy": [
        {}, {"from_logits": True}, {"ignore_class": -1}, {"ignore_class": 255, "axis": 1}, {"ignore_class": 0},
    ],
    "Dice": [{}, {"axis": (1, 2)}, {"axis": (0,)}],
    "Tversky": [{}, {"alpha": 0.2, "beta": 0.8}, {"alpha": 1.0, "beta": 0.0, "axis": (1, 2, 3)}],
    "Circle": [{}, {"gamma": 16.0}, {"margin": 0.25, "remove_diagonal": False}],
    "CategoricalGeneralizedCrossEntropy": [{}, {"q": 0.7}],
    "CTC": [{}],
}

# What Keras 3.15.1 leaves out of a configuration, and later versions write.
DROPPED = {"Huber": {"delta": 1.0}, "CosineSimilarity": {"axis": -1}, "SparseCategoricalCrossentropy": {"axis": -1}}


def record():
    reductions = itertools.cycle(REDUCTIONS)
    cases = []
    for loss, parameters in PARAMETERS.items():
        for index, arguments in enumerate([*parameters, *parameters]):
            name = {} if index < len(parameters) else {"name": f"my_{index}"}
            instance = getattr(keras.losses, loss)(**arguments, reduction=next(reductions), **name)
            serialized = keras.losses.serialize(instance)
            dropped = {key: arguments.get(key, value) for key, value in DROPPED.get(loss, {}).items()}
            assert not set(dropped) & set(serialized["config"]), serialized
            case = {"id": f"{loss} {index}", "loss": loss, "serialized": serialized}
            cases.append({**case, "dropped": dropped} if dropped else case)
    return json.loads(json.dumps(cases))


def check_written(path, cases):
    """Real Keras reads what this package writes: the same parameters, and the same JSON but for what Keras drops."""
    if not path.exists():
        print(f"{path.name} is not there: nothing was checked")
        return
    written = json.loads(path.read_text(encoding="utf-8"))
    assert len(written) == len(cases)
    for case, text in zip(cases, written):
        loss = getattr(keras.losses, case["loss"])
        if case["loss"] == "CategoricalGeneralizedCrossEntropy":
            # keras.losses.deserialize returns the name of this one: it is not in Keras's list.
            assert text["class_name"] == case["loss"] and text["module"] == "keras.losses"
            instance = loss.from_config(dict(text["config"]))
        else:
            instance = keras.losses.deserialize(json.loads(json.dumps(text)))
        assert type(instance) is loss, case["id"]
        again = json.loads(json.dumps(instance.get_config()))
        expected = {key: value for key, value in text["config"].items() if key not in case.get("dropped", {})}
        assert again == expected == case["serialized"]["config"], (case["id"], again, expected)
        for key, value in case.get("dropped", {}).items():
            # It is read all the same: it is among the arguments of the loss's function.
            assert text["config"][key] == value == instance._fn_kwargs[key], (case["id"], key)
    print(f"{path.name}: Keras {frameworks.VERSIONS['keras']} reads all {len(cases)} configurations")
