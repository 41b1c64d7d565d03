#!/usr/bin/env python3
"""Python's safetensors beside tsgan's. pip install safetensors numpy ml_dtypes (safetensors 0.8 made the golden file).

    python3 scripts/check-safetensors.py write FILE    the golden file that safetensors.test.ts reads: every type, odd numbers
    python3 scripts/check-safetensors.py read FILE     names, types, shapes and sums of a file's tensors, as JSON
"""
import json
import sys

import ml_dtypes
import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

NUMBERS = [0.0, -0.0, 1.5, 1 / 3, -65504.0, 2.0**-24, float("inf"), float("nan")]


def write(path):
    floats = {"double": numpy.float64, "single": numpy.float32, "half": numpy.float16, "brain": ml_dtypes.bfloat16}
    integers = {"whole": numpy.int32, "long": numpy.int64}
    tensors = {
        **{name: numpy.array(NUMBERS).astype(kind).reshape(2, 4) for name, kind in floats.items()},
        **{name: numpy.arange(-4, 4, dtype=kind).reshape(2, 4) for name, kind in integers.items()},
    }
    save_file(tensors, path, {"made by": "safetensors"})


def read(path):
    with safe_open(path, "numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        print(
            json.dumps(
                {
                    "metadata": file.metadata(),
                    "tensors": {
                        name: [str(t.dtype), list(t.shape), float(numpy.sum(t, dtype=numpy.float64))]
                        for name, t in tensors.items()
                    },
                }
            )
        )


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](sys.argv[2])
