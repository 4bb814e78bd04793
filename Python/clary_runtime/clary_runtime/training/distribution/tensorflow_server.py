"""A parameter server of TensorFlow, run as a program by the job's Python."""

import json
import os

import tensorflow


def main() -> None:
    config = json.loads(os.environ["TF_CONFIG"])
    cluster = tensorflow.train.ClusterSpec(config["cluster"])
    # TensorFlow 2 has no `tensorflow.train.Server` any more.
    server = getattr(tensorflow.distribute, "Server", None) or tensorflow.train.Server
    server(cluster, job_name="ps", task_index=config["task"]["index"]).join()


main()
