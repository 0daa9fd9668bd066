// A chart of the shares of bandwidth, on a panel of its own, light or dark as the reader prefers: it reads on any page.

import Foundation

/// One group of bars per workload, pass and buffer; one bar per number of threads.
struct Chart {
  private let groups: [(title: String, rows: [Row])]
  private let threads: [Int]
  /// The share at the right end: all of it, or more if a loss beat its loop.
  private let fullShare: Double

  private let labelWidth = 500.0
  private let barWidth = 400.0
  private let barHeight = 9.0
  private let top = 56.0
  private let margin = 14.0

  init(rows: [Row]) {
    var titles: [String] = []
    for row in rows where !titles.contains(row.subject.title) { titles.append(row.subject.title) }
    groups = titles.map { title in (title, rows.filter { $0.subject.title == title }) }
    threads = Set(rows.map(\.subject.threads)).sorted()
    fullShare = max(1, rows.map(\.shareOfBandwidth).max() ?? 1)
  }

  private var groupHeight: Double { Double(threads.count) * (barHeight + 1) + 8 }
  private var height: Double { top + Double(groups.count) * groupHeight + 24 }

  var svg: String {
    let (width, height) = (
      number(labelWidth + barWidth + 60 + 2 * margin), number(height + 2 * margin)
    )
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \
      viewBox="\(number(-margin)) \(number(-margin)) \(width) \(height)" width="\(width)" \
      height="\(height)" role="img" aria-labelledby="title description">
      <title id="title">Share of the speed of memory</title>
      <desc id="description">\(escaped(description))</desc>
      \(style)
      <rect x="\(number(-margin))" y="\(number(-margin))" width="\(width)" height="\(height)" rx="6" \
      class="panel"/>
      <text x="0" y="16" class="title">Share of the speed of memory</text>
      <text x="0" y="34" class="note">\(escaped(Machine.description))</text>
      \(legend)
      \(grid)
      \(groups.enumerated().map { group($1, number: $0) }.joined(separator: "\n"))
      </svg>

      """
  }

  /// The figures, for readers who do not see the bars.
  private var description: String {
    groups.map { group in
      let shares = group.rows.map { row in
        "\(number(row.shareOfBandwidth * 100)) % on \(threadsText(row.subject.threads))"
      }
      return "\(group.title): \(shares.joined(separator: ", "))"
    }
    .joined(separator: "; ")
  }

  private func threadsText(_ threads: Int) -> String {
    threads == 1 ? "1 thread" : "\(threads) threads"
  }

  private var style: String {
    """
    <style>
      .panel { fill: #ffffff; stroke: #d1d9e0; }
      text { font: 11px system-ui, sans-serif; fill: #1f2328; }
      .title { font-size: 14px; font-weight: 600; }
      .note, .tick { fill: #59636e; }
      .grid { stroke: #d1d9e0; }
      .full { stroke: #59636e; }
      .bar0 { fill: #0969da; }
      .bar1 { fill: #1a7f37; }
      @media (prefers-color-scheme: dark) {
        .panel { fill: #0d1117; stroke: #3d444d; }
        text { fill: #f0f6fc; }
        .note, .tick { fill: #9198a1; }
        .grid { stroke: #3d444d; }
        .full { stroke: #9198a1; }
        .bar0 { fill: #4493f8; }
        .bar1 { fill: #3fb950; }
      }
    </style>
    """
  }

  private var legend: String {
    threads.enumerated().map { index, threads in
      let x = labelWidth + Double(index) * 90
      return """
        <rect x="\(number(x))" y="25" width="9" height="9" class="bar\(index)"/>
        <text x="\(number(x + 14))" y="34">\(threadsText(threads))</text>
        """
    }
    .joined(separator: "\n")
  }

  private var grid: String {
    stride(from: 0.0, through: fullShare, by: 0.25).map { share in
      let x = number(labelWidth + share / fullShare * barWidth)
      return """
        <line x1="\(x)" x2="\(x)" y1="\(number(top - 6))" y2="\(number(height - 22))" \
        class="\(share == 1 ? "full" : "grid")"/>
        <text x="\(x)" y="\(number(height - 8))" text-anchor="middle" class="tick">\
        \(number(share * 100)) %</text>
        """
    }
    .joined(separator: "\n")
  }

  private func group(_ group: (title: String, rows: [Row]), number index: Int) -> String {
    let y = top + Double(index) * groupHeight
    let middle = y + Double(threads.count) * (barHeight + 1) / 2
    let bars = group.rows.map { row in
      let place = threads.firstIndex(of: row.subject.threads) ?? 0
      let barTop = y + Double(place) * (barHeight + 1)
      let width = row.shareOfBandwidth / fullShare * barWidth
      return """
        <rect x="\(number(labelWidth))" y="\(number(barTop))" width="\(number(width))" \
        height="\(number(barHeight))" class="bar\(place)"/>
        <text x="\(number(labelWidth + width + 4))" y="\(number(barTop + barHeight - 1))" \
        class="tick">\(number(row.shareOfBandwidth * 100))</text>
        """
    }
    return """
      <text x="\(number(labelWidth - 8))" y="\(number(middle + 4))" text-anchor="end">\
      \(escaped(group.title))</text>
      \(bars.joined(separator: "\n"))
      """
  }

  private func number(_ value: Double) -> String { String(format: "%.0f", value) }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }
}
