// The loss that --loss, --config and --reduction describe together.

import Foundation
import KerasLosses

enum LossOptions {
  /// The loss of a call of `evaluate`.
  static func loss(_ arguments: Arguments) throws(Failure) -> any KerasLoss {
    var loss = try named(arguments.required("--loss"))
    if let text = arguments["--config"] {
      guard let config = JSON(parsing: Data(text.utf8)), case .object = config else {
        throw .usage("--config: must be a JSON object, as '{\"from_logits\": true}'; got \(text).")
      }
      do {
        loss = try changing(loss, config)
      } catch {
        throw .usage("--config: \(explanation(error))")
      }
    }
    guard let name = arguments["--reduction"] else { return loss }
    do {
      let reduction = try Reduction(keras: name)
      return try changing(loss, .object(["reduction": .string(reduction.rawValue)]))
    } catch {
      // The library's text begins with "reduction: ".
      throw .usage("--\(explanation(error))")
    }
  }

  /// A loss by its name, or by the file that holds its configuration.
  private static func named(_ name: String) throws(Failure) -> any KerasLoss {
    do {
      return try LossIdentifier(name).loss
    } catch {
      guard name.hasSuffix(".json") || name.contains("/") else {
        let names = LossIdentifier.catalog.flatMap {
          [$0.names.class, $0.names.function] + $0.names.aliases
        }
        throw .usage(
          "--loss: \(name) is no loss; did you mean \(nearest(to: name, among: names))? "
            + "See keras-losses list. A configuration is a file that ends in .json.")
      }
    }
    return try configured(name)
  }

  /// The loss that a file describes as `keras.losses.serialize` does.
  private static func configured(_ path: String) throws(Failure) -> any KerasLoss {
    guard FileManager.default.fileExists(atPath: path) else { throw .data(path, "no such file.") }
    let contents: Data
    do {
      contents = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .data(path, "cannot be read: \(reason(error)).")
    }
    do {
      return try JSONDecoder().decode(LossIdentifier.self, from: contents).loss
    } catch {
      throw .data(path, explanation(error))
    }
  }

  /// A loss with some parameters replaced.
  private static func changing(_ loss: any KerasLoss, _ changes: JSON) throws -> any KerasLoss {
    let changed = JSON.object([
      "class_name": .string(type(of: loss).names.class),
      "config": configuration(of: loss).merging(changes),
    ])
    return try JSONDecoder().decode(LossIdentifier.self, from: Data(changed.text.utf8)).loss
  }

  /// All parameters of a loss under Keras's names.
  static func configuration(of loss: any KerasLoss) -> JSON {
    let encoded = (try? JSONEncoder().encode(LossIdentifier(loss))) ?? Data()
    return JSON(parsing: encoded)?["config"] ?? .object([])
  }

  /// What is wrong with a configuration.
  private static func explanation(_ error: any Error) -> String {
    switch error {
    case let error as LossError: error.description
    default: "is not JSON."
    }
  }
}
