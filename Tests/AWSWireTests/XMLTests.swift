import AWSWire
import Testing

@Suite struct XMLTests {
    @Test func `a document holds the declaration, the namespace and escaped text`() {
        let root = XMLElement("List", attributes: [XMLAttribute("kind", "a\"b\n")]) {
            XMLElement("Name", "a<b>&\"c\"\r\n")
            for number in 1...2 { XMLElement("Item", String(number)) }
            if Bool(true) { XMLElement("Empty") }
        }
        let text = String(decoding: root.document(namespace: "http://example.com/"), as: UTF8.self)
        #expect(
            text == #"""
                <?xml version="1.0" encoding="UTF-8"?>
                <List xmlns="http://example.com/" kind="a&quot;b&#10;"><Name>a&lt;b&gt;&amp;&quot;c&quot;&#13;
                </Name><Item>1</Item><Item>2</Item><Empty/></List>
                """#
        )
    }

    @Test func `what is written is read back`() throws {
        let root = XMLElement("Root", attributes: [XMLAttribute("a", "x\ty\nz<")]) {
            XMLElement("Key", " café \u{1F600} \r\n\t]]> ")
            XMLElement("Nested") { XMLElement("Key", "") }
        }
        #expect(try XMLElement.parse(root.document(namespace: "urn:x")) == root)
    }

    @Test func `prefixes, comments, CDATA, references and a byte order mark are read`() throws {
        let text = """
            \u{FEFF}<?xml version='1.0'?>
            <!-- before -->
            <s:Delete xmlns:s="urn:s" s:quiet='yes'><s:Key>a&amp;&#x41;&#66;<!-- in --><![CDATA[<&]]></s:Key >
            <Key/></s:Delete>
            <!-- after -->
            """
        let root = try XMLElement.parse(Array(text.utf8))
        #expect(root.name == "Delete")
        #expect(root.attributes == [XMLAttribute("quiet", "yes")])
        #expect(root.children(named: "Key").map(\.text) == ["a&AB<&", ""])
        #expect(root["Missing"] == nil)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a b></a>", "<a b=c/>", "<a b='1' b='2'/>",
        "<a b='1'c='2'/>", "<a>&unknown;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#-1;</a>",
        "<a>&amp</a>",
        "<a>\u{1}</a>", "<1/>", "< a/>", "<a b='<'/>", "<a><![CDATA[x</a>", "<a><!-- </a>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><!DOCTYPE b></a>",
    ])
    func `a document that is not well-formed is refused`(text: String) {
        #expect(throws: MalformedXML.self) { try XMLElement.parse(Array(text.utf8)) }
    }

    @Test func `deep nesting, long documents and bad encodings are refused`() {
        let deep = String(repeating: "<a>", count: 100_000)
        let error = #expect(throws: MalformedXML.self) { try XMLElement.parse(Array(deep.utf8)) }
        #expect(error?.reason == "Elements are nested too deeply")
        #expect(throws: MalformedXML.self) { try XMLElement.parse(Array("<a>bc</a>".utf8), maximumBytes: 8) }
        #expect(throws: MalformedXML.self) {
            try XMLElement.parse([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E])
        }
    }
}
