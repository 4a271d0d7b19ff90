"""The same inferences straight and through the agent, over REST and gRPC.

usage: check.py DIRECTION REST_PORT GRPC_PORT OBSERVING ITS_ADMIN ABLATING ITS_ADMIN (ports)
"""

import json
import queue
import struct
import sys
import time
import urllib.request

import grpc as grpcio
import numpy
import tritonclient.grpc as grpc
from tritonclient.grpc import service_pb2

from hidden import POINTS, TOKENS, WIDTH, states

direction, rest, rpc, observing, observing_admin, ablating, ablating_admin = sys.argv[1:]


def fail(what):
    sys.exit("oip-server: " + what)


def expect(holds, wanted, found):
    if not holds:
        fail(f"wanted {wanted}, found {found}")


def artefact():
    """Direction and aligned mean of the tap points that are read, in forward order."""
    with open(direction + "/direction.json") as file:
        text = json.load(file)
    with open(direction + "/direction.safetensors", "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        head = json.loads(file.read(size))
        data = file.read()
    points = set(text["probe"]["tap_points"]) | {text["model_shift"]["tap_point"]}
    found = []
    for each in text["directions"]:
        if each["tap_point"] in points:
            name = "direction." + each["tap_point"]
            at = head[name]["data_offsets"]
            vector = numpy.frombuffer(data[at[0]:at[1]], dtype="<f4").astype(numpy.float64)
            found.append((vector / numpy.linalg.norm(vector), each["aligned_mean"]))
    expect(len(found) == POINTS, f"{POINTS} tap points", len(found))
    return found


def ablated(hidden):
    result = hidden.astype(numpy.float64)
    for k, (d, mean) in enumerate(artefact()):
        result[:, k] -= ((result[:, k] @ d) - mean)[:, None] * d
    return result


def post(port, seed, name):
    body = {"id": name, "inputs": [{"name": "seed", "shape": [1], "datatype": "INT64", "data": [seed]}]}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v2/models/states/infer",
        json.dumps(body).encode(),
        {"content-type": "application/json", "x-request-id": name},
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def asked(seed):
    tensor = grpc.InferInput("seed", [1], "INT64")
    tensor.set_data_from_numpy(numpy.array([seed], dtype=numpy.int64))
    return [tensor]


def infer(port, seed, name):
    with grpc.InferenceServerClient(f"127.0.0.1:{port}") as client:
        expect(client.is_server_live(), "a live server", "none")
        answer = client.infer("states", asked(seed), request_id=name, headers={"x-request-id": name})
        return answer


def streamed(port, seeds, name):
    """MLServer streams bare answers, which tritonclient's own stream takes for errors; each is heard before the next is asked."""
    asks = queue.Queue()
    with grpcio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.stream_stream(
            "/inference.GRPCInferenceService/ModelStreamInfer",
            service_pb2.ModelInferRequest.SerializeToString,
            service_pb2.ModelInferResponse.FromString,
        )(iter(asks.get, None), metadata=(("x-request-id", name),), timeout=60)
        for seed in seeds:
            ask = service_pb2.ModelInferRequest(model_name="states", id=f"{name}-{seed}")
            ask.inputs.add(name="seed", datatype="INT64", shape=[1]).contents.int64_contents.append(seed)
            asks.put(ask)
            yield next(call)
        asks.put(None)
        expect(next(call, None) is None, "the end of the stream", "more")
        print("  trailers:", {k: v for k, v in call.trailing_metadata() if k.startswith("plumbline")})


def exchange(admin, name):
    for _ in range(100):
        with urllib.request.urlopen(f"http://127.0.0.1:{admin}/api/exchanges") as answer:
            for each in json.load(answer)["exchanges"]:
                if each["id"] == name:
                    return each
        time.sleep(0.1)
    fail("wanted a verdict of " + name)


def close(got, wanted):
    error = numpy.abs(got.astype(numpy.float64) - wanted).max()
    limit = 2.0 ** -23 * numpy.abs(wanted).max()
    expect(error <= limit, f"states within {limit:.1e} of the float64 reference", f"{error:.1e}")
    return error


def verdict(admin, name, action, tokens):
    found = exchange(admin, name)
    expect(found["verdict"] in ("aligned", "drifted") and found["action"] == action, f"a score and {action}", found)
    expect(found["tokens_scored"] == tokens, f"{tokens} tokens scored", found)
    print(f"  {name}: {found['verdict']} {found['score']:.4f}, model_shift {found['model_shift']:.2f}, {found['action']}"
          f" ({found['tokens_touched']} states), {found['scoring_ms']:.2f} ms")


print("REST, observed")
straight, passed = post(rest, 1, "same")[0], post(observing, 1, "same")[0]
expect(straight == passed, "the same bytes", "others")
verdict(observing_admin, "same", "none", TOKENS - 4)
print("REST, ablated")
body, headers = post(ablating, 1, "rest-ablated")
outputs = {each["name"]: each for each in json.loads(body)["outputs"]}
expect(outputs["logits"] == {e["name"]: e for e in json.loads(straight)["outputs"]}["logits"], "other outputs as they were", outputs["logits"])
close(numpy.array(outputs["hidden_states"]["data"], dtype=numpy.float32).reshape(TOKENS, POINTS, WIDTH), ablated(states(1)))
verdict(ablating_admin, "rest-ablated", "ablated", TOKENS - 4)
print("gRPC, observed")
direct, through = infer(rpc, 2, "g"), infer(observing, 2, "g")
expect(direct.get_response() == through.get_response(), "the same message", "another")
verdict(observing_admin, "g", "none", TOKENS - 4)
print("gRPC, ablated")
close(infer(ablating, 2, "grpc-ablated").as_numpy("hidden_states"), ablated(states(2)))
verdict(ablating_admin, "grpc-ablated", "ablated", TOKENS - 4)
print("gRPC stream, observed and ablated")
for port, admin, name, action in ((observing, observing_admin, "s", "none"), (ablating, ablating_admin, "stream-ablated", "ablated")):
    for answer, seed in zip(streamed(port, (3, 4, 5), name), (3, 4, 5)):
        wanted = ablated(states(seed)) if action == "ablated" else states(seed).astype(numpy.float64)
        output = next(each for each in answer.outputs if each.name == "hidden_states")
        got = numpy.array(output.contents.fp32_contents, dtype=numpy.float32)
        close(got.reshape(TOKENS, POINTS, WIDTH), wanted)
    verdict(admin, name, action, 3 * (TOKENS - 4))
print("oip-server: all as it should be")
