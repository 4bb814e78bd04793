import Reports
import Testing

@Suite struct TableTests {
    private func table() -> Table {
        var table = Table([
            .init("NAME"), .init("STATUS"), .init("TIME", .right, hiding: 1),
            .init("NOTE", least: 6, hiding: 2),
        ])
        table.add(["demo-1", "Completed", "9 s", ""])
        table.add(["demo-22", "Failed", "12 min", "the label is missing"])
        return table
    }

    @Test func `without a width nothing is cut`() {
        #expect(
            table().lines(width: nil) == [
                "NAME     STATUS       TIME  NOTE",
                "demo-1   Completed     9 s",
                "demo-22  Failed     12 min  the label is missing",
            ]
        )
    }

    @Test func `titles and cells do nothing to a terminal`() {
        var table = Table([.init("two\nlines"), .init("\u{1B}[31mred")])
        table.add(["a\nb", "\u{1B}[2Jc"])
        #expect(table.lines(width: nil) == ["two lines  red", "a b        c"])
    }

    @Test func `a column that may is narrowed first`() {
        #expect(
            table().lines(width: 36) == [
                "NAME     STATUS       TIME  NOTE",
                "demo-1   Completed     9 s",
                "demo-22  Failed     12 min  the lab…",
            ]
        )
    }

    @Test func `then columns are left out, the least important first`() {
        let some = ["NAME     STATUS       TIME", "demo-1   Completed     9 s", "demo-22  Failed     12 min"]
        #expect(table().lines(width: 30) == some)
        #expect(table().lines(width: 20) == ["NAME     STATUS", "demo-1   Completed", "demo-22  Failed"])
    }

    @Test(arguments: 1...60) func `no line is wider than the terminal`(width: Int) {
        for line in table().lines(width: width) { #expect(PlainText.width(of: line) <= width) }
    }

    @Test func `a column without any text is left out`() {
        var table = Table([.init("NAME"), .init("REGION"), .init("STATUS")])
        table.add(["a", "", "Failed"])
        #expect(table.lines(width: nil) == ["NAME  STATUS", "a     Failed"])
    }

    @Test func `wide characters take two places`() {
        var table = Table([.init("N"), .init("S")])
        table.add(["数据", "ok"])
        table.add(["data", "ok"])
        #expect(table.lines(width: nil) == ["N     S", "数据  ok", "data  ok"])
    }

    @Test func `a cell cannot act on the terminal or break the line`() {
        var table = Table([.init("N"), .init("S")])
        table.add(["a\u{1B}[2Jb\nc", "ok"])
        #expect(table.lines(width: nil) == ["N     S", "ab c  ok"])
    }
}
