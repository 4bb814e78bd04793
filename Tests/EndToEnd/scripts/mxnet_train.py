"""A Gluon script that leaves the files that MXNet's Module reads."""

import argparse
import json
import os

import mxnet as mx
import numpy
from mxnet import autograd, gluon

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=200)
    arguments = parser.parse_args()
    mx.random.seed(1)
    rows = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "iris.csv"), delimiter=",")
    features, labels = mx.nd.array(rows[:, 1:]), mx.nd.array(rows[:, 0])
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Dense(16, activation="relu"), gluon.nn.Dense(3))
    net.initialize()
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.05})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    for _ in range(arguments.epochs):
        with autograd.record():
            loss = loss_of(net(features), labels)
        loss.backward()
        trainer.step(len(rows))
    print(f"accuracy={float((net(features).argmax(axis=1) == labels).mean().asscalar())};")
    folder = os.environ["SM_MODEL_DIR"]
    net.export(os.path.join(folder, "model"), epoch=0)
    with open(os.path.join(folder, "model-shapes.json"), "w") as file:
        json.dump([{"name": "data", "shape": [1, 4]}], file)
