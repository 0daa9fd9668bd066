// The command line.

/// What was asked for.
struct Options {
  /// A command line that cannot be run.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  enum Threads: String { case one = "1", all, both }

  private(set) var wantsHelp = false
  private(set) var asJSON = false
  private(set) var filter: String?
  private(set) var svgPath: String?
  private(set) var exportPath: String?
  private(set) var repetitions: Int?
  private(set) var threads = Threads.both

  static let help = """
    Measures the losses, and beside each the memory loop over the same arrays.

    usage: swift run -c release losses-benchmark [options]

      --filter TEXT      only rows whose title contains TEXT, for example
                         "categorical_crossentropy 512x50257 dense value"
      --threads 1|all    one thread, or as many as there are processors; default: both, in turn
      --repetitions N    how often each row is measured; default: for 1.5 s, at least 15 times
      --json             one array of objects instead of a table
      --svg FILE         also draws the shares of bandwidth
      --export FOLDER    writes the arrays of the workloads as .npy files, with workloads.json, which
                         says what they are and what their loss is, and measures nothing
      --help             this text

    A row is a loss, a shape, a kind of labels (dense: numbers; sparse: class ids), a pass (the value
    alone, or value and gradient) and a buffer: "fresh" allocates the gradient in every call, "reused"
    writes into the same one. Times are medians of repetitions that alternate with those of the memory
    loop: reading labels and predictions (sparse: predictions; the faster of a sum and a maximum), and
    with a gradient also writing as much as is read of the predictions, into memory that is there
    already. The share is the loop's time divided by the loss's: 100 % is the speed of memory.
    The JSON has no field for weights and the like: of rows that it cannot tell apart the first stands.
    Set KERAS_LOSSES_ISA to avx2 or baseline to measure these, losses and loops alike.

    """

  init(_ arguments: [String]) throws(Mistake) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": wantsHelp = true
      case "--json": asJSON = true
      case "--filter": filter = try Self.value(of: argument, "TEXT", &rest)
      case "--svg": svgPath = try Self.value(of: argument, "FILE", &rest)
      case "--export": exportPath = try Self.value(of: argument, "FOLDER", &rest)
      case "--threads":
        let text = try Self.value(of: argument, "1 or all", &rest)
        guard let known = Threads(rawValue: text), known != .both else {
          throw Mistake("--threads: must be 1 or all; got \(text).")
        }
        threads = known
      case "--repetitions":
        let text = try Self.value(of: argument, "N", &rest)
        guard let count = Int(text), count > 0 else {
          throw Mistake("--repetitions: must be a positive integer; got \(text).")
        }
        repetitions = count
      default: throw Mistake("\(argument): unknown option; see losses-benchmark --help.")
      }
    }
  }

  private static func value(
    of option: String, _ placeholder: String, _ rest: inout ArraySlice<String>
  ) throws(Mistake) -> String {
    guard let value = rest.popFirst() else {
      throw Mistake("\(option): needs a value, \(placeholder).")
    }
    return value
  }
}
