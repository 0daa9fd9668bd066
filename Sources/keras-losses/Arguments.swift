// The command line: which options a subcommand takes, and what was given for them.

/// An option of a subcommand.
struct Option: Sendable {
  let name: String
  /// Another spelling of the same option.
  var alias: String?
  /// What its value stands for; nil for a switch without one.
  let value: String?
  let help: String
  var isRequired = false
}

/// A subcommand: its options and what it does.
struct Subcommand: Sendable {
  let name: String
  let summary: String
  let options: [Option]
  let details: String
  /// The text for standard output.
  let run: @Sendable (Arguments) throws(Failure) -> String

  static let all = [migrate, evaluate, list]
}

/// The options that were given, each at most once.
struct Arguments: Sendable {
  private struct Given: Sendable {
    let spelling: String
    let value: String
  }

  private var given: [String: Given] = [:]

  /// The arguments of a subcommand: `--name value`, `--name=value`, or `--name` for a switch.
  init(_ arguments: [String], for subcommand: Subcommand) throws(Failure) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument != "--" else {
        throw .usage(
          "\(argument): unexpected argument; files are named by options. "
            + "See keras-losses \(subcommand.name) --help.")
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let spelling = String(parts[0])
      let option = try Self.option(spelling, of: subcommand)
      let attached = parts.count == 2 ? String(parts[1]) : nil
      let value = try Self.value(of: option, spelling, attached, &rest)
      guard given.updateValue(Given(spelling: spelling, value: value), forKey: option.name) == nil
      else {
        throw .usage("\(spelling): given twice.")
      }
    }
    for option in subcommand.options where option.isRequired && given[option.name] == nil {
      throw .usage(
        "\(option.name): missing. See keras-losses \(subcommand.name) --help.")
    }
  }

  private static func option(
    _ spelling: String, of subcommand: Subcommand
  ) throws(Failure) -> Option {
    let options = subcommand.options
    if let option = options.first(where: { $0.name == spelling || $0.alias == spelling }) {
      return option
    }
    let known = options.flatMap { [$0.name, $0.alias].compactMap(\.self) }
    throw .usage(
      "\(spelling): unknown option; did you mean \(nearest(to: spelling, among: known))? "
        + "See keras-losses \(subcommand.name) --help.")
  }

  private static func value(
    of option: Option, _ spelling: String, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(Failure) -> String {
    guard let placeholder = option.value else {
      guard attached == nil else { throw .usage("\(spelling): takes no value.") }
      return ""
    }
    if let attached { return attached }
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw .usage("\(spelling): needs a value, \(placeholder).")
    }
    rest.removeFirst()
    return next
  }

  /// The value given for an option, or nil.
  subscript(name: String) -> String? { given[name]?.value }

  /// The value of an option without which the arguments are refused.
  func required(_ name: String) -> String { given[name]?.value ?? "" }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { given[name] != nil }

  /// An option as it was spelled: by its name or its alias.
  func spelling(_ name: String) -> String { given[name]?.spelling ?? name }
}

/// The candidate that begins with the word, or else takes the fewest edits; the first of equals.
func nearest(to word: String, among candidates: [String]) -> String {
  if let longer = candidates.first(where: { $0.hasPrefix(word) }) { return longer }
  return candidates.min { editDistance($0, word) < editDistance($1, word) } ?? ""
}

/// How many characters have to be inserted, removed or replaced (Levenshtein).
private func editDistance(_ a: String, _ b: String) -> Int {
  let target = Array(b)
  var row = Array(0...target.count)
  for (i, character) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in target.indices {
      let replaced = diagonal + (character == target[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[target.count]
}
