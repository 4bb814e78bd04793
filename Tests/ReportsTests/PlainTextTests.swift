import Reports
import Testing

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("Größe 数", "Größe 数"), ("a\tb", "a\tb"), ("end\r", "end"),
        ("50%\r60%", "50% 60%"),
        ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}text", "text"),
        ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("\u{1B}P1$r0m\u{1B}\\x", "x"),
        ("\u{9B}31mred", "red"), ("\u{1B}(Bx", "x"), ("\u{1B}cx", "x"), ("a\u{08}\u{07}\u{00}b", "ab"),
        ("a\u{202E}b\u{2066}c", "abc"), ("open \u{1B}]0;never closed", "open"), ("\u{1B}[31", ""),
    ])
    func `what acts on a terminal is taken out`(text: String, shown: String) {
        #expect(PlainText.line(text) == shown)
    }

    @Test func `an unfinished sequence ends with its line`() {
        #expect(PlainText.line("\u{1B}]0;x\nnext") == " next")
    }

    @Test(arguments: [("abc", 3), ("数据", 4), ("e\u{301}", 1), ("🙂", 2), ("", 0)])
    func `width is in places of the terminal`(text: String, width: Int) {
        #expect(PlainText.width(of: text) == width)
    }

    @Test(arguments: [
        ("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("数据", 3, "数…"), ("abc", 0, ""), ("abc", 1, "…"),
    ])
    func `what is cut says so`(text: String, width: Int, shown: String) {
        #expect(PlainText.cut(text, to: width) == shown)
    }
}
