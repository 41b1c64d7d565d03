#!/usr/bin/env python3
"""TensorBoard's own writer and reader beside tsgan's event files. pip install tensorboard (2.21 made the golden file).

    python3 scripts/check-tensorboard.py write FILE      the golden file that event-file.test.ts compares with, byte by byte
    python3 scripts/check-tensorboard.py read FOLDER     what TensorBoard reads there, as JSON; exit code 1 for a step twice
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

# A grey PNG of 2 x 1, as zlib writes it.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000010800000000d1498c"
    "5d0000000b49444154789c6360f80f0001020100e8e4d9110000000049454e44ae426082"
)
TIME = 1764400000.25


def write(path):
    image = Summary.Image(height=1, width=2, colorspace=1, encoded_image_string=PNG)
    values = [Summary.Value(tag="metrics/loss", simple_value=0.6875), Summary.Value(tag="größe", simple_value=-1e-30)]
    events = [
        Event(wall_time=TIME, file_version="brain.Event:2"),
        Event(wall_time=TIME, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=TIME, step=1, summary=Summary(value=values)),
        Event(wall_time=TIME, step=2**40, summary=Summary(value=[Summary.Value(tag="samples", image=image)])),
        Event(wall_time=TIME, step=300, session_log=SessionLog(status=SessionLog.START)),
    ]
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())


def read(folder):
    board = EventAccumulator(folder, size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    board.Reload()
    tags = board.Tags()
    scalars = {tag: [[e.step, e.value] for e in board.Scalars(tag)] for tag in tags["scalars"]}
    images = {
        tag: [[e.step, e.width, e.height, len(e.encoded_image_string)] for e in board.Images(tag)]
        for tag in tags["images"]
    }
    print(json.dumps({"scalars": scalars, "images": images}))
    for tag, points in {**scalars, **images}.items():
        steps = [point[0] for point in points]
        if steps != sorted(set(steps)):
            sys.exit(f"{tag}: a step is there twice, or out of order: {steps}")


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](sys.argv[2])
