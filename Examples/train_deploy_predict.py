"""Trains, deploys and predicts on real data with the SageMaker Python SDK, unchanged code for AWS.

The data are scikit-learn's bundled breast cancer records (569 tumours, 30 measurements each). Run it in a shell that
evaluated `clary env`, or with `make demo`, which starts a server for it.
"""

import io
import time
from datetime import datetime

import boto3
import numpy as np
import sagemaker
from sagemaker import get_execution_role, image_uris
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

# What the same steps wait for on the cloud before any work is done: medians of published measurements.
CLOUD_JOB_START = 198.0
CLOUD_ENDPOINT_START = 330.0


def say(text: str) -> None:
    print(f"\n--- {text}", flush=True)


def upload_rows(s3, bucket: str, key: str, features: np.ndarray, labels: np.ndarray) -> str:
    """CSV as the built-in algorithm reads it: the label first, no header."""
    text = io.StringIO()
    np.savetxt(text, np.column_stack([labels, features]), delimiter=",", fmt="%.6g")
    s3.put_object(Bucket=bucket, Key=key, Body=text.getvalue())
    return f"s3://{bucket}/{key}"


def seconds(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds()


def main() -> None:
    session = sagemaker.Session()
    role = get_execution_role(session)
    bucket = session.default_bucket()
    client = boto3.client("sagemaker")
    s3 = boto3.client("s3")

    say(f"Split and upload: role {role}, bucket {bucket}")
    features, labels = load_breast_cancer(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        features, labels, test_size=0.25, random_state=7, stratify=labels
    )
    prefix = f"demo-{time.strftime('%Y%m%d-%H%M%S')}"
    train = upload_rows(s3, bucket, f"{prefix}/train/rows.csv", train_x, train_y)
    validation = upload_rows(s3, bucket, f"{prefix}/validation/rows.csv", test_x, test_y)
    print(f"{len(train_x)} rows to train on, {len(test_x)} held out, {features.shape[1]} features")

    say("Train XGBoost; this is the job's log")
    estimator = Estimator(
        image_uris.retrieve("xgboost", session.boto_region_name, version="1.7-1"),
        role,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=f"s3://{bucket}/{prefix}/models",
        sagemaker_session=session,
    )
    estimator.set_hyperparameters(
        objective="binary:logistic", num_round=60, max_depth=4, eta=0.2, subsample=0.8, eval_metric="logloss"
    )
    inputs = {
        name: TrainingInput(uri, content_type="text/csv")
        for name, uri in (("train", train), ("validation", validation))
    }
    estimator.fit(inputs, logs="All")
    job = client.describe_training_job(TrainingJobName=estimator.latest_training_job.name)

    say("Deploy")
    predictor = estimator.deploy(
        1, "ml.m5.large", serializer=CSVSerializer(), deserializer=CSVDeserializer(), wait=False
    )
    # The SDK's own wait sleeps 30 s before it looks; a waiter may look every second.
    client.get_waiter("endpoint_in_service").wait(
        EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1, "MaxAttempts": 300}
    )
    endpoint = client.describe_endpoint(EndpointName=predictor.endpoint_name)
    print(f"{predictor.endpoint_name} is {endpoint['EndpointStatus']}")

    say("Predict the held-out rows")
    begin = time.perf_counter()
    scores = np.array([float(value) for row in predictor.predict(test_x) for value in row if value])
    batch_seconds = time.perf_counter() - begin
    calls = []
    for row in test_x[:50]:
        begin = time.perf_counter()
        predictor.predict(row)
        calls.append(time.perf_counter() - begin)
    accuracy = float(np.mean((scores > 0.5) == test_y))
    print(f"accuracy {accuracy:.3f} on {len(test_y)} rows")
    print(
        f"{len(test_y)} rows in one call: {batch_seconds * 1000:.1f} ms; one row: {np.median(calls) * 1000:.1f} ms (median)"
    )

    say("Delete everything")
    predictor.delete_model()
    predictor.delete_endpoint()
    client.get_waiter("endpoint_deleted").wait(
        EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    client.delete_training_job(TrainingJobName=job["TrainingJobName"])
    objects = boto3.resource("s3").Bucket(bucket).objects.filter(Prefix=f"{prefix}/")
    objects.delete()
    print(f"left: {len(list(objects))} objects")

    say("How long it took, by the API's own times")
    start = seconds(job["CreationTime"], job["TrainingStartTime"])
    for transition in job["SecondaryStatusTransitions"]:
        if "EndTime" in transition:
            took = seconds(transition["StartTime"], transition["EndTime"])
            print(f"  {transition['Status']:<24}{took:8.2f} s   {transition.get('StatusMessage', '')}")
    serving = seconds(endpoint["CreationTime"], endpoint["LastModifiedTime"])
    rows = [
        ("CreateTrainingJob until the job runs", start, CLOUD_JOB_START),
        ("CreateEndpoint until in service", serving, CLOUD_ENDPOINT_START),
    ]
    print(f"\n  {'waiting':<40}{'here':>10}{'on the cloud':>16}")
    for what, here, cloud in rows:
        print(f"  {what:<40}{here:>8.2f} s{cloud:>14.0f} s")
    saved = sum(cloud - here for _, here, cloud in rows)
    print(f"\nThe same program on the cloud would have waited {saved / 60:.1f} minutes longer.")
    if accuracy < 0.9:
        raise SystemExit(f"accuracy {accuracy:.3f} is lower than this data set allows: something is wrong")


if __name__ == "__main__":
    main()
