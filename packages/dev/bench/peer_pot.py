#!/usr/bin/env python3
"""Peer of bench/transport.js: one problem of optimal transport, solved and timed by POT (Debian: python3-pot).

    peer_pot.py emd POINTS COUNT DIMENSION METRIC
    peer_pot.py sinkhorn POINTS COUNT DIMENSION METRIC EPSILON TOLERANCE

POINTS is a file of float64 numbers: COUNT points x, then COUNT points y. METRIC is euclidean or sqeuclidean, EPSILON is
in units of the largest cost. The cost matrix is made before the clock starts. Prints one JSON object.
"""
import json
import sys
import time

import numpy as np
import ot

def main() -> None:
    problem, path, count, dimension, metric = sys.argv[1:6]
    n = int(count)
    x, y = np.fromfile(path).reshape(2, n, int(dimension))
    cost = ot.dist(x, y, metric=metric)
    weights = np.full(n, 1 / n)
    log = {}
    start = time.perf_counter()
    if problem == "emd":
        plan = ot.emd(weights, weights, cost, numItermax=100_000_000)
    else:
        epsilon, tolerance = float(sys.argv[6]) * cost.max(), float(sys.argv[7])
        plan, log = ot.sinkhorn(
            weights, weights, cost, epsilon, method="sinkhorn_log", stopThr=tolerance, numItermax=100_000, log=True
        )
    seconds = time.perf_counter() - start
    result = {"milliseconds": 1000 * seconds, "cost": float((plan * cost).sum()), "version": ot.__version__}
    if "niter" in log:
        result["iterations"] = int(log["niter"]) + 1
    print(json.dumps(result))


if __name__ == "__main__":
    main()
