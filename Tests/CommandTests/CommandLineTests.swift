// Wrong command lines: status 2 and one line that says what to change.

import Foundation
import Testing

@Suite struct CommandLineTests {
  private static let migrate = [
    "migrate", "--function", "softmax_cross_entropy", "--labels", "a", "--logits", "b",
  ]
  private static let evaluate = [
    "evaluate", "--loss", "CategoricalCrossentropy", "--y-true", "a", "--y-pred", "b",
  ]

  static let cases: [(arguments: [String], text: String)] = [
    (
      ["foo"],
      "foo: no such subcommand; there are migrate, evaluate, list. See keras-losses --help."
    ),
    (
      ["--json"],
      "--json: no such subcommand; there are migrate, evaluate, list. See keras-losses --help."
    ),
    (
      ["list", "all"],
      "all: unexpected argument; files are named by options. See keras-losses list --help."
    ),
    (
      ["list", "--jsno"],
      "--jsno: unknown option; did you mean --json? See keras-losses list --help."
    ),
    (["list", "--json=yes"], "--json: takes no value."),
    (["list", "--json", "--json"], "--json: given twice."),
    (["migrate"], "--function: missing. See keras-losses migrate --help."),
    (
      ["migrate", "--lables", "y.npy"],
      "--lables: unknown option; did you mean --labels? See keras-losses migrate --help."
    ),
    (
      ["migrate", "--prediction=y.npy"],
      "--prediction: unknown option; did you mean --predictions? See keras-losses migrate --help."
    ),
    (["migrate", "--labels"], "--labels: needs a value, FILE.npy."),
    (["migrate", "--labels", "--logits", "x.npy"], "--labels: needs a value, FILE.npy."),
    (["migrate", "--logits", "a", "--predictions", "b"], "--predictions: given twice."),
    (
      ["migrate", "--function", "softmax", "--labels", "a", "--logits", "b"],
      "--function: softmax cannot be migrated; did you mean softmax_cross_entropy? "
        + "See keras-losses list."
    ),
    (migrate + ["--axis", "-1"], "--axis: softmax_cross_entropy has no argument axis."),
    (migrate + ["--delta", "1"], "--delta: softmax_cross_entropy has no argument delta."),
    (migrate + ["--epsilon=1"], "--epsilon: softmax_cross_entropy has no argument epsilon."),
    (
      ["migrate", "--function", "compute_weighted_loss", "--labels", "a", "--logits", "b"],
      "--function: compute_weighted_loss has no labels and predictions that could be compared. "
        + "See keras-losses list for what replaces it."
    ),
    (
      ["migrate", "--function", "cosine_distance", "--labels", "a", "--logits", "b"],
      "--axis: missing; cosine_distance has no default for it."
    ),
    (
      ["migrate", "--function=cosine_distance", "--labels=a", "--logits=b", "--axis=last"],
      "--axis: must be an integer; got last."
    ),
    (
      ["migrate", "--function=huber_loss", "--labels=a", "--logits=b", "--delta=inf"],
      "--delta: must be finite; got inf."
    ),
    (
      ["migrate", "--function=huber_loss", "--labels=a", "--logits=b", "--delta=wide"],
      "--delta: must be a number; got wide."
    ),
    (
      ["migrate", "--function=log_loss", "--labels=a", "--logits=b", "--epsilon=-1"],
      "--epsilon: must be finite and not negative; got -1.0."
    ),
    (
      ["migrate", "--function=log_loss", "--labels=a", "--logits=b", "--delta=1"],
      "--delta: log_loss has no argument delta."
    ),
    (
      [
        "migrate", "--function=mean_squared_error", "--labels=a", "--logits=b",
        "--label-smoothing=0",
      ],
      "--label-smoothing: mean_squared_error has no argument label_smoothing."
    ),
    (migrate + ["--label-smoothing", "much"], "--label-smoothing: must be a number; got much."),
    (migrate + ["--label-smoothing", "1.5"], "--label-smoothing: must lie in 0...1; got 1.5."),
    (migrate + ["--label-smoothing", "-0.1"], "--label-smoothing: must lie in 0...1; got -0.1."),
    (migrate + ["--label-smoothing", "nan"], "--label-smoothing: must lie in 0...1; got nan."),
    (
      ["evaluate", "--loss", "mse", "--y-true", "a"],
      "--y-pred: missing. See keras-losses evaluate --help."
    ),
    (
      ["evaluate", "--loss", "categorical_crosentropy", "--y-true", "a", "--y-pred", "b"],
      "--loss: categorical_crosentropy is no loss; did you mean categorical_crossentropy? See "
        + "keras-losses list. A configuration is a file that ends in .json."
    ),
    (
      evaluate + ["--reduction", "weighted_sum"],
      #"--reduction: must be one of "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "#
        + #""none"; got "weighted_sum"."#
    ),
    (
      evaluate + ["--config", "from_logits"],
      #"--config: must be a JSON object, as '{"from_logits": true}'; got from_logits."#
    ),
    (
      evaluate + ["--config", #"{"from_logit": true}"#],
      "--config: from_logit: is no key of this configuration; known keys are from_logits, "
        + "label_smoothing, axis, reduction, name."
    ),
    (
      evaluate + ["--config", #"{"from_logits": 1}"#],
      "--config: from_logits: must be of type Bool."
    ),
    (
      evaluate + ["--config", #"{"label_smoothing": 2}"#],
      "--config: label_smoothing: must lie in 0...1; got 2.0."
    ),
    (
      evaluate + ["--config", #"{"reduction": "weighted_mean"}"#],
      #"--config: reduction: must be one of "sum_over_batch_size", "sum", "mean", "#
        + #""mean_with_sample_weight", "none"; got "weighted_mean"."#
    ),
  ]

  @Test(arguments: cases.indices)
  func isRefused(_ index: Int) throws {
    let (arguments, text) = Self.cases[index]
    let outcome = try Tool.run(arguments)
    #expect(outcome.errors == "keras-losses: \(text)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 2)
  }
}
