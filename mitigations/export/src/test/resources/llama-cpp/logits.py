"""Next-token logits of a GGUF by llama.cpp itself, plain, with a LoRA adapter or with a control vector.

usage: logits.py SPEC.json; SPEC: {"model": FILE, "prompts": [[token, ...], ...], "out": FILE,
"runs": [{"lora": FILE or null, "control": FILE or null, "from": LAYER, "to": LAYER}, ...]}.
Writes float32 [runs, prompts, V]. Needs llama_cpp (0.3.36 was used) and numpy, nothing else.
"""

import ctypes
import json
import struct
import sys

import llama_cpp as L
import numpy as np


def control_vector(path):
    """The rows as llama.cpp's loader lays them out: direction.N at row N-1, N from 1 on, F32 only."""
    data = open(path, "rb").read()
    at = 4

    def take(form):
        nonlocal at
        value = struct.unpack_from("<" + form, data, at)[0]
        at += struct.calcsize("<" + form)
        return value

    def text():
        nonlocal at
        size = take("Q")
        at += size
        return data[at - size : at].decode()

    def value(kind):
        return text() if kind == 8 else take(dict(enumerate("BbHhIif?"))[kind])

    assert data[:4] == b"GGUF" and take("I") == 3
    tensors, keys = take("Q"), take("Q")
    metadata = {text(): value(take("I")) for _ in range(keys)}
    assert metadata["general.architecture"] == "controlvector", metadata
    table = []
    for _ in range(tensors):
        name, dims = text(), take("I")
        assert dims == 1
        width, kind, offset = take("Q"), take("I"), take("Q")
        layer = int(name.removeprefix("direction."))
        assert layer >= 1 and kind == 0, (name, kind)
        table.append((layer, width, offset))
    start = (at + 31) // 32 * 32
    rows = np.zeros((max(t[0] for t in table), table[0][1]), np.float32)
    for layer, width, offset in table:
        rows[layer - 1] += np.frombuffer(data, "<f4", width, start + offset)
    return rows


def apply(model, context, run):
    if run.get("lora"):
        adapter = L.llama_adapter_lora_init(model, run["lora"].encode())
        assert adapter, "llama.cpp refused " + run["lora"]
        adapters = (L.llama_adapter_lora_p_ctypes * 1)(adapter)
        assert L.llama_set_adapters_lora(context, adapters, 1, (ctypes.c_float * 1)(1.0)) == 0
    else:
        assert L.llama_set_adapters_lora(context, None, 0, None) == 0
    if run.get("control"):
        rows = np.ascontiguousarray(control_vector(run["control"]))
        pointer = rows.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        said = L.llama_set_adapter_cvec(context, pointer, rows.size, rows.shape[1], run["from"], run["to"])
    else:
        said = L.llama_set_adapter_cvec(context, None, 0, 0, 0, 0)
    assert said == 0, said


def main():
    spec = json.load(open(sys.argv[1]))
    model = L.Llama(spec["model"], n_ctx=256, n_threads=2, n_threads_batch=2, verbose=False)
    out = []
    for run in spec["runs"]:
        apply(model.model, model.ctx, run)
        for prompt in spec["prompts"]:
            model.reset()
            L.llama_memory_clear(L.llama_get_memory(model.ctx), True)
            model.eval(prompt)
            last = L.llama_get_logits_ith(model.ctx, -1)
            out.append(np.ctypeslib.as_array(last, (model.n_vocab(),)).copy())
    np.asarray(out, "<f4").tofile(spec["out"])


main()
