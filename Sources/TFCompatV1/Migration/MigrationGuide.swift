// The migration reference as data. MIGRATION.md is rendered from it, and the tests run over it.

/// How one function of `tf.compat.v1.losses` becomes a Keras-style loss: what is said, row by row.
package struct MigrationGuide: Sendable {
  /// TensorFlow's name of the function.
  package let function: String
  /// The name of the class that replaces it; nil if there is none.
  package let kerasClass: String?
  /// What the two have to do with each other.
  package let summary: String
  /// Before and after, in the order in which they are read.
  package let samples: [Code]
  /// The data on which the samples are run, and the reductions compared.
  package let example: Example
  package let arguments: [ArgumentRow]
  /// Empty for a function without reductions.
  package let reductions: [ReductionRow]
  /// Every case in which a number changes, or in which one would expect it to.
  package let cases: [CaseRow]
  /// What the rows refer to: the code that keeps the old number.
  package let recipes: [Recipe]
  /// What the command runs.
  package let plan: MigrationPlan

  /// Data, and what both sides give for it.
  package struct Example: Sendable {
    /// The recorded case in `Tests/Fixtures/semantics.json`.
    package let id: String
    package let data: String
    /// The values under the defaults: of the TensorFlow 1 side, and of the Keras-style side; nil where it
    /// has no counterpart.
    package let v1: String
    package let keras: String?
  }

  /// A piece of code.
  package struct Code: Sendable {
    /// The name of the sample; Swift samples are run by a test that holds the same text.
    package let id: String
    package let title: String
    package let language: Language
    package let text: String

    package enum Language: String, Sendable {
      case python
      case swift
    }
  }

  /// Code that keeps TensorFlow 1's number.
  package struct Recipe: Sendable {
    package let id: String
    package let title: String
    package let swift: String
    package let python: String?

    package init(id: String, title: String, swift: String, python: String?) {
      self.id = id
      self.title = title
      self.swift = swift
      self.python = python
    }
  }

  /// Whether a number survives the migration.
  package enum Verdict: String, Sendable {
    case same
    case differs
    /// Both sides throw.
    case refused
  }

  /// One argument of the TensorFlow 1 function.
  package struct ArgumentRow: Sendable {
    package let argument: String
    package let python: String
    package let shim: String
    package let keras: String
    package let verdict: Verdict
    package let note: String
  }

  /// One reduction of TensorFlow 1, with its value on the example.
  package struct ReductionRow: Sendable {
    package let reduction: Losses.Reduction
    package let title: String
    package let denominator: String
    package let counterpart: KerasReduction?
    /// TensorFlow's recorded numbers: v1, Keras 2, Keras 3.
    package let recorded: Columns
    package let verdict: Verdict
    package let note: String
  }

  /// One case, with TensorFlow's numbers and this package's.
  package struct CaseRow: Sendable {
    /// The recorded case in `Tests/Fixtures/semantics.json`.
    package let id: String
    package let title: String
    package let quantity: Quantity
    /// TensorFlow's recorded outcomes.
    package let recorded: Columns
    /// What the function of `Losses` and the Keras-style loss give.
    package let shim: String
    package let keras: String
    package let verdict: Verdict
    package let note: String
    /// The id of the recipe that keeps the old number.
    package let recipe: String?
    /// Why there is nothing here to be evaluated; nil where there is.
    package let notApplicable: String?
  }

  /// Outcomes of TensorFlow 1, Keras 2 and Keras 3: a number to 8 digits, `NaN`, the name of an error,
  /// or – where there is no counterpart.
  package struct Columns: Sendable, Equatable {
    package let v1: String
    package let keras2: String
    package let keras3: String

    package init(v1: String, keras2: String, keras3: String) {
      self.v1 = v1
      self.keras2 = keras2
      self.keras3 = keras3
    }
  }

  /// What the numbers of a row are.
  package enum Quantity: String, Sendable {
    /// The default of either side: SUM_BY_NONZERO_WEIGHTS against sum_over_batch_size.
    case defaultReduction
    /// MEAN against mean_with_sample_weight.
    case weightedMean
    /// SUM_OVER_BATCH_SIZE against sum_over_batch_size.
    case batchSize
    /// SUM against sum.
    case sum
    /// The losses one by one.
    case losses
    /// The first row of the gradient of the summed losses with respect to the predictions.
    case gradient
  }

  /// A case in which this package returns the value where TensorFlow does not.
  package struct DecisionRow: Sendable {
    package let title: String
    package let tensorFlow: String
    package let here: String
    /// The recorded cases that show it; empty where there is nothing here that could show it.
    package let cases: [String]
    package let notApplicable: String?
  }
}
