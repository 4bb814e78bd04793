import AWSWire
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", ["a", "a-b", "a--b9"], ["", "-a", "a-", "a_b", "a\n"]),
        (
            #"(https|s3)://([^/]+)/?(.*)"#, ["s3://bucket", "https://b/k/é"],
            ["s3:/b", "http://b", "s3://", "s3://b/a\nb"]
        ),
        (
            #"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#,
            ["arn:aws-cn:iam::123456789012:role/path/R"],
            ["arn:aws:iam::12345678901:role/R", "arn:aws:iam::123456789012:role"]
        ),
        (#"(?!\s*$).+"#, ["a", " a"], ["", " ", "\t"]),
        (#"([a-z]([a-z\-]){0,3})(?<!-)(\/[0-9]{1,9})?"#, ["ab", "a-b/1"], ["a-", "a-/1"]),
        (#"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#, ["", "Größe 1", "日本"], ["a,b", "😀"]),
        (#"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*"#, ["a\t😀"], ["\n", "\u{1}"]),
        (#"[\w-_]*"#, ["a-b_c"], ["a.b", "é"]),
        (#"[^:*]*"#, ["a/b", "\n"], ["a:b"]),
        (#"ip-((25[0-5]|1\d|[1-9]|)\d-?\b){4}\..*"#, ["ip-10-0-0-1.x"], ["ip-10-0-0.x", "ip-10-0-0-a.x"]),
        (#"\A\S[\p{Print}]*\z"#, ["a b"], [" a", "aé"]),
        (#"^a$|^b{2,}$"#, ["a", "bb", "bbb"], ["b", "ab", ""]),
        (#"([a-z]*)${1,128}"#, ["", "abc"], ["1"]),
    ])
    func `a pattern matches whole texts only`(source: String, good: [String], bad: [String]) throws {
        let pattern = try Pattern(parsing: source)
        for text in good { #expect(pattern.matches(text), "\(source) should match \(text)") }
        for text in bad { #expect(!pattern.matches(text), "\(source) should not match \(text)") }
    }

    @Test(arguments: [#"(a*)*b"#, #"(a|aa)+$b"#, #"((a+)+)+b"#, #"(.*a){12}b"#, #"(?!(a*)*b).*b"#])
    func `no text makes a pattern hang`(source: String) throws {
        let pattern = try Pattern(parsing: source)
        let text = String(repeating: "a", count: 4000)
        let time = ContinuousClock().measure { #expect(!pattern.matches(text)) }
        #expect(time < .seconds(20))
    }

    @Test(arguments: [
        #"(a)\1"#, "(?i)a", "a++", "(a", "a)", "[a", #"\p{Greek}"#, #"\q"#, "[a[b]]", #"\u12"#, #"a\"#,
    ])
    func `what is not understood is refused when read`(source: String) {
        #expect(throws: UnsupportedPattern.self) { try Pattern(parsing: source) }
    }
}
