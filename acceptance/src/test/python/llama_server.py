"""llama.cpp's own server with a model file, as an engine. Prints its address, then serves until it is ended."""

import sys
import threading

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.port = 0
params.n_ctx = 4096
params.n_parallel = 2
params.cpuparams.n_threads = 1
params.endpoint_slots = True
server = xllamacpp.Server(params)
print(server.listening_address + "/v1", flush=True)
threading.Event().wait()
