"""A PyTorch script with the functions that its container calls."""

import argparse
import os

import numpy
import torch


def network():
    return torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))


def model_fn(model_dir):
    model = network()
    model.load_state_dict(torch.load(os.path.join(model_dir, "model.pth")))
    return model.eval()


def predict_fn(data, model):
    with torch.no_grad():
        return model(torch.as_tensor(data, dtype=torch.float32)).argmax(dim=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--lr", type=float, default=0.05)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    rows = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "iris.csv"), delimiter=",")
    features = torch.tensor(rows[:, 1:], dtype=torch.float32)
    labels = torch.tensor(rows[:, 0], dtype=torch.long)
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=arguments.lr)
    for _ in range(arguments.epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(features), labels)
        loss.backward()
        optimizer.step()
    print(f"accuracy={(model(features).argmax(dim=1) == labels).float().mean().item()};")
    torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
