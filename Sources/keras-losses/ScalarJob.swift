// From the element type of a file to the type that a loss is computed in.

import KerasLosses

/// Work that is done in the type of the predictions.
protocol ScalarJob {
  /// The text for standard output.
  func run<Scalar: LossScalar>(_ type: Scalar.Type) throws(Failure) -> String
}

extension ScalarJob {
  /// Does the work in the type of the predictions' file.
  func run(on operands: Operands) throws(Failure) -> String {
    let predictions = operands.predictions
    switch predictions.header.type {
    case .float32: return try run(Float.self)
    case .float64: return try run(Double.self)
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      case .float16: return try run(Float16.self)
    #endif
    default:
      throw .data(
        predictions.path,
        "\(operands.names.predictions): must have elements of a floating-point type; got "
          + "\(predictions.header.typeText).")
    }
  }
}
