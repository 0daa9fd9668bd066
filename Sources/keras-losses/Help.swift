// The texts of --help, made from the tables that the parser reads.

enum Help {
  static var overview: String {
    let width = Subcommand.all.map(\.name.count).max() ?? 0
    let subcommands = Subcommand.all.map {
      "  " + padded($0.name, to: width) + "  " + $0.summary
    }
    return """
      keras-losses: Keras-style losses, and what becomes of TensorFlow 1's, on .npy files.

      Usage:
        keras-losses                         the example of TensorFlow's documentation, before and after
        keras-losses SUBCOMMAND [OPTIONS]
        keras-losses SUBCOMMAND --help

      Subcommands:
      \(subcommands.joined(separator: "\n"))

      \(files)

      """
  }

  static func text(of subcommand: Subcommand) -> String {
    let shown = subcommand.options
    let names = shown.map { option in
      ([option.name] + (option.alias.map { [$0] } ?? [])).joined(separator: ", ")
        + (option.value.map { " \($0)" } ?? "")
    }
    let width = names.map(\.count).max() ?? 0
    let rows = zip(names, shown).map { name, option in
      "  " + padded(name, to: width) + "  " + option.help
        + (option.isRequired ? " (required)" : "")
    }
    let options = rows.isEmpty ? "" : "\nOptions:\n\(rows.joined(separator: "\n"))\n"
    return """
      keras-losses \(subcommand.name): \(subcommand.summary)
      \(options)
      \(subcommand.details)

      """
  }

  static let files = """
    Files are NumPy's .npy, versions 1 to 3: f2, f4, f8, i1 to i8, u1 to u8 and b1, of either byte order,
    in C or Fortran order. They are mapped and read in pieces, so they may be larger than the memory.

    Exit status: 0; 1 for bad data, 2 for a wrong command line, each with one line on standard error.
    """
}
