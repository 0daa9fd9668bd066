import KerasLosses

// The rows that the guides of all functions have in common.

extension MigrationGuide.ArgumentRow {
  /// The first two arguments: the arrays.
  static func labels(_ name: String, _ swift: String, _ note: String) -> Self {
    Self(
      argument: name, python: "`y_true` in the call", shim: "`\(swift):`",
      keras: "first argument of the call", verdict: .same, note: note)
  }

  static func predictions(
    _ name: String, _ note: String, python: String = "`y_pred` in the call",
    keras: String = "second argument of the call"
  ) -> Self {
    Self(
      argument: name, python: python, shim: "`\(name):`", keras: keras, verdict: .same,
      note: note)
  }

  static func weights(_ verdict: MigrationGuide.Verdict, _ note: String) -> Self {
    Self(
      argument: "weights=1.0", python: "`sample_weight` in the call", shim: "`weights:`",
      keras: "`sampleWeight:` in the call", verdict: verdict, note: note)
  }

  /// For losses that are one per element: Keras takes weights per sample.
  static let elementWeights = weights(
    .differs,
    "One weight per sample, `[B, 1]`, is the same on both sides; one per element is not: Keras has one "
      + "loss for each sample. See [elements](#elements).")

  /// For losses that are one per row on both sides.
  static let rowWeights = weights(
    .same,
    "The same number wherever both sides accept the weights' shape; the rules for shapes differ.")

  static func labelSmoothing(_ note: String) -> Self {
    Self(
      argument: "label_smoothing=0", python: "`label_smoothing` of the constructor",
      shim: "`labelSmoothing:`", keras: "`labelSmoothing:` of the initializer", verdict: .same,
      note: note)
  }

  static let scope = Self(
    argument: "scope=None", python: "`name` of the constructor", shim: "`scope:`",
    keras: "`name:` of the initializer", verdict: .same,
    note: "No effect on the number. The shim files a collected loss under it.")

  static let lossCollection = Self(
    argument: "loss_collection=\"losses\"", python: "– (Keras tracks nothing)",
    shim: "`lossCollection:`", keras: "–", verdict: .same,
    note: "No effect on the number. Nothing is collected unless a `LossCollection` is handed over.")

  static let reduction = Self(
    argument: "reduction=SUM_BY_NONZERO_WEIGHTS", python: "`reduction` of the constructor",
    shim: "`reduction:`", keras: "`reduction:` of the initializer", verdict: .differs,
    note: "**The default has no counterpart**: see the reductions.")

  static func resultType(_ note: String) -> Self {
    Self(
      argument: "(the type of the result)", python: "`dtype` of the constructor", shim: "–",
      keras: "–", verdict: .differs, note: note)
  }

  /// For the functions that compute in the type of their predictions.
  static let predictionsType = resultType(
    "TensorFlow 1 and Keras 3 round `float64` through `float32`; here `Double` stays `Double`.")

  /// For the functions that convert everything to `float32`.
  static let float32Type = resultType(
    "TensorFlow 1 converts everything to `float32` first, Keras 3 to its `floatx`; here `Double` stays "
      + "`Double`.")
}

extension MigrationGuide.ReductionRow {
  private typealias Values = (v1: String, keras2: String, keras3: String)

  /// - Parameter losses: what n is said to be the number of.
  private static func row(
    _ reduction: Losses.Reduction, _ recorded: Values, _ verdict: MigrationGuide.Verdict,
    _ note: String, countedAs losses: String = "losses"
  ) -> Self {
    let (title, denominator) =
      switch reduction {
      case .none: ("NONE", "–")
      case .sum: ("SUM", "1")
      case .sumOverBatchSize: ("SUM_OVER_BATCH_SIZE", "n, the number of \(losses)")
      case .mean: ("MEAN", "Σ w")
      case .sumByNonzeroWeights:
        ("SUM_BY_NONZERO_WEIGHTS (default)", "z, the number of weights that are not 0")
      }
    return Self(
      reduction: reduction, title: title, denominator: denominator,
      counterpart: reduction.counterpart,
      recorded: MigrationGuide.Columns(
        v1: recorded.v1, keras2: recorded.keras2, keras3: recorded.keras3), verdict: verdict,
      note: note)
  }

  /// The two reductions that are alike wherever the formulas are.
  private static func meanAndDefault(_ mean: Values, _ nonzero: Values) -> [Self] {
    [
      row(
        .mean, mean, .same,
        "**Not Keras's `\"mean\"`**, which divides by n. Keras 3 divides by the weights as given, this "
          + "package and TensorFlow 1 by their sum after broadcasting."),
      row(
        .sumByNonzeroWeights, nonzero, .differs,
        "No counterpart. Equal to `sum_over_batch_size` exactly where no weight is 0; else larger by "
          + "the factor n / z."),
    ]
  }

  /// The reductions of a function whose losses are Keras's: TensorFlow's numbers on the example, in the
  /// order of the rows.
  static func ofRows(
    _ recorded: [(v1: String, keras2: String, keras3: String)]
  ) -> [MigrationGuide.ReductionRow] {
    [
      row(
        .none, recorded[0], .same,
        "The first of one value per sample. Keras 3 keeps a trailing axis of the weights; this package "
          + "always returns the losses' shape."),
      row(.sum, recorded[1], .same, ""),
      row(.sumOverBatchSize, recorded[2], .same, "Keras's default, and TF2's AUTO."),
    ] + meanAndDefault(recorded[3], recorded[4])
  }

  /// The reductions of a function with a loss for each element, where Keras has their mean over the last
  /// axis, of size D.
  static func ofElements(
    _ recorded: [(v1: String, keras2: String, keras3: String)]
  ) -> [MigrationGuide.ReductionRow] {
    [
      row(
        .none, recorded[0], .differs,
        "The first value. One loss per element, where Keras has one per sample, their mean."),
      row(
        .sum, recorded[1], .differs,
        "**Larger by the factor D**, the size of the last axis: Keras adds up means."),
      row(
        .sumOverBatchSize, recorded[2], .same,
        "A mean of means of equally many elements is the mean of all. Keras's default, and TF2's AUTO.",
        countedAs: "elements"),
    ] + meanAndDefault(recorded[3], recorded[4])
  }

  /// The reductions of a function whose formula Keras does not have.
  static func ofAnotherFormula(
    _ recorded: [(v1: String, keras2: String, keras3: String)]
  ) -> [MigrationGuide.ReductionRow] {
    zip(Losses.Reduction.allCases, recorded).map {
      row($0, $1, .differs, $0 == .none ? "The first value. The formula is another." : "")
    }
  }
}

extension MigrationGuide {
  /// What the notes of several rows say.
  enum Note {
    static let factor = "The factor is n / z."
    static let sumOfMeans =
      "Keras averages the last axis first: the sum is smaller by its size."
    static let weightPerSample =
      "One weight per sample, written `[B, 1]`: the same on both sides."
    static let weightPerElement =
      "One weight per element. Keras has one loss for each sample; Keras 3 multiplies the arrays "
      + "out, silently and to another number where B = D."
    static let rankOfWeights =
      "TensorFlow 1 takes weights of the rank of the losses and nothing else."
    static let sumOfWeights = "Both divide by the sum of the weights."
    static let sumAsGiven =
      "Keras 3 divides by the sum of the weights as given; TensorFlow 1, and this package, by "
      + "their sum after broadcasting."
    static let sumBeforeBroadcasting =
      "Keras 3 divides by the sum of the weights before broadcasting."
  }
}

extension MigrationGuide.CaseRow {
  static func row(
    _ id: String, _ title: String, of quantity: MigrationGuide.Quantity = .defaultReduction,
    recorded: (String, String, String), shim: String, keras: String,
    _ verdict: MigrationGuide.Verdict, _ note: String, recipe: String? = nil,
    notApplicable: String? = nil
  ) -> Self {
    Self(
      id: id, title: title, quantity: quantity,
      recorded: MigrationGuide.Columns(
        v1: recorded.0, keras2: recorded.1, keras3: recorded.2), shim: shim, keras: keras,
      verdict: verdict, note: note, recipe: recipe, notApplicable: notApplicable)
  }
}
