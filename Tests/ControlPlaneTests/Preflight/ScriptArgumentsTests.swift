import ControlPlane
import Testing

@Suite struct ScriptArgumentsTests {
    @Test func `ordinary hyperparameters reach a script`() {
        let given = [
            "epochs": "10", "b": "", "learning-rate": "\"0.1=x\"", "list": "[1, 2]",
            "sagemaker_program": "\"t.py\"", "": "1",
        ]
        #expect(ScriptArguments.problems(of: given) == [])
    }

    @Test(arguments: [
        ("a=b", "1", "'a=b' cannot be passed to the script: the name of its variable, 'SM_HP_A=B', would"),
        ("a\0b", "1", "'a\\x00b' cannot be passed to the script: its name has the character NUL"),
        ("a", "x\0", "'a' cannot be passed to the script: its value has the character NUL"),
        ("a", "\"x\\u0000\"", "'a' cannot be passed to the script: its value has the character NUL"),
    ])
    func `what no command line can have is named`(name: String, value: String, words: String) {
        let problems = ScriptArguments.problems(of: [name: value])
        #expect(problems.count == 1)
        #expect(problems.first?.contains(words) == true)
    }
}
