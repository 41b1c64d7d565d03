#!/usr/bin/env python3
"""Peer of bench/distances.ts: one problem, solved and timed by POT (Debian: python3-pot), the Frechet distance by NumPy.

    peer_pot.py emd POINTS COUNT DIMENSION METRIC
    peer_pot.py sinkhorn POINTS COUNT DIMENSION METRIC EPSILON TOLERANCE
    peer_pot.py frechet POINTS COUNT DIMENSION METRIC

POINTS is a file of float64 numbers: COUNT points x, then COUNT points y. METRIC is euclidean or sqeuclidean, EPSILON is
in units of the largest cost. The cost matrix is made before the clock starts. The Frechet distance takes the eigenvalues of
the product of the covariances, which is faster than its root by SciPy. Prints one JSON object.
"""
import json
import sys
import time

import numpy as np


def frechet(x, y):
    start = time.perf_counter()
    gap = x.mean(0) - y.mean(0)
    p, q = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = np.sqrt(np.maximum(np.linalg.eigvals(p @ q).real, 0)).sum()
    value = gap @ gap + np.trace(p) + np.trace(q) - 2 * root
    return time.perf_counter() - start, value, f"numpy {np.__version__}"


def transport(problem, x, y, metric, entropy):
    import ot

    cost = ot.dist(x, y, metric=metric)
    weights = np.full(len(x), 1 / len(x))
    start = time.perf_counter()
    if problem == "emd":
        plan = ot.emd(weights, weights, cost, numItermax=100_000_000)
    else:
        epsilon, tolerance = float(entropy[0]) * cost.max(), float(entropy[1])
        plan = ot.sinkhorn(
            weights, weights, cost, epsilon, method="sinkhorn_log", stopThr=tolerance, numItermax=100_000
        )
    return time.perf_counter() - start, (plan * cost).sum(), f"POT {ot.__version__}"


def main() -> None:
    problem, path, count, dimension, metric, *entropy = sys.argv[1:]
    x, y = np.fromfile(path).reshape(2, int(count), int(dimension))
    seconds, value, version = frechet(x, y) if problem == "frechet" else transport(problem, x, y, metric, entropy)
    print(json.dumps({"milliseconds": 1000 * seconds, "value": float(value), "version": version}))


if __name__ == "__main__":
    main()
