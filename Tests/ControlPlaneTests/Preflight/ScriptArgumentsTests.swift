import ControlPlane
import Testing

@Suite struct ScriptArgumentsTests {
    @Test func `ordinary hyperparameters reach a script`() {
        let given = [
            "epochs": "10", "b": "", "learning-rate": "\"0.1=x\"", "list": "[1, 2]",
            "sagemaker_program": "\"t.py\"",
        ]
        #expect(ScriptArguments.problems(of: given) == [])
    }

    @Test(arguments: [
        ("", "1", "has an empty name"), ("a=b", "1", "The name 'a=b' has a '='"),
        ("a\0b", "1", "The name 'a\\0b' has a NUL"), ("a", "x\0", "The value of 'a' has a NUL"),
        ("a", "\"x\\u0000\"", "The value of 'a' has a NUL"),
    ])
    func `what no command line can have is named`(name: String, value: String, words: String) {
        let problems = ScriptArguments.problems(of: [name: value])
        #expect(problems.count == 1)
        #expect(problems.first?.contains(words) == true)
    }
}
