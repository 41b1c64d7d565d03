"""Examples of a generator by Python's onnxruntime, for the test that compares them (`pip install onnxruntime`).

    run-generator.py MODEL VECTORS LABELS    prints them as JSON; VECTORS is JSON, rows of z; LABELS is JSON, or []
"""

import json
import sys

import numpy
import onnxruntime

model, vectors, labels = sys.argv[1:4]
session = onnxruntime.InferenceSession(model)
feeds = {"z": numpy.array(json.loads(vectors), numpy.float32)}
if any(given.name == "label" for given in session.get_inputs()):
    feeds["label"] = numpy.array(json.loads(labels), numpy.int32)
print(json.dumps(session.run(["image"], feeds)[0].reshape(-1).tolist()))
