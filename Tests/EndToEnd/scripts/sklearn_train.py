"""A scikit-learn script as its users write them: arguments, channels, a model, and how it is loaded again."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--n-estimators", type=int, default=10)
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    arguments = parser.parse_args()
    table = pd.read_csv(os.path.join(arguments.train, "iris.csv"), header=None)
    model = RandomForestClassifier(arguments.n_estimators, random_state=1)
    model.fit(table.iloc[:, 1:].to_numpy(), table.iloc[:, 0].astype(int))
    print(f"accuracy={model.score(table.iloc[:, 1:].to_numpy(), table.iloc[:, 0])};")
    joblib.dump(model, os.path.join(arguments.model_dir, "model.joblib"))
