"""Tests of joining, tables, pictures and what is published. They need neither the frameworks nor NumPy.

    python3 -m unittest discover -s Tests/Peers
"""

import math
import os
import unittest
import unittest.mock
import xml.etree.ElementTree as ElementTree

import comparison
import pictures
import publish
import settings
import tables
from bars import Chart, number

SVG = "{http://www.w3.org/2000/svg}"


def workload(loss="categorical_crossentropy", shape=(128, 10), labels="dense", **times):
    """A workload of two passes on one thread; `times` are of the value, the gradient takes twice as long."""
    value = {"fresh": 2.0, "memory": 1.0, **times}
    gradient = {key: 2 * seconds for key, seconds in value.items()} | {"reused": 2.0}
    forms = {name: "eager" for name in times}
    return {
        "title": f"{loss} {'x'.join(map(str, shape))} {labels}", "loss": loss, "shape": list(shape), "labels": labels,
        "config": {"from_logits": True}, "weighted": False, "agrees": True, "failures": [],
        "values": {"ours": 1.0, "torch, 1, value": 1.001},
        "rows": [{"pass": name, "threads": 1, "seconds": seconds, "forms": forms}
                 for name, seconds in (("value", value), ("value+gradient", gradient))],
    }


def run(*workloads):
    results = {
        "machine": {"date": "2026-01-02", "processor": "A & B", "processors": 2, "instruction_set": "avx2",
                    "system": "Linux"},
        "versions": {"ours": "Swift version 6", "torch": "1", "tensorflow": "2", "jax": "3"}, "rounds": 5,
        "workloads": list(workloads),
    }
    return results, comparison.rows(results)


def exactness():
    good = {"largest": 0.5, "median": 0.2, "zero": 0, "not_finite": 0}
    families = [
        {"family": "normal", "classes": 10, "errors": dict.fromkeys(("ours", *settings.FRAMEWORKS), good)},
        {"family": "−inf", "classes": 10, "errors": {
            "ours": good, "torch": {**good, "largest": 1.6e7, "zero": 0.6},
            "tensorflow": {**good, "not_finite": 0.97}, "jax": {**good, "largest": None, "not_finite": 1}}},
    ]
    means = [{"name": "squares", "samples": 10_000_000, "relative_errors": {"torch": 1e-7}}]
    return {"machine": run()[0]["machine"], "families": families, "means": means}


class Joining(unittest.TestCase):
    def test_medians_are_taken_over_rounds(self):
        self.assertEqual(comparison.medians([{"a": 3, "b": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 9}]), {"a": 2, "b": 1})

    def test_the_benchmarks_rows_are_found_by_loss_shape_and_labels(self):
        row = {"loss": "huber", "shape": [4], "labels": "dense", "pass": "value", "buffer": "fresh", "threads": 1,
               "ns_per_element": 500, "us_per_call": 2.0, "share_of_bandwidth": 0.5}
        other = {**row, "loss": "pseudo_huber", "us_per_call": 9.0}
        found = comparison.ours_by_pass([other, row], workload("huber", (4,)))
        self.assertEqual(list(found), ["value"])
        self.assertAlmostEqual(found["value"]["fresh"], 2e-6)
        self.assertAlmostEqual(found["value"]["memory"], 1e-6)

    def test_parts_of_a_run_are_joined_by_loss_and_size(self):
        parts = [run(workload("huber", (9,)), workload())[0], run(workload("huber", (4,)))[0]]
        titles = [found["title"] for found in comparison.joined(parts)["workloads"]]
        self.assertEqual(titles, ["categorical_crossentropy 128x10 dense", "huber 4 dense", "huber 9 dense"])
        with self.assertRaises(ValueError):
            comparison.joined([parts[0], parts[0]])

    def test_the_ratio_is_that_of_the_best_peer(self):
        _, rows = run(workload(torch=6.0, jax=5.0))
        self.assertEqual(comparison.ratio(rows[0]), 2.5)
        self.assertEqual(comparison.ratio(rows[1], "reused"), 5)
        self.assertIsNone(comparison.ratio(rows[0], "reused"))

    def test_a_workload_without_peers_has_no_ratio_and_is_in_no_mean(self):
        _, rows = run(workload("dice", (4,)), workload(torch=4.0))
        self.assertIsNone(comparison.ratio(rows[0]))
        self.assertEqual(comparison.summary(rows)[0]["cross_entropies"], 2)

    def test_geometric_means_are_over_the_cross_entropies_of_matrices(self):
        _, rows = run(
            workload(torch=4.0), workload("sparse_categorical_crossentropy", (256, 1000), "sparse", jax=16.0),
            workload("sparse_categorical_crossentropy", (32, 81, 8732), "sparse", jax=64.0),
            workload("huber", (4,), torch=1.0))
        line = comparison.summary(rows)[0]
        self.assertAlmostEqual(line["cross_entropies"], 4)
        self.assertEqual((line["least"], line["least_title"]), (0.5, "huber 4 dense"))

    def test_what_is_slower_is_said(self):
        _, rows = run(workload(torch=1.0), workload("huber", (4,), torch=3.0))
        self.assertEqual(len(comparison.slower(rows)), 2)
        self.assertTrue(comparison.slower(rows)[0].startswith("categorical_crossentropy 128x10 dense, value, fresh"))

    def test_differences_are_relative_to_ours(self):
        self.assertEqual(comparison.relative_difference([2.0, 2.0, 1.0]), 0.5)
        self.assertEqual(comparison.relative_difference([0.1, 0.2], least=1), 0.1)
        self.assertEqual(comparison.relative_difference([2.0, 2.0, math.nan]), math.inf)


class Environments(unittest.TestCase):
    def test_threads_and_instruction_sets_reach_all(self):
        with unittest.mock.patch.object(settings, "best_instruction_set", return_value="avx512"):
            one, two = settings.environment(1, "avx2"), settings.environment(2, "avx512")
        self.assertEqual(one["OMP_NUM_THREADS"], "1")
        self.assertEqual((one["KERAS_LOSSES_ISA"], one["ATEN_CPU_CAPABILITY"]), ("avx2", "avx2"))
        self.assertIn("--xla_cpu_max_isa=AVX2", one["XLA_FLAGS"])
        self.assertIn("--xla_cpu_multi_thread_eigen=false", one["XLA_FLAGS"])
        self.assertNotIn("multi_thread", two["XLA_FLAGS"])
        self.assertEqual(two.get("KERAS_LOSSES_ISA"), os.environ.get("KERAS_LOSSES_ISA"))


class Pictures(unittest.TestCase):
    def parsed(self, svg):
        root = ElementTree.fromstring(svg)
        self.assertEqual(root.tag, f"{SVG}svg")
        return root

    def test_charts_are_xml_with_a_title_and_nothing_from_outside(self):
        charts = {**pictures.speed(*run(workload(torch=4.0, tensorflow=40.0), workload("poisson", (9,), jax=1.0))),
                  **pictures.exactness(exactness())}
        self.assertEqual(set(charts), {
            "beside-value-one", "beside-gradient-one", "beside-memory", "beside-others", "beside-exactness"})
        for svg in charts.values():
            root = self.parsed(svg)
            self.assertTrue(root.find(f"{SVG}title").text)
            self.assertTrue(root.find(f"{SVG}desc").text)
            self.assertIn("prefers-color-scheme:dark", svg)
            for word in ("<script", "<image", "<use", "url(", "href", "@import"):
                self.assertNotIn(word, svg)
            self.assertEqual(svg.count("http"), 1, "the namespace, and nothing else")

    def test_lengths_follow_the_scale(self):
        def lengths(logarithmic, *bars):
            chart = Chart("t", "", "d", ["a", "b"], [("g", list(bars))], logarithmic, "u", [0, 1])
            rects = self.parsed(chart.svg()).findall(f"{SVG}rect")
            return [float(rect.get("width")) for rect in rects if rect.get("height") == "8"]

        short, long = lengths(False, 1.0, 4.0)
        self.assertAlmostEqual(long / short, 4, places=2)
        one, two = lengths(True, 10.0, 1000.0)
        self.assertAlmostEqual(two / one, 3, delta=0.05)
        finite, infinite = lengths(True, 10.0, (math.inf, "NaN"))
        self.assertGreaterEqual(infinite, finite)
        self.assertEqual(len(lengths(False, 1.0, None)), 1)

    def test_a_bar_of_nothing_but_infinities_is_drawn(self):
        self.parsed(Chart("t", "n", "d", ["a"], [("g", [(math.inf, "NaN in all")])], True, "u", [0]).svg())

    def test_a_label_says_what_tells_workloads_apart(self):
        sparse = workload("sparse_categorical_crossentropy", (256, 1000), "sparse")
        self.assertEqual(pictures.label(sparse), "cross-entropy 256 × 1000, class ids")
        ctc = {**workload("ctc", (2, 3, 4), "sparse"), "title": "ctc 2x3x4 sparse length 30"}
        self.assertEqual(pictures.label(ctc), "CTC 2 × 3 × 4, length 30")

    def test_numbers_have_three_digits(self):
        cases = {0: "0", 0.01234: "0.0123", 0.5: "0.5", 12.345: "12.3", 1236.5: "1240", 1.6e7: "1.6e7", 2e7: "2e7"}
        self.assertEqual({value: number(value) for value in cases}, cases)

    def test_shares_are_not_rounded_to_nothing(self):
        shares = [pictures.percent(share) for share in (0.004, 0.5, 0.999, 1)]
        self.assertEqual(shares, ["0.4 %", "50 %", "> 99 %", "all"])


class Published(unittest.TestCase):
    def test_tables_have_a_cell_for_everything(self):
        runs = [run(workload(torch=4.0), workload("dice", (4,)))]
        for text in (tables.summary(runs), tables.workloads(runs[0][1], 1, "value+gradient"),
                     tables.exactness(exactness()), tables.means(exactness())):
            lines = text.splitlines()
            self.assertEqual({line.count("|") for line in lines}, {lines[0].count("|")})
        self.assertIn("| 1e-03 | – | – |", tables.timed_means(runs[0][0]))
        self.assertIn("NaN in 97 %", tables.exactness(exactness()))
        self.assertIn("1.6e7; 0 in 60 %", tables.exactness(exactness()))

    def test_a_readme_keeps_what_is_around_its_section(self):
        files = publish.rendered(
            [run(workload(torch=4.0))], exactness(), f"before\n{publish.BEGIN}\nold\n{publish.END}\nafter\n")
        readme = files["README.md"]
        self.assertTrue(readme.startswith("before\n") and readme.endswith("\nafter\n"))
        self.assertNotIn("old", readme)

    def test_what_is_published_is_what_was_measured(self):
        with open(os.path.join(settings.PACKAGE, "README.md"), encoding="utf-8") as file:
            readme = file.read()
        for path, text in publish.rendered(*publish.load(), readme).items():
            with open(os.path.join(settings.PACKAGE, path), encoding="utf-8") as file:
                self.assertEqual(file.read(), text, f"{path}: run peers.py publish")


if __name__ == "__main__":
    unittest.main()
