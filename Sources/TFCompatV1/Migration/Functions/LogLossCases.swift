import KerasLosses

// log_loss: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let logLossCases: [CaseRow] = [
    .row(
      "5.2/log-unweighted", "labels `[[1, 0], [1, 0]]`, predictions `[[.9, .2], [.6, .4]]`",
      of: .losses,
      recorded: (
        "[0.10536041, 0.22314338, 0.5108254, 0.5108254]", "[0.16425189, 0.5108254]",
        "[0.16425204, 0.51082557]"
      ),
      shim: "[0.10536043, 0.22314343, 0.5108254, 0.51082546]", keras: "[0.16425206, 0.51082563]",
      .differs,
      "One loss per element against one per sample; and ε is added here, a bound for "
        + "clipping there.", recipe: "epsilon"),
    .row(
      "5.2/log-unweighted", "labels `[[1, 0], [1, 0]]`, predictions `[[.9, .2], [.6, .4]]`",
      of: .batchSize,
      recorded: ("0.33753866", "0.33753866", "0.33753881"),
      shim: "0.33753869", keras: "0.33753884",
      .differs, "Away from 0 and 1 the two differ by some 1e-7.", recipe: "epsilon"),
    .row(
      "5.2/log-zero-sample", "weights `[[0], [2]]`",
      recorded: ("1.0216508", "0.5108254", "0.51082557"),
      shim: "1.0216508", keras: "0.51082563",
      .differs, "The factor n / z, and the other formula.", recipe: "epsilon"),
    .row(
      "5.2/log-per-element", "weights `[[1, 0], [2, 1]]`",
      recorded: ("0.54594553", "InvalidArgumentError", "0.25089544"),
      shim: "0.54594558", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "epsilon"),
    .row(
      "5.2/log-extreme-1-0", "y = 1, p = 0",
      recorded: ("16.118095", "15.424949", "16.118095"),
      shim: "16.118095", keras: "16.118095",
      .same, "-ln ε on both sides."),
    .row(
      "5.2/log-extreme-0-1", "y = 0, p = 1",
      recorded: ("16.118095", "15.333239", "15.942385"),
      shim: "16.118095", keras: "16.118095",
      .same, "Keras 3 rounds the bound 1 - ε to `float32`; here it is a real number."),
    .row(
      "5.2/log-extreme-1-1", "y = 1, p = 1",
      recorded: ("-1.1920928e-07", "-0", "1.1920929e-07"),
      shim: "-9.9999994e-08", keras: "1.0000001e-07",
      .differs, "A perfect prediction: -ln(1 + ε) here, -ln(1 - ε) there. TensorFlow rounds 1 + ε.",
      recipe: "epsilon"),
    .row(
      "5.2/log-extreme-0-0", "y = 0, p = 0",
      recorded: ("-1.1920928e-07", "-0", "1.1920929e-07"),
      shim: "-9.9999994e-08", keras: "1.0000001e-07",
      .differs, "", recipe: "epsilon"),
    .row(
      "5.2/log-outside", "y = 1, p = -.5",
      recorded: ("NaN", "15.424949", "16.118095"),
      shim: "NaN", keras: "16.118095",
      .differs, "Keras clips what is no probability; TensorFlow 1 takes its logarithm.",
      recipe: "epsilon"),
    .row(
      "5.2/log-extreme-1-0", "y = 1, p = 0",
      of: .gradient,
      recorded: ("[-10000000]", "–", "[0]"),
      shim: "[-10000000]", keras: "[0]",
      .differs, "-1 / ε against 0: no gradient passes through a clipped probability.",
      recipe: "epsilon"),
    .row(
      "5.2/log-epsilon", "epsilon .01",
      recorded: ("0.3234061", "0.33753866", "0.33753881"),
      shim: "0.3234061", keras: "0.33753884",
      .differs, "Keras's ε is fixed, at 1e-7.", recipe: "epsilon"),
    .row(
      "1.1.2/epsilon-0-wrong", "epsilon 0, y = 1, p = 0",
      recorded: ("inf", "15.424949", "16.118095"),
      shim: "inf", keras: "16.118095",
      .differs, "", recipe: "epsilon"),
    .row(
      "1.1.2/epsilon-0-right", "epsilon 0, y = 1, p = 1",
      recorded: ("NaN", "-0", "1.1920929e-07"),
      shim: "0", keras: "1.0000001e-07",
      .differs,
      "TensorFlow multiplies 0 by the logarithm of 0. Here a label of 0 has no part in the "
        + "loss.", recipe: "epsilon"),
  ]
}
