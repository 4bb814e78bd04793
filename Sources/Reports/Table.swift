/// Rows of text under headings, laid out for a terminal of a given width.
///
/// What does not fit is first narrowed (columns that have a least width, the widest first), then left out (columns
/// that may be hidden, the least important first), and only then cut.
package struct Table: Sendable {
    /// A heading and how its cells give way.
    package struct Column: Sendable {
        let title: String
        let alignment: Alignment
        /// Cells may be narrowed to this many places; `nil` leaves them whole.
        let least: Int?
        /// 0 stays; of the others the highest is hidden first.
        let hiding: Int

        /// - Parameters:
        ///   - title: The heading, made harmless for terminals.
        ///   - alignment: Where shorter cells have their blanks.
        ///   - least: Places that narrowed cells keep; `nil` for cells that are only good whole.
        ///   - hiding: 0 for a column that stays, 1 and up for one that may be left out, the highest first.
        package init(_ title: String, _ alignment: Alignment = .left, least: Int? = nil, hiding: Int = 0) {
            self.title = PlainText.line(title)
            self.alignment = alignment
            self.least = least
            self.hiding = hiding
        }
    }

    /// Which side the text of a column is on.
    package enum Alignment: Sendable {
        case left
        case right
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row: one cell for each column, made harmless for terminals.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row has one cell for each column")
        rows.append(cells.map(PlainText.line))
    }

    /// Lays the rows out; a column whose cells are all empty is left out.
    ///
    /// - Parameter width: Places of the terminal; `nil` lays everything out in full.
    /// - Returns: The lines, headings first if there are any, none wider than `width` and none with blanks at its
    ///   end.
    package func lines(width: Int?) -> [String] {
        var shown = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        if shown.isEmpty { shown = Array(columns.indices) }
        var widths = columns.indices.map { index in
            max(
                PlainText.width(of: columns[index].title),
                rows.map { PlainText.width(of: $0[index]) }.max() ?? 0
            )
        }
        if let width { fit(&shown, &widths, into: width) }
        let titles = columns.map(\.title)
        return ((titles.allSatisfy(\.isEmpty) ? [] : [titles]) + rows).map { cells in
            let line = shown.map { pad(cells[$0], to: widths[$0], columns[$0].alignment) }
                .joined(separator: Self.gap)
            let end = line.lastIndex { $0 != " " }
            let whole = end.map { String(line[...$0]) } ?? ""
            return width.map { PlainText.cut(whole, to: $0) } ?? whole
        }
    }

    private func fit(_ shown: inout [Int], _ widths: inout [Int], into width: Int) {
        func smallest(_ index: Int) -> Int { min(columns[index].least ?? .max, widths[index]) }
        func total(_ widthOf: (Int) -> Int) -> Int {
            shown.reduce(0) { $0 + widthOf($1) } + Self.gap.count * max(0, shown.count - 1)
        }
        while total(smallest) > width,
            let victim = shown.max(by: { columns[$0].hiding < columns[$1].hiding }),
            columns[victim].hiding > 0
        {
            shown.removeAll { $0 == victim }
        }
        while total({ widths[$0] }) > width,
            let widest = shown.filter({ widths[$0] > smallest($0) }).max(by: { widths[$0] < widths[$1] })
        {
            widths[widest] -= 1
        }
    }

    private func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
        let cell = PlainText.cut(text, to: width)
        let blanks = String(repeating: " ", count: max(0, width - PlainText.width(of: cell)))
        return alignment == .left ? cell + blanks : blanks + cell
    }

    private static let gap = "  "
}
