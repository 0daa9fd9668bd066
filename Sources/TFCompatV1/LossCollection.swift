import KerasLosses
import Synchronization

/// Losses collected as they are computed: TensorFlow 1's `GraphKeys.LOSSES` and
/// `GraphKeys.REGULARIZATION_LOSSES`, as an object that you hand over.
///
/// ```swift
/// let collection = LossCollection<Float>()
/// _ = try Losses.softmaxCrossEntropy(onehotLabels: y, logits: x, lossCollection: collection)
/// collection.addRegularizationLoss([0.01], scope: "dense")
/// let total = try collection.getTotalLoss()
/// ```
///
/// TensorFlow collects in graph mode only and into a global; Swift runs eagerly, and nothing is
/// collected unless a collection is handed over. A collection can be shared between threads; losses
/// that threads add at the same time stand in the order in which they arrived.
///
/// **Names.** A loss is filed under `<scope>/value` (`<scope>/Mul` for the reduction `none`), and a
/// scope that is used again becomes `<scope>_1`, `<scope>_2`, …, as TensorFlow names operations. The
/// `scope` of the getters selects the names that begin with it. It is plain text: TensorFlow takes it
/// for a regular expression.
public final class LossCollection<Scalar: LossScalar>: Sendable {
  private struct Entry: Sendable {
    let name: String
    let loss: Tensor<Scalar>
  }

  private struct State: Sendable {
    var losses: [Entry] = []
    var regularization: [Entry] = []
    var uses: [String: Int] = [:]

    /// The operation's name under a scope that has not been used before.
    mutating func uniqueName(_ scope: String, _ operation: String) -> String {
      let use = uses[scope, default: 0]
      uses[scope] = use + 1
      return use == 0 ? "\(scope)/\(operation)" : "\(scope)_\(use)/\(operation)"
    }
  }

  private let state = Mutex(State())

  /// An empty collection.
  public init() {}

  /// Adds a loss. Source: `tf.compat.v1.losses.add_loss`.
  public func addLoss(_ loss: Tensor<Scalar>, scope: String = "loss") {
    add(loss, scope: scope, operation: "value")
  }

  func add(_ loss: Tensor<Scalar>, scope: String, operation: String) {
    state.withLock {
      let name = $0.uniqueName(scope, operation)
      $0.losses.append(Entry(name: name, loss: loss))
    }
  }

  /// The losses whose name begins with `scope`, in the order in which they were added; all if nil.
  /// Source: `tf.compat.v1.losses.get_losses`.
  public func getLosses(scope: String? = nil) -> [Tensor<Scalar>] {
    Self.select(state.withLock { $0.losses }, scope)
  }

  /// Adds a regularization loss. Source: `GraphKeys.REGULARIZATION_LOSSES`.
  public func addRegularizationLoss(_ loss: Tensor<Scalar>, scope: String = "regularization") {
    state.withLock {
      let name = $0.uniqueName(scope, "value")
      $0.regularization.append(Entry(name: name, loss: loss))
    }
  }

  /// The regularization losses whose name begins with `scope`; all if nil.
  /// Source: `tf.compat.v1.losses.get_regularization_losses`.
  public func getRegularizationLosses(scope: String? = nil) -> [Tensor<Scalar>] {
    Self.select(state.withLock { $0.regularization }, scope)
  }

  /// The sum of the regularization losses; 0 if there are none.
  ///
  /// Throws a `LossError` if their shapes differ.
  /// Source: `tf.compat.v1.losses.get_regularization_loss`.
  public func getRegularizationLoss(scope: String? = nil) throws(LossError) -> Tensor<Scalar> {
    let losses = getRegularizationLosses(scope: scope)
    return losses.isEmpty ? Tensor(0) : try Self.sum(losses)
  }

  /// The sum of the losses, and of the regularization losses unless told otherwise.
  ///
  /// `scope` selects among both. Throws a `LossError` if there is nothing to add or if shapes differ,
  /// as they do when a loss of the reduction `none` stands beside a scalar.
  /// Source: `tf.compat.v1.losses.get_total_loss`.
  public func getTotalLoss(
    addRegularizationLosses: Bool = true, scope: String? = nil
  ) throws(LossError) -> Tensor<Scalar> {
    var losses = getLosses(scope: scope)
    if addRegularizationLosses { losses += getRegularizationLosses(scope: scope) }
    return try Self.sum(losses)
  }

  private static func select(_ entries: [Entry], _ scope: String?) -> [Tensor<Scalar>] {
    entries.filter { $0.name.hasPrefix(scope ?? "") }.map(\.loss)
  }

  /// The sum, element by element, rounded once.
  private static func sum(_ losses: [Tensor<Scalar>]) throws(LossError) -> Tensor<Scalar> {
    guard let first = losses.first else {
      throw LossError(
        .emptyCollection, "lossCollection", "holds no losses; a total needs at least one.")
    }
    if let other = losses.first(where: { $0.shape != first.shape }) {
      throw LossError(
        .shapeMismatch, "lossCollection",
        "losses must have one shape to be added; got \(first.shape) and \(other.shape).")
    }
    let sums = first.scalars.indices.map { index -> Scalar in
      var accumulator = LossAccumulator()
      accumulator.feed(losses: losses.map { $0.scalars[index] }, weights: nil, keep: nil)
      return accumulator.finish(.one)
    }
    return Tensor(shape: first.shape, scalars: sums)
  }
}
