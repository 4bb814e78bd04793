"""A Keras script that leaves a SavedModel as TensorFlow Serving wants it."""

import argparse
import os

import numpy
import tensorflow as tf

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--model_dir")  # Where the SDK wants checkpoints; the model goes to SM_MODEL_DIR.
    arguments = parser.parse_args()
    tf.keras.utils.set_random_seed(1)
    rows = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "iris.csv"), delimiter=",")
    model = tf.keras.Sequential(
        [
            tf.keras.Input((4,)),
            tf.keras.layers.Dense(16, activation="relu"),
            tf.keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(tf.keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(rows[:, 1:], rows[:, 0], epochs=arguments.epochs, batch_size=32, verbose=0)
    print(f"accuracy={history.history['accuracy'][-1]};")
    model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
