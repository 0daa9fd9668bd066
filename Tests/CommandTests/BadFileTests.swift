// Bad files: status 1 and one line that names the file and what is wrong with it.

import Foundation
import KerasLosses
import Testing

@Suite struct BadFileTests {
  private static let types = "f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1"

  /// A file that cannot be read as an array, and what is said of it.
  static let cases: [(name: String, contents: Data, text: String)] = [
    ("empty", Data(), "is empty; a .npy file is needed."),
    ("text", Data("1 2 3\n".utf8), #"is not a .npy file: it does not begin with \x93NUMPY."#),
    (
      "archive", Data("PK\u{3}\u{4}".utf8),
      "is not a .npy file but a zip archive, as .npz files are."
    ),
    ("magic only", npyHeader("(1,)").prefix(6), "is truncated: the header is not complete."),
    (
      "half a length", npyHeader("(1,)", Storage(version: 2)).prefix(11),
      "is truncated: the header is not complete."
    ),
    (
      "half a header", npyHeader("(1,)").prefix(30),
      "is truncated: a header of 58 bytes is announced; 20 follow."
    ),
    (
      "version 4", npyHeader("(1,)", Storage(version: 4)),
      "has .npy version 4.0; versions 1.0 to 3.0 are read."
    ),
    (
      "no numbers", npyHeader("(2, 3)"),
      "is truncated: shape [2, 3] of <f4 takes 24 bytes; 0 follow the header."
    ),
    (
      "too few numbers", npy([2, 3], [1, 2, 3, 4, 5, 6], Storage(type: "f8")).dropLast(),
      "is truncated: shape [2, 3] of <f8 takes 48 bytes; 47 follow the header."
    ),
    (
      "overflowing count", npyHeader("(4294967296, 4294967296)"),
      "has a shape, [4294967296, 4294967296], whose size does not fit a 64-bit integer."
    ),
    (
      "overflowing bytes", npyHeader("(4611686018427387904,)"),
      "has a shape, [4611686018427387904], whose size does not fit a 64-bit integer."
    ),
    (
      "overflowing though empty", npyHeader("(0, 4294967296, 4294967296)"),
      "has a shape, [0, 4294967296, 4294967296], whose size does not fit a 64-bit integer."
    ),
    (
      "overflowing size", npyHeader("(9223372036854775808,)"),
      "has a shape whose sizes do not fit 64-bit integers."
    ),
    (
      "65 axes", npyHeader(shapeText([Int](repeating: 1, count: 65))),
      "has 65 axes; arrays of NumPy have at most 64."
    ),
    (
      "complex", npyHeader("(1,)", Storage(type: "c8")),
      "has elements of type '<c8' (complex); supported are \(types)."
    ),
    (
      "objects", header(descr: "'|O'"),
      "has elements of type '|O' (object); supported are \(types)."
    ),
    (
      "strings", header(descr: "'<U3'"),
      "has elements of type '<U3' (string); supported are \(types)."
    ),
    (
      "dates", header(descr: "'<M8[ns]'"),
      "has elements of type '<M8[ns]' (time); supported are \(types)."
    ),
    (
      "long doubles", header(descr: "'<f16'"),
      "has elements of type '<f16'; supported are \(types)."
    ),
    ("no type", header(descr: "''"), "has elements of type ''; supported are \(types)."),
    (
      "structured", header(descr: "[('a', '<f4'), ('b', '<i4')]"),
      "has elements of a structured type; supported are \(types)."
    ),
    (
      "type is no string", header(descr: "True"),
      "has a malformed header: 'descr' must be a string."
    ),
    (
      "order is no bool",
      npyHeader(dictionary: "{'descr': '<f4', 'fortran_order': 'C', 'shape': ()}"),
      "has a malformed header: 'fortran_order' must be True or False."
    ),
    (
      "shape is no tuple",
      npyHeader(dictionary: "{'descr': '<f4', 'fortran_order': False, 'shape': '3'}"),
      "has a malformed header: 'shape' must be a tuple of integers."
    ),
    (
      "missing key", npyHeader(dictionary: "{'descr': '<f4', 'shape': (1,)}"),
      "has a malformed header: it needs 'descr', 'fortran_order' and 'shape'."
    ),
    (
      "key twice",
      npyHeader(dictionary: "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False}"),
      "has a malformed header: 'descr' is given twice."
    ),
    (
      "unknown key", npyHeader(dictionary: "{'descr': '<f4', 'fortran': False}"),
      "has a malformed header: 'fortran' is no key of a .npy header."
    ),
    ("parentheses", npyHeader("(3)"), "has a malformed header: ',' expected at byte 52."),
    (
      "negative size", npyHeader("(-1,)"),
      "has a malformed header: an integer that is not negative expected at byte 51."
    ),
    (
      "two commas", npyHeader("(1,,)"),
      "has a malformed header: an integer that is not negative expected at byte 53."
    ),
    (
      "no dictionary", npyHeader(dictionary: "'descr'"),
      "has a malformed header: '{' expected at byte 0."
    ),
    (
      "no colon", npyHeader(dictionary: "{'descr' '<f4'}"),
      "has a malformed header: ':' expected at byte 9."
    ),
    (
      "no comma", npyHeader(dictionary: "{'descr': '<f4' 'shape': ()}"),
      "has a malformed header: '}' expected at byte 16."
    ),
    (
      "no end", npyHeader(dictionary: "{'descr': '<f4"),
      "has a malformed header: a string without end at byte 11."
    ),
    (
      "backslash", npyHeader(dictionary: #"{'descr': '<f4\x00'}"#),
      "has a malformed header: an unexpected character in a string at byte 11."
    ),
    (
      "code", npyHeader(dictionary: "{'descr': f4}"),
      "has a malformed header: a string, a tuple, True or False expected at byte 10."
    ),
    (
      "something behind",
      npyHeader(dictionary: "{'descr': '<f4', 'fortran_order': False, 'shape': ()} 1"),
      "has a malformed header: nothing more expected at byte 54."
    ),
  ]

  private static func header(descr: String) -> Data {
    npyHeader(dictionary: "{'descr': \(descr), 'fortran_order': False, 'shape': (1,), }")
  }

  private let folder: Folder
  private let evaluate = ["evaluate", "--loss", "CategoricalCrossentropy"]

  init() throws {
    folder = try Folder()
    try folder.write(npy([2, 3], [0, 1, 0, 0, 0, 1]), "good.npy")
  }

  private func expect(_ text: String, _ arguments: [String]) throws {
    let outcome = try folder.run(arguments)
    #expect(outcome.errors == "keras-losses: \(text)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 1)
  }

  @Test(arguments: cases.indices)
  func isRefused(_ index: Int) throws {
    let (name, contents, text) = Self.cases[index]
    try folder.write(contents, "bad.npy")
    let outcome = try folder.run(evaluate + ["--y-true", "bad.npy", "--y-pred", "good.npy"])
    #expect(outcome.errors == "keras-losses: bad.npy: \(text)\n", "\(name)")
    #expect(outcome.output == "")
    #expect(outcome.status == 1)
  }

  @Test func pathsThatAreNoFiles() throws {
    let rest = ["--y-pred", "good.npy"]
    try expect("none.npy: no such file.", evaluate + ["--y-true", "none.npy"] + rest)
    try expect(".: is a directory; a .npy file is needed.", evaluate + ["--y-true", "."] + rest)
    try expect(
      "/dev/null: is not a regular file, and nothing else can be mapped.",
      evaluate + ["--y-true", "/dev/null"] + rest)
  }

  @Test func typesThatDoNotFitTheirPart() throws {
    try folder.write(npy([2, 3], [0, 1, 0, 0, 0, 1], Storage(type: "i8")), "ints.npy")
    try expect(
      "ints.npy: --y-pred: must have elements of a floating-point type; got <i8.",
      evaluate + ["--y-true", "good.npy", "--y-pred", "ints.npy"])
    try expect(
      "ints.npy: --logits: must have elements of a floating-point type; got <i8.",
      [
        "migrate", "--function", "softmax_cross_entropy", "--labels", "good.npy", "--logits",
        "ints.npy",
      ])
    try folder.write(npy([2], [0, 1]), "mask.npy")
    try expect(
      "mask.npy: --mask: must have elements of type b1 or integers; got <f4.",
      evaluate + ["--y-true", "good.npy", "--y-pred", "good.npy", "--mask", "mask.npy"])
  }

  @Test func shapesThatDoNotFit() throws {
    try folder.write(npy([3, 2], [0, 1, 0, 0, 0, 1]), "turned.npy")
    try folder.write(npy([], [1]), "scalar.npy")
    try folder.write(npy([3], [1, 2, 3]), "three.npy")
    let good = ["--y-true", "good.npy", "--y-pred", "good.npy"]
    try expect(
      "turned.npy: --y-true: must have the shape of --y-pred (where the ranks differ by one, a "
        + "trailing axis of size 1 may be added or dropped); got --y-true [3, 2] and --y-pred [2, 3].",
      evaluate + ["--y-true", "turned.npy", "--y-pred", "good.npy"])
    try expect(
      "scalar.npy: --y-pred: must have at least one axis, the classes; got --y-pred [] and "
        + "--y-true [].", evaluate + ["--y-true", "scalar.npy", "--y-pred", "scalar.npy"])
    try expect(
      "three.npy: --sample-weight: must align with the leading axes of the losses, each size 1 or "
        + "equal; got --sample-weight [3] for losses [2].",
      evaluate + good + ["--sample-weight", "three.npy"])
    try expect(
      "good.npy: axis: must lie in -2..<2 for --y-pred of rank 2; got 2.",
      evaluate + good + ["--config", #"{"axis": 2}"#])
    try expect(
      "turned.npy: --labels: must have the shape of --predictions; got --labels [3, 2] and "
        + "--predictions [2, 3].",
      [
        "migrate", "--function", "softmax_cross_entropy", "--labels", "turned.npy", "--predictions",
        "good.npy",
      ])
    try folder.write(npy([3], [1, 0, 1], Storage(type: "b1")), "mask.npy")
    try expect(
      "mask.npy: mask: must have the shape of the losses, [2]; got [3] for --y-pred [2, 3].",
      evaluate + good + ["--mask", "mask.npy"])
    try expect(
      "three.npy: --sample-weight: must align with the leading axes of the losses, each size 1 or "
        + "equal; got --sample-weight [3] for losses []. --y-pred [3] is one sample with 3 outputs; "
        + "for 3 samples reshape to [3, 1].",
      evaluate + [
        "--y-true", "three.npy", "--y-pred", "three.npy", "--sample-weight", "three.npy",
      ])
  }

  @Test func configurationsThatDescribeNoLoss() throws {
    let rest = ["--y-true", "good.npy", "--y-pred", "good.npy"]
    func expect(_ json: String, _ text: String) throws {
      try folder.write(Data(json.utf8), "loss.json")
      try self.expect("loss.json: \(text)", ["evaluate", "--loss", "loss.json"] + rest)
    }
    try self.expect(
      "none.json: no such file.", ["evaluate", "--loss", "none.json"] + rest)
    try expect("", "is not JSON.")
    for json in ["[]", "{}"] {
      try expect(
        json,
        "identifier: must be a name, or an object with the name of a class at \"class_name\".")
    }
    let names = LossIdentifier.catalog.map(\.names.class).sorted().joined(separator: ", ")
    try expect(#""Nothing""#, "identifier: \"Nothing\" names no loss; there are \(names).")
    try expect(
      #"{"class_name": "CategoricalCrossentropy", "config": {"from_logit": true}}"#,
      "from_logit: is no key of this configuration; known keys are from_logits, label_smoothing, "
        + "axis, reduction, name.")
  }
}
