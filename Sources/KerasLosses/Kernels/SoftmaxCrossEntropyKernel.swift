internal import CLossKernels

/// −Σ y·ln softmax(x) over rows of logits, in one pass over them: `kl_softmax_cross_entropy_run`.
package struct SoftmaxCrossEntropyKernel: RowKernel {
  package let axis: Int
  package var labels = LabelEncoding.dense
  package var labelSmoothing = 0.0

  package func compute(_ run: SampleRun) {
    if labels == .dense { return compute(run, classIDs: nil) }
    run.classIDs().withUnsafeBufferPointer { compute(run, classIDs: $0.baseAddress) }
  }

  private func compute(_ run: SampleRun, classIDs: UnsafePointer<Int64>?) {
    let first = run.samples.lowerBound
    // The kernel numbers arrays of samples from the tensor's first sample on.
    var job = kl_softmax_cross_entropy(
      type: run.kind.kernelType, label_type: run.labelKind.kernelType, logits: run.predictions,
      labels: classIDs == nil ? run.labels : nil, class_ids: classIDs.map { $0 - first },
      classes: Int64(run.classes), inner: Int64(run.inner),
      smoothing: labelSmoothing,
      keep: run.keepOfRun.map { UnsafeRawPointer($0 - first).assumingMemoryBound(to: UInt8.self) },
      scale: run.scalesOfRun.map { $0 - first },
      losses: run.lossesOfRun - first * run.kind.width, gradient: run.gradient)
    kl_softmax_cross_entropy_run(&job, Int64(first), Int64(run.samples.count))
  }
}
