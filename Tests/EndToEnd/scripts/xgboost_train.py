"""A script for XGBoost as a framework."""

import argparse
import os

import numpy
import xgboost


def model_fn(model_dir):
    booster = xgboost.Booster()
    booster.load_model(os.path.join(model_dir, "model.json"))
    return booster


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    rows = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "iris.csv"), delimiter=",")
    data = xgboost.DMatrix(rows[:, 1:], rows[:, 0])
    booster = xgboost.train({"objective": "multi:softmax", "num_class": 3}, data, arguments.rounds)
    print(f"accuracy={(booster.predict(data) == rows[:, 0]).mean()};")
    booster.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
