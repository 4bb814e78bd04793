import Images
import Testing

@Suite struct PackageIndexesTests {
    @Test func `uv looks where pip is told to look`() {
        let file = """
            # of the company
            [global]
            index-url = https://packages.example/simple
            find-links =
                /srv/wheels
                https://packages.example/wheels
            [list]
            format = columns
            """
        let indexes = PackageIndexes(
            environment: ["PIP_EXTRA_INDEX_URL": "https://more.example/simple"],
            files: [file]
        )
        #expect(indexes.settings["UV_DEFAULT_INDEX"] == "https://packages.example/simple")
        #expect(indexes.settings["UV_FIND_LINKS"] == "/srv/wheels,https://packages.example/wheels")
        #expect(indexes.settings["UV_INDEX"] == "https://more.example/simple")
        #expect(indexes.folders == ["/srv/wheels"])
        #expect(indexes.pipSettings["PIP_INDEX_URL"] == "https://packages.example/simple")
        #expect(indexes.pipSettings["PIP_FIND_LINKS"] == "/srv/wheels https://packages.example/wheels")
        #expect(!indexes.ignoresIndexes)
    }

    @Test func `pip looks where uv is told to look`() {
        let indexes = PackageIndexes(
            environment: [
                "UV_DEFAULT_INDEX": "https://a.example/simple?x=1",
                "UV_INDEX": "own=https://b.example c.example",
                "PIP_NO_INDEX": "true", "HTTPS_PROXY": "http://proxy.example",
            ],
            files: []
        )
        #expect(
            indexes.pipSettings == [
                "PIP_INDEX_URL": "https://a.example/simple?x=1",
                "PIP_EXTRA_INDEX_URL": "https://b.example c.example", "PIP_NO_INDEX": "1",
            ]
        )
    }

    @Test func `later files, then variables, then uv's own settings win`() {
        let indexes = PackageIndexes(
            environment: [
                "PIP_INDEX_URL": "https://b.example", "UV_DEFAULT_INDEX": "https://c.example",
                "PIP_NO_INDEX": "1",
            ],
            files: ["[install]\nindex_url=https://a.example\ntimeout = 9", "[global]\ntimeout=7"]
        )
        #expect(indexes.settings["UV_DEFAULT_INDEX"] == "https://c.example")
        #expect(indexes.settings["UV_HTTP_TIMEOUT"] == "7")
        #expect(indexes.ignoresIndexes)
    }
}
