#!/usr/bin/env python3
"""Checks ONNX models with the checker of the onnx package, shapes and types included.

    python3 scripts/check-onnx.py MODEL...
"""
import sys

import onnx

for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    domains = {node.domain for node in model.graph.node} - {"", "ai.onnx"}
    if domains:
        sys.exit(f"{path}: operators outside the standard: {', '.join(sorted(domains))}")
    opset = ", ".join(str(entry.version) for entry in model.opset_import)
    print(f"{path}: valid, opset {opset}, {len(model.graph.node)} nodes")
