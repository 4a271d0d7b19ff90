"""The Python side of `plumbline bench learn`: the same steps with transformers, PyTorch and scikit-learn.

usage: learn_bench.py FOLDER THREADS DTYPE. Reads one JSON request a line from standard input and answers with one
JSON line. FOLDER holds model/ (Hugging Face), tokens.i32, answers.json, states.f32 and synthetic.json.
"""

import gc
import json
import platform
import sys
import time

import numpy as np
import sklearn
import torch
import transformers
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

FOLDER, THREADS, DTYPE = sys.argv[1], int(sys.argv[2]), getattr(torch, sys.argv[3])
torch.set_num_threads(THREADS)


def peak(reset=False):
    """Largest resident size since the last reset, in MiB."""
    if reset:
        gc.collect()
        with open("/proc/self/clear_refs", "w") as f:
            f.write("5")
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) / 1024 for line in f if line.startswith("VmHWM"))


class Sums:
    """Count, sum and squares of one class in float64: each component's own, or all products."""

    def __init__(self, shape, width, full):
        self.n = 0
        self.sum = torch.zeros(*shape, width, dtype=torch.float64)
        self.squares = torch.zeros(*shape, width, *([width] if full else []), dtype=torch.float64)
        self.full = full

    def add(self, x, at=()):
        self.sum[at] += x.sum(0)
        if self.full:
            self.squares.addmm_(x.T, x)
        else:
            self.squares[at] += (x * x).sum(0)

    def mean(self):
        return self.sum / self.n

    def scatter(self):
        """Sums of squares about the mean."""
        mean = self.mean()
        return self.squares - self.n * (torch.outer(mean, mean) if self.full else mean * mean)


def estimate(classes, ridge):
    """Whitened direction of two classes with full sums, and the aligned class's scale along it."""
    difference = classes[1].mean() - classes[0].mean()
    within = (classes[0].scatter() + classes[1].scatter()) / (classes[0].n + classes[1].n - 2)
    within.diagonal().add_(ridge * within.diagonal().mean())
    direction = torch.cholesky_solve(difference[:, None], torch.linalg.cholesky(within))[:, 0]
    unit = direction / direction.norm()
    spread = torch.sqrt(unit @ (classes[0].scatter() @ unit) / (classes[0].n - 1))
    return difference, direction, [float(unit @ classes[0].mean()), float(spread)]


def probe(x, y, folds, ridges):
    """Logistic regression on float32 features; the ridge by grouped cross-validation."""

    def model(ridge, rows):
        return LogisticRegression(
            C=1 / (ridge * rows), class_weight="balanced", tol=1e-5, max_iter=1000, warm_start=True
        )

    losses = np.zeros(len(ridges))
    for fold in range(folds.max() + 1):
        train, held = folds != fold, folds == fold
        scaler = StandardScaler().fit(x[train])
        a, b = scaler.transform(x[train]), scaler.transform(x[held])
        fit = model(1.0, len(a))
        for i, ridge in enumerate(ridges):
            fit.C = 1 / (ridge * len(a))
            margin = fit.fit(a, y[train]).decision_function(b) * np.where(y[held], 1, -1)
            loss = np.logaddexp(0, -margin)
            losses[i] += sum(loss[y[held] == c].mean() for c in (False, True) if (y[held] == c).any())
    best = ridges[int(losses.argmin())]
    scaler = StandardScaler().fit(x)
    return model(best, len(x)).fit(scaler.transform(x), y).coef_[0] / scaler.scale_, best


class Answers:
    """Reads answers with a model: batches of like length, padded on the right, states of answer tokens only."""

    def __init__(self):
        with open(f"{FOLDER}/answers.json") as f:
            self.facts = json.load(f)
        self.tokens = np.fromfile(f"{FOLDER}/tokens.i32", dtype=np.int32).astype(np.int64)
        self.model = transformers.LlamaForCausalLM.from_pretrained(f"{FOLDER}/model", torch_dtype=DTYPE).eval()
        self.layers = self.model.config.num_hidden_layers
        self.last = None
        # The library's last hidden state is the normalised one: the block's own output is fetched by a hook.
        self.model.model.layers[-1].register_forward_hook(self.keep)

    def keep(self, module, args, output):
        self.last = output[0] if isinstance(output, tuple) else output

    def batches(self, n):
        ends = self.facts["ends"]
        begins = [0] + ends[:-1]
        order = sorted(range(n), key=lambda i: ends[i] - begins[i])
        batch = []
        for i in order:
            if batch and (len(batch) + 1) * (ends[i] - begins[i]) > self.facts["room"]:
                yield batch
                batch = []
            batch.append(i)
        yield batch

    def read(self, n):
        width, tap = self.model.config.hidden_size, self.facts["tap"]
        labels = np.array(self.facts["labels"][:n])
        classes = [Sums([self.layers], width, False) for _ in range(2)]
        full = [Sums([], width, True) for _ in range(2)]
        features = np.zeros((min(n, self.facts["probe"]), width), dtype=np.float32)
        ends, starts, forwarded = self.facts["ends"], self.facts["starts"], 0
        with torch.inference_mode():
            for batch in self.batches(n):
                begin = [ends[i - 1] if i else 0 for i in batch]
                sizes = [ends[i] - b for i, b in zip(batch, begin)]
                ids = torch.zeros(len(batch), max(sizes), dtype=torch.long)
                real, answer = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
                for row, (i, b, size) in enumerate(zip(batch, begin, sizes)):
                    ids[row, :size] = torch.from_numpy(self.tokens[b : b + size])
                    real[row, :size] = 1
                    answer[row, starts[i] : size] = True
                forwarded += ids.numel()
                # The decoder without the head: nobody needs logits here.
                out = self.model.model(
                    input_ids=ids, attention_mask=real, output_hidden_states=True, use_cache=False
                )
                states = [*out.hidden_states[1 : self.layers], self.last]
                masks = [answer & torch.from_numpy(labels[batch] == c)[:, None] for c in (False, True)]
                for layer, state in enumerate(states):
                    for c, mask in enumerate(masks):
                        x = state[mask].double()
                        classes[c].add(x, layer)
                        if layer == tap:
                            full[c].add(x)
                for c, mask in enumerate(masks):
                    count = int(mask.sum())
                    classes[c].n += count
                    full[c].n += count
                weights = answer.double() / answer.sum(1, keepdim=True)
                mean = (states[tap].double() * weights[:, :, None]).sum(1)
                kept = [row for row, i in enumerate(batch) if i < len(features)]
                features[[batch[row] for row in kept]] = mean[kept].float().numpy()
        return classes, full, features, labels[: len(features)], forwarded

    def run(self, n):
        begin = time.perf_counter()
        classes, full, features, labels, forwarded = self.read(n)
        read = time.perf_counter()
        differences = classes[1].mean() - classes[0].mean()
        for c in classes:
            torch.sqrt(c.scatter().mean(1) / (c.n - 1))
        _, direction, scale = estimate(full, self.facts["ridge"])
        estimated = time.perf_counter()
        weights, best = probe(features, labels, np.array(self.facts["folds"][str(n)]), self.facts["ridges"])
        end = time.perf_counter()
        states = sum(c.n for c in classes) * self.layers
        rows = [*differences.numpy(), direction.numpy(), weights]
        return result(rows, read - begin, estimated - read, end - estimated, states, forwarded, scale, best)


class Synthetic:
    """States from a file, some answers at a time."""

    def __init__(self):
        with open(f"{FOLDER}/synthetic.json") as f:
            self.facts = json.load(f)

    def run(self, n):
        width, per, block = self.facts["width"], self.facts["tokens"], self.facts["block"]
        labels = np.array(self.facts["labels"][:n])
        full = [Sums([], width, True) for _ in range(2)]
        features = np.zeros((min(n, self.facts["probe"]), width), dtype=np.float32)
        begin = time.perf_counter()
        with open(f"{FOLDER}/states.f32", "rb") as f, torch.inference_mode():
            for at in range(0, n, block):
                some = min(block, n - at)
                x = np.fromfile(f, dtype=np.float32, count=some * per * width).reshape(some, per, width)
                x = torch.from_numpy(x).double()
                kept = max(0, min(some, len(features) - at))
                features[at : at + kept] = x[:kept].mean(1).float().numpy()
                for c in range(2):
                    own = x[torch.from_numpy(labels[at : at + some] == bool(c))].reshape(-1, width)
                    full[c].add(own)
                    full[c].n += len(own)
        read = time.perf_counter()
        difference, direction, scale = estimate(full, self.facts["ridge"])
        estimated = time.perf_counter()
        folds = np.array(self.facts["folds"][str(n)])
        weights, best = probe(features, labels[: len(features)], folds, self.facts["ridges"])
        end = time.perf_counter()
        rows = [difference.numpy(), direction.numpy(), weights]
        return result(rows, read - begin, estimated - read, end - estimated, n * per, n * per, scale, best)


def result(rows, read, estimated, fitted, states, forwarded, scale, ridge):
    np.stack([np.asarray(row, dtype=np.float64) for row in rows]).astype(">f8").tofile(f"{FOLDER}/directions.f64")
    return {
        "collect_s": read,
        "estimate_s": estimated,
        "probe_s": fitted,
        "states": states,
        "forwarded": forwarded,
        "width": len(rows[-1]),
        "scale": scale,
        "ridge": ridge,
    }


def main():
    versions = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }
    print(json.dumps(versions), flush=True)
    parts = {}
    for line in sys.stdin:
        request = json.loads(line)
        if request["part"] not in parts:
            parts[request["part"]] = {"answers": Answers, "synthetic": Synthetic}[request["part"]]()
        part = parts[request["part"]]
        peak(reset=True)
        reply = part.run(request["answers"])
        reply["peak_mib"] = peak()
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    main()
