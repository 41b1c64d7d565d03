"""What the peers of `npm run bench` have in common: their options, and how a step is timed and told."""

import argparse
import json
import statistics
import time


def parser_of(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--only", default="")
    return parser


def tell(engine, version, workloads, args, begin=lambda: None):
    """Prints the median and the least time in ms of a step of each workload; `begin` is called before one is made."""
    result = {}
    for name in [n for n in args.only.split(",") if n] or list(workloads):
        begin()
        step = workloads[name]()
        for _ in range(3):
            step()
        times = []
        for _ in range(args.repeats):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e3)
        result[name] = {
            "ms": round(statistics.median(times), 3), "min": round(min(times), 3), "iterations": args.repeats,
        }
    print(json.dumps({engine: version, "threads": args.threads, "workloads": result}))
