"""llama.cpp's own HTTP server, as the xllamacpp wheel carries it: serve.py MODEL.gguf LORA.gguf; prints its address."""

import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx = 512
params.n_parallel = 1
params.cpuparams.n_threads = 1
params.warmup = False
lora = xllamacpp.CommonAdapterLoraInfo()
lora.path = sys.argv[2]
lora.scale = 0.0
params.lora_adapters = [lora]
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
sys.stdin.read()
