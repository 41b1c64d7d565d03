#!/usr/bin/env python3
"""Small generators as other tools export them, and what Python's onnxruntime makes of random numbers.

    pip install onnx onnxruntime onnxscript torch
    python3 scripts/make-generators.py packages/tsgan/src/node/fixtures/generators

Writes NAME.onnx and expected.json: for each z, labels, and the images [-1, 1] or points that tsgan import is to give.
"""
import json
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

folder = sys.argv[1]
random = np.random.default_rng(0)
value, node = helper.make_tensor_value_info, helper.make_node
EXAMPLES = 3
expected = {}


def weights(*shape):
    return (random.standard_normal(shape) * 0.3).astype(np.float32)


def save(name, nodes, inputs, outputs, tensors, opset=17, ir=8):
    graph = helper.make_graph(nodes, "g", inputs, outputs, [numpy_helper.from_array(v, k) for k, v in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
    onnx.checker.check_model(model)
    with open(f"{folder}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())


def expect(name, size, feeds, after, classes=None):
    """What the model gives, one example after the other, and `after` makes of it."""
    z = np.round(random.standard_normal((EXAMPLES, size)), 3).astype(np.float32)
    labels = np.arange(EXAMPLES) % (classes or 1)
    session = onnxruntime.InferenceSession(f"{folder}/{name}.onnx")
    rows = [session.run(None, feeds(z[i : i + 1], labels[i : i + 1]))[0] for i in range(EXAMPLES)]
    made = after(np.concatenate(rows).astype(np.float32))
    expected[name] = {
        "z": z.ravel().tolist(),
        "labels": labels.tolist(),
        "shape": list(made.shape[1:]),
        "examples": [round(float(x), 5) for x in made.ravel()],
    }


def same(x):
    return x


def first(x):
    return x.transpose(0, 3, 1, 2)


# PyTorch's DCGAN: noise [batch, n, 1, 1].
save(
    "square-noise",
    [
        node("ConvTranspose", ["input", "w"], ["a"], kernel_shape=[4, 4], strides=[2, 2]),
        node("Tanh", ["a"], ["output"]),
    ],
    [value("input", 1, ["batch", 20, 1, 1])],
    [value("output", 1, ["batch", 3, 4, 4])],
    {"w": weights(20, 3, 4, 4)},
)
expect("square-noise", 20, lambda z, y: {"input": z[:, :, None, None]}, same)

# Keras: channels last, sigmoid.
save(
    "channels-last",
    [
        node("MatMul", ["dense_input", "w"], ["a"]),
        node("Reshape", ["a", "s"], ["b"]),
        node("Sigmoid", ["b"], ["conv2d_3"]),
    ],
    [value("dense_input", 1, ["unk__10", 16])],
    [value("conv2d_3", 1, ["unk__11", 8, 10, 1])],
    {"w": weights(16, 80), "s": np.array([-1, 8, 10, 1])},
)
expect("channels-last", 16, lambda z, y: {"dense_input": z}, lambda x: first(x) * 2 - 1)

# One example at a time, bytes, a class of ones and zeros, and names that tsgan uses for something else.
save(
    "fixed-bytes",
    [
        node("Reshape", ["z", "s0"], ["zz"]),
        node("Concat", ["zz", "label"], ["a"], axis=1),
        node("MatMul", ["a", "w"], ["b"]),
        node("Sigmoid", ["b"], ["c"]),
        node("Mul", ["c", "k"], ["d"]),
        node("Reshape", ["d", "s"], ["e"]),
        node("Cast", ["e"], ["image"], to=TensorProto.UINT8),
    ],
    [value("z", 1, [1, 1, 12]), value("label", 1, [1, 3])],
    [value("image", TensorProto.UINT8, [1, 6, 6, 3])],
    {
        "w": weights(15, 108),
        "s0": np.array([1, 12]),
        "s": np.array([1, 6, 6, 3]),
        "k": np.array(255.0, np.float32),
    },
)
expect(
    "fixed-bytes",
    12,
    lambda z, y: {"z": z[None], "label": np.eye(3, dtype=np.float32)[y]},
    lambda x: first(x) / 127.5 - 1,
    classes=3,
)

# Classes from a table, a truncation, rows of numbers up to 255.
save(
    "rows",
    [
        node("Gather", ["table", "y"], ["e"]),
        node("Mul", ["noise", "truncation"], ["t"]),
        node("Add", ["t", "e"], ["a"]),
        node("MatMul", ["a", "w"], ["b"]),
        node("Sigmoid", ["b"], ["c"]),
        node("Mul", ["c", "k"], ["flat"]),
    ],
    [value("noise", 1, ["n", 10]), value("y", TensorProto.INT64, ["n"]), value("truncation", 1, [1])],
    [value("flat", 1, ["n", 64])],
    {"table": weights(7, 10), "w": weights(10, 64), "k": np.array(255.0, np.float32)},
)
expect(
    "rows",
    10,
    lambda z, y: {"noise": z, "y": y.astype(np.int64), "truncation": np.array([0.5], np.float32)},
    lambda x: x.reshape(-1, 1, 8, 8) / 127.5 - 1,
    classes=7,
)

# Half precision, points, older operators.
save(
    "half-points",
    [node("MatMul", ["z", "w"], ["points"])],
    [value("z", TensorProto.FLOAT16, [None, 4])],
    [value("points", TensorProto.FLOAT16, [None, 2])],
    {"w": weights(4, 2).astype(np.float16)},
    opset=11,
    ir=6,
)
expect("half-points", 4, lambda z, y: {"z": z.astype(np.float16)}, same)

# Two kinds of random numbers.
save(
    "two-latents",
    [
        node("Concat", ["content", "style"], ["a"], axis=1),
        node("MatMul", ["a", "w"], ["b"]),
        node("Reshape", ["b", "s"], ["c"]),
        node("Tanh", ["c"], ["picture"]),
    ],
    [value("content", 1, ["n", 3]), value("style", 1, ["n", 2])],
    [value("picture", 1, ["n", 1, 8, 8])],
    {"w": weights(5, 64), "s": np.array([-1, 1, 8, 8])},
)
expect("two-latents", 5, lambda z, y: {"content": z[:, :3], "style": z[:, 3:]}, same)


class Conditional(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(5, 8)
        self.net = nn.Sequential(
            nn.ConvTranspose2d(16, 8, 4, 1, 0, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(True),
            nn.ConvTranspose2d(8, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z, y):
        return self.net(torch.cat([z, self.table(y)], 1)[:, :, None, None])


# PyTorch's exporters, the old one with and without an open batch, and the new one, whose weights lie in a second file.
torch.manual_seed(0)
model = Conditional().eval()
names = {"input_names": ["latent", "labels"], "output_names": ["fake"]}
two = (torch.randn(2, 8), torch.tensor([1, 2]))
one = (two[0][:1], two[1][:1])
open_batch = {name: {0: "b"} for name in ["latent", "labels", "fake"]}
batch = {0: torch.export.Dim("b")}
torch.onnx.export(model, two, f"{folder}/torch-old.onnx", dynamo=False, dynamic_axes=open_batch, **names)
torch.onnx.export(model, one, f"{folder}/torch-one.onnx", dynamo=False, **names)
torch.onnx.export(model, two, f"{folder}/torch-new.onnx", dynamic_shapes=(batch, batch), **names)
for name in ["torch-old", "torch-one", "torch-new"]:
    # Where the code lay says nothing here.
    written = onnx.load(f"{folder}/{name}.onnx", load_external_data=False)
    for each in written.graph.node:
        del each.metadata_props[:]
        each.doc_string = ""
    onnx.save(written, f"{folder}/{name}.onnx")
    expect(name, 8, lambda z, y: {"latent": z, "labels": y.astype(np.int64)}, same, classes=5)

with open(f"{folder}/expected.json", "w") as file:
    json.dump(expected, file, separators=(",", ":"))
    file.write("\n")
