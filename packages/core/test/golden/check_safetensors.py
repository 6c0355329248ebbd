"""Reads the safetensors file named first with Python's safetensors and compares it with the JSON file named second."""

import json
import sys

import numpy as np
from safetensors import safe_open

path, description = sys.argv[1:]
with open(description, encoding="utf-8") as file:
    wanted = json.load(file)
with safe_open(path, framework="numpy") as file:
    assert file.metadata() == wanted["metadata"], file.metadata()
    assert sorted(file.keys()) == sorted(wanted["tensors"]), file.keys()
    for name, tensor in wanted["tensors"].items():
        found = file.get_tensor(name)
        assert list(found.shape) == tensor["shape"], (name, found.shape)
        assert found.dtype == np.dtype(tensor["dtype"]), (name, found.dtype)
        if tensor["dtype"].startswith("float"):
            values = np.array([float(value) for value in tensor["values"]], found.dtype)
        else:
            values = np.array([int(value) for value in tensor["values"]]).astype(found.dtype)
        np.testing.assert_array_equal(found.flatten(), values, err_msg=name)
print("same")
