// The command's entry: which subcommand runs, and what becomes of an error.

import Foundation

/// Why a call of the command ends without a result.
package struct Failure: Error, Sendable, Equatable {
  /// 1 for bad data, 2 for a wrong command line.
  package let status: Int32
  /// One line: the file or option at fault, and what is wrong with it.
  package let text: String

  /// A file whose contents, shape or place is wrong.
  static func data(_ path: String, _ explanation: String) -> Failure {
    Failure(status: 1, text: "\(path): \(explanation)")
  }

  /// A command line that cannot be run.
  static func usage(_ explanation: String) -> Failure {
    Failure(status: 2, text: explanation)
  }
}

@main
struct Command {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      // One line, whatever a file name contains.
      let line = error.text.split(whereSeparator: \.isNewline).joined(separator: " ")
      FileHandle.standardError.write(Data("keras-losses: \(line)\n".utf8))
      exit(error.status)
    }
  }

  private static func run(_ arguments: [String]) throws(Failure) {
    guard let name = arguments.first else {
      try write(try ExampleCommand.report())
      return
    }
    if ["--help", "-h", "help"].contains(name) {
      try write(Help.overview)
      return
    }
    guard let subcommand = Subcommand.all.first(where: { $0.name == name }) else {
      let known = Subcommand.all.map(\.name).joined(separator: ", ")
      throw .usage("\(name): no such subcommand; there are \(known). See keras-losses --help.")
    }
    let rest = Array(arguments.dropFirst())
    if rest.contains("--help") || rest.contains("-h") {
      try write(Help.text(of: subcommand))
    } else {
      try write(try subcommand.run(try Arguments(rest, for: subcommand)))
    }
  }

  /// Prints a result, all of it or an error: a full disk behind a redirection must not look like success.
  private static func write(_ text: String) throws(Failure) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw .data("standard output", "cannot be written: \(reason(error)).")
    }
  }
}

/// What the system says about a failed operation on a file: "No space left on device".
func reason(_ error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
  for candidate in [error, underlying] {
    if let candidate, candidate.domain == NSPOSIXErrorDomain {
      return systemText(Int32(candidate.code))
    }
  }
  return error.localizedDescription
}

/// The system's text for an error number.
func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
