import Foundation

/// The path of a program that was built with these tests: it lies beside the test bundle.
package func builtProgram(_ name: String) -> String {
  let starts = [Bundle.main.executablePath ?? ""] + CommandLine.arguments
  for start in starts where start.contains("/") {
    var directory = URL(fileURLWithPath: start).resolvingSymlinksInPath()
    while directory.path != "/" {
      directory.deleteLastPathComponent()
      let candidate = directory.appendingPathComponent(name).path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory),
        !isDirectory.boolValue
      {
        return candidate
      }
    }
  }
  fatalError("\(name) was not found beside the tests.")
}
