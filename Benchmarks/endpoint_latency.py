"""CreateEndpoint → InService with a built-in model."""

import statistics
import time

import setting
from harness import Clary, Row

ENDPOINTS = 7


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        setting.train_model(client)
        waits = []
        for number in range(ENDPOINTS):
            name = f"bench-{number}"
            setting.create_endpoint_config(client, name)
            began = time.perf_counter()
            client.json("CreateEndpoint", EndpointName=name, EndpointConfigName=name)
            setting.wait_for_endpoint(client, name)
            waits.append(time.perf_counter() - began)
            setting.delete_endpoint(client, name)
    middle = statistics.median(waits)
    figure = f"CreateEndpoint → InService, built-in model, {ENDPOINTS} endpoints: p50"
    return [Row(figure, f"{middle:.2f} s", must="≤ 1.5 s", met=middle <= 1.5)]
