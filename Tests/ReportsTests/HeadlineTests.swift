import Reports
import Testing

@Suite struct HeadlineTests {
    @Test(arguments: [
        ("", ""),
        ("no mark", "no mark"),
        (
            "ClientError: numpy 1.2 is too old. Ask for a newer one (e.g. 2.1). See the log.",
            "ClientError: numpy 1.2 is too old."
        ),
        (
            """
            AlgorithmError: Traceback (most recent call last):
              File "/opt/ml/code/train.py", line 3, in <module>
            ValueError: boom at v1.2, exit code: 1. See the log group /aws/sagemaker/TrainingJobs, stream a.
            """,
            "AlgorithmError: ValueError: boom at v1.2, exit code: 1."
        ),
        (
            """
            AlgorithmError: algo-2: ExecuteUserScriptError:
            ExitCode 1
            ErrorMessage "KeyError: 'x'"
            Command "/usr/bin/python3 train.py", exit code: 1. See the log.
            """,
            "AlgorithmError: algo-2: ErrorMessage \"KeyError: 'x'\""
        ),
        (
            "AlgorithmError: loading\nhalf of it\nthen nothing, exit code: 3. See the log.",
            "AlgorithmError: loading"
        ),
        (
            "AlgorithmError: Traceback (most recent call last):\n  File x\nOddity, exit code: 3. See the log.",
            "AlgorithmError: Oddity, exit code: 3."
        ),
    ])
    func `a headline is the sentence that says most`(text: String, headline: String) {
        #expect(Headline.of(text) == headline)
    }
}
