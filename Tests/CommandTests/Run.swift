// Running the built command as a process.

import Foundation
import TestSupport

/// What a run of the command left behind.
struct Outcome {
  let status: Int32
  let output: String
  let errors: String
}

enum Tool {
  /// The command that was built with these tests.
  static let path = builtProgram("keras-losses")

  /// A run that has been started in `directory`, with its two pipes.
  static func start(
    _ arguments: [String], in directory: String
  ) throws -> (process: Process, output: Pipe, errors: Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return (process, output, errors)
  }

  /// Runs the command to its end.
  static func run(_ arguments: [String], in directory: String = "/") throws -> Outcome {
    let (process, output, errors) = try start(arguments, in: directory)
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
      errors: String(decoding: errorData, as: UTF8.self))
  }
}

/// A directory of its own for a test's files, removed with this object.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/keras-losses-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its name.
  @discardableResult
  func write(_ contents: Data, _ name: String) throws -> String {
    try contents.write(to: URL(fileURLWithPath: path + "/" + name))
    return name
  }

  func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
  }

  /// The names of all files, hidden ones too.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func run(_ arguments: [String]) throws -> Outcome { try Tool.run(arguments, in: path) }
}
