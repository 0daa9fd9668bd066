"""Numbers and tensors as JSON. The formats are described in record.py."""

import json
import math

import numpy as np


def number(value):
    """One number, as the JSON value that stands for it."""
    if isinstance(value, (bool, np.bool_, np.integer)):
        return int(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    # NumPy prints the shortest decimal that reads back as the same value of the type it has; Python's
    # float then carries those digits into the file unchanged.
    text = float(str(value))
    if isinstance(value, np.floating):
        assert type(value)(text) == value
    return text


def numbers(array):
    return [number(value) for value in np.asarray(array).reshape(-1)]


def tensor(array, expected_dtype=None):
    """A tensor; its dtype is named where it is not the one the reader would expect."""
    array = np.asarray(array)
    encoded = {"shape": list(array.shape), "values": numbers(array)}
    if expected_dtype is not None and array.dtype.name != expected_dtype:
        encoded["dtype"] = array.dtype.name
    return encoded


def integers(array):
    """Numbers as integers and the power of two that they are to be divided by."""
    array = np.asarray(array, np.float64)
    exponent = 0
    while (array * 2.0**exponent % 1).any():
        exponent += 1
    encoded = {"shape": list(array.shape), "integers": [int(value) for value in (array * 2.0**exponent).flat]}
    return {**encoded, "exponent": exponent} if exponent else encoded


def measures(terms, values):
    """The terms to two digits, or None where the values themselves are as large."""
    terms, values = np.broadcast_to(terms, np.shape(values)), np.abs(values)
    if (terms <= 2 * values).all():
        return None
    return [float(f"{max(term, value):.1e}") for term, value in zip(terms.flat, values.flat)]


def family_case(
    name, index, configuration, half, y, p, labels, weights, mask, weighted, values, divisors, gradient, terms, slopes
):
    """A case of families_random.json and its siblings, without what is absent or false."""
    record = {
        "id": f"{name} {index}",
        "loss": name,
        "config": configuration,
        "half": half,
        "y_true": integers(y),
        "y_pred": integers(p),
        "labels": labels,
        "sample_weight": None if weights is None else integers(weights),
        "mask": None if mask is None else integers(mask.astype(float)),
        "none": numbers(weighted),
        "values": {key: number(float(value)) for key, value in values.items()},
        "divisors": {key: number(float(value)) for key, value in divisors.items()},
        "gradient": numbers(gradient),
        "terms": measures(terms, weighted),
        "gradient_terms": measures(slopes, gradient),
    }
    return {key: value for key, value in record.items() if value is not None and value is not False}


def write(path, versions, cases, lines_per_case):
    """Writes a fixture file with one line per case, or one line per key of a case."""

    def compact(value):
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))

    def text(case):
        if lines_per_case == "one":
            return compact(case)
        return "{\n" + ",\n".join(f" {json.dumps(key)}: {compact(value)}" for key, value in case.items()) + "\n}"

    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write('{"versions": ' + json.dumps(versions) + ',\n"cases": [\n')
        file.write(",\n".join(text(case) for case in cases))
        file.write("\n]}\n")
