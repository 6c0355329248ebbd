"""What the PyTorch peers share: threads, warm-up, and the answers to bench/src/compare-engines.ts. Needs torch."""

import json
import os
import sys
import time

import torch

torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(0)


def serve_windows(step, warm_up):
    """Answers each line of standard input, a number of steps, with the milliseconds they took."""
    for _ in range(warm_up):
        step()
    print(json.dumps({"kernelsPerStep": None, "versions": {"torch": torch.__version__}}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        print((time.perf_counter() - start) * 1000, flush=True)
