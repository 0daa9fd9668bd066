// The files that a call of the command names.

import KerasLosses

/// The files of one call.
package struct Operands: Sendable {
  let labels: NpyFile
  let predictions: NpyFile
  let weights: NpyFile?
  let mask: NpyFile?
  /// The options that the files were given for.
  let names: ArgumentNames

  package init(
    labels: NpyFile, predictions: NpyFile, weights: NpyFile? = nil, mask: NpyFile? = nil,
    names: ArgumentNames
  ) {
    self.labels = labels
    self.predictions = predictions
    self.weights = weights
    self.mask = mask
    self.names = names
  }

  /// An error of the library, with the file at fault before it.
  func failure(_ error: LossError) -> Failure {
    let file =
      switch error.argument {
      case names.labels: labels
      case names.weights: weights
      case "mask": mask
      default: predictions
      }
    return .data((file ?? predictions).path, error.description)
  }
}

extension NpyFile {
  /// Opens the file that an option names.
  init(_ option: String, _ arguments: Arguments) throws(Failure) {
    try self.init(path: arguments.required(option))
  }

  /// Opens the file that an option names, if it is given.
  static func optional(_ option: String, _ arguments: Arguments) throws(Failure) -> NpyFile? {
    guard let path = arguments[option] else { return nil }
    return try NpyFile(path: path)
  }

  /// The row of this file in a report: what it is, its name, its type and its shape.
  func row(_ title: String) -> [String] { [title, path, header.typeText, "\(shape)"] }
}
