import TeamAccess
import Testing

@Suite struct ProfileFileTests {
    private let sample = """
        # mine
        [default]
        region = eu-west-1

        ; for work
        [profile "work"]
        s3 =
          max_concurrent_requests = 20
          addressing_style = virtual
        output=json

        # about the next
        [services x]
        s3 =
            endpoint_url = https://s3.example

        """

    @Test(arguments: ["", "\n", "# only a comment\n", "[a]\nb = c\n\n\n[d]\n", "[a]\n  \n\tx = 1\nb: c\n"])
    func `a text that is not changed stays as it is`(text: String) {
        #expect(ProfileFile(text).text == text)
        #expect(ProfileFile(sample).text == sample)
    }

    @Test func `values are found where clients find them`() {
        let file = ProfileFile(sample)
        #expect(file.value(of: "region", in: "default") == "eu-west-1")
        #expect(file.value(of: "output", in: "profile work") == "json")
        #expect(file.value(of: "addressing_style", below: "s3", in: "profile work") == "virtual")
        #expect(file.value(of: "addressing_style", in: "profile work") == nil)
        #expect(file.value(of: "endpoint_url", below: "s3", in: "services x") == "https://s3.example")
        #expect(file.value(of: "region", in: "profile work") == nil)
        #expect(!file.hasSection("work"))
    }

    @Test func `a changed key changes one line`() {
        var file = ProfileFile(sample)
        file.set("output", to: "text", in: "profile work")
        file.set("addressing_style", to: "path", below: "s3", in: "profile work")
        #expect(
            file.text
                == sample.replacing("output=json", with: "output = text")
                .replacing("  addressing_style = virtual", with: "  addressing_style = path")
        )
    }

    @Test func `a new key stands at its section's end, before the comment about the next`() {
        var file = ProfileFile(sample)
        file.set("region", to: "us-east-1", in: "profile work")
        #expect(file.text == sample.replacing("output=json\n", with: "output=json\nregion = us-east-1\n"))
    }

    @Test func `a new nested key stands as deep as its neighbours`() {
        var file = ProfileFile("[a]\ns3 =\n\tx = 1\n")
        file.set("y", to: "2", below: "s3", in: "a")
        #expect(file.value(of: "x", below: "s3", in: "a") == "1")
        #expect(file.value(of: "y", below: "s3", in: "a") == "2")
        #expect(file.text == "[a]\ns3 =\n\ty = 2\n\tx = 1\n")
    }

    @Test func `a key that goes takes its deeper lines along`() {
        var file = ProfileFile("[a]\ns3 =\n  x = 1\n  y = 2\nb = c\n")
        file.set("s3", to: nil, in: "a")
        #expect(file.text == "[a]\nb = c\n")
        file.set("none", to: nil, in: "elsewhere")
        #expect(file.text == "[a]\nb = c\n")
    }

    @Test func `a section that is replaced leaves its neighbours alone`() {
        var file = ProfileFile(sample)
        file.replace(section: "profile work", with: ["a = b"])
        #expect(file.text.contains("[profile \"work\"]\na = b\n\n# about the next\n[services x]\n"))
        file.replace(section: "new", with: ["c = d"])
        #expect(file.text.hasSuffix("https://s3.example\n\n[new]\nc = d\n"))
    }
}

@Suite struct TeamProfileTests {
    private func profile(
        _ name: String = "lab",
        region: String? = nil,
        trustFile: String? = "/t.pem"
    )
        -> TeamProfile
    {
        TeamProfile(
            name: name,
            url: "https://h:9000",
            region: region,
            accessKeyID: "AKIA",
            secretAccessKey: "s/e+c=",
            trustFile: trustFile
        )
    }

    @Test func `the profile names every service's endpoint, the keys and whom to trust`() {
        var (configuration, credentials) = (ProfileFile(""), ProfileFile("[other]\nx = 1\n"))
        profile().write(to: &configuration)
        profile().write(toCredentials: &credentials)
        #expect(
            credentials.text
                == "[other]\nx = 1\n\n[lab]\naws_access_key_id = AKIA\naws_secret_access_key = s/e+c=\n"
        )
        let section = "profile lab"
        #expect(configuration.value(of: "region", in: section) == "us-east-1")
        #expect(configuration.value(of: "ca_bundle", in: section) == "/t.pem")
        #expect(configuration.value(of: "services", in: section) == "clary-lab")
        #expect(configuration.value(of: "addressing_style", below: "s3", in: section) == "path")
        for service in TeamProfile.services {
            let url = configuration.value(of: "endpoint_url", below: service, in: "services clary-lab")
            #expect(url == "https://h:9000")
        }
    }

    @Test func `writing twice changes nothing`() {
        var configuration = ProfileFile("[default]\na = b\n")
        profile().write(to: &configuration)
        let once = configuration.text
        profile().write(to: &configuration)
        #expect(configuration.text == once)
    }

    @Test func `what a person added to the profile stays, and an authority that is not needed goes`() {
        var configuration = ProfileFile("")
        profile().write(to: &configuration)
        configuration.set("output", to: "json", in: "profile lab")
        configuration.set("region", to: "eu-west-3", in: "profile lab")
        profile(trustFile: nil).write(to: &configuration)
        #expect(configuration.value(of: "output", in: "profile lab") == "json")
        #expect(configuration.value(of: "region", in: "profile lab") == "eu-west-3")
        #expect(configuration.value(of: "ca_bundle", in: "profile lab") == nil)
    }

    @Test func `the keys of a session are forgotten`() {
        var credentials = ProfileFile("[lab]\naws_session_token = old\n")
        profile().write(toCredentials: &credentials)
        #expect(credentials.value(of: "aws_session_token", in: "lab") == nil)
        #expect(credentials.value(of: "aws_access_key_id", in: "lab") == "AKIA")
    }

    @Test func `a profile for AWS itself is taken, one of a login is not`() {
        let (none, keys) = (ProfileFile(""), ProfileFile("[lab]\naws_access_key_id = AKIA\n"))
        #expect(!TeamProfile.isTaken("lab", configuration: none, credentials: none))
        #expect(TeamProfile.isTaken("lab", configuration: none, credentials: keys))
        let foreign = ProfileFile("[profile lab]\nrole_arn = x\n")
        #expect(TeamProfile.isTaken("lab", configuration: foreign, credentials: none))
        var own = none
        profile().write(to: &own)
        #expect(!TeamProfile.isTaken("lab", configuration: own, credentials: keys))
        #expect(TeamProfile.isTaken("default", configuration: ProfileFile("[default]\n"), credentials: none))
    }

    @Test func `variables that are stronger than a profile are named`() {
        let environment = [
            "AWS_ENDPOINT_URL_S3": "x", "AWS_ACCESS_KEY_ID": "y", "AWS_PROFILE": "clary", "HOME": "/",
        ]
        #expect(TeamProfile.disturbing(environment) == ["AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL_S3"])
    }

    @Test(arguments: [
        ("clary", true), ("a.b-c_1", true), ("", false), ("a b", false), ("a]", false), ("-a", false),
    ])
    func `names of profiles`(name: String, isName: Bool) { #expect(TeamProfile.isName(name) == isName) }
}
