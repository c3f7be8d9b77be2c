"""Training runs: cloze pre-training, fine-tuning, and learning from several teachers.

    python -m training.train --pack FOLDER --start FILE --out FILE [--stage cloze] [--teachers FILE ...]

A run resumes from its last checkpoint. Every run appends a line to `log.jsonl` beside its result: settings,
data fingerprint, losses and development scores.
"""

import argparse
import hashlib
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from qa_service.span_reader.network import ReaderNetwork, Scores
from training.batches import Batch, Packed, batches, cloze_samples, question_samples
from training.scoring import choose_line, load, predict, table

FORBIDDEN = -1e4


def allowed_places(batch_first: Tensor, lengths: Tensor, length: int) -> Tensor:
    """(batch, length) True where an answer may start or end: "no answer" and the passage."""
    places = torch.arange(length, device=lengths.device)[None, :]
    passage = (places >= batch_first[:, None]) & (places < lengths[:, None] - 1)
    return passage | (places == 0)


def losses(scores: Scores, batch: dict[str, Tensor]) -> Tensor:
    """Mean loss of a batch: spans, items and answerability."""
    allowed = allowed_places(batch["first"], batch["lengths"], batch["ids"].shape[1])
    spans = batch["spans"].long()
    real = spans[:, :, 0] >= 0
    empty = ~real.any(1)
    count = real.sum(1).clamp(min=1)
    total = 0.0
    for logits, side in ((scores.start, 0), (scores.end, 1)):
        logp = F.log_softmax(logits.float().masked_fill(~allowed, FORBIDDEN), -1)
        picked = logp.gather(1, spans[:, :, side].clamp(min=0)) * real
        gold = torch.where(empty, logp[:, 0], picked.sum(1) / count)
        total = total - gold.mean() / 2
    tags = F.cross_entropy(
        scores.item.float().flatten(0, 1), batch["tags"].long().flatten(), ignore_index=-100
    )
    holds = F.binary_cross_entropy_with_logits(scores.holds.float(), (~empty).float())
    return total + 8 * tags + 0.5 * holds


def distance(
    student: Scores, teachers: list[Scores], batch: dict[str, Tensor], temperature: float = 2.0
) -> Tensor:
    """Kullback-Leibler divergence from the teachers' mean distributions to the student's."""
    allowed = allowed_places(batch["first"], batch["lengths"], batch["ids"].shape[1])
    total = 0.0
    for side in ("start", "end"):
        mean = torch.stack(
            [
                (getattr(t, side).float().masked_fill(~allowed, FORBIDDEN) / temperature).softmax(-1)
                for t in teachers
            ]
        ).mean(0)
        said = F.log_softmax(
            getattr(student, side).float().masked_fill(~allowed, FORBIDDEN) / temperature, -1
        )
        total = total + (mean * (mean.clamp(min=1e-9).log() - said)).sum(-1).mean() * temperature**2 / 2
    passage = batch["tags"] >= 0
    tags = torch.stack([t.item.float().softmax(-1) for t in teachers]).mean(0)
    said = F.log_softmax(student.item.float(), -1)
    total = total + 8 * (tags * (tags.clamp(min=1e-9).log() - said)).sum(-1)[passage].mean()
    holds = torch.stack([t.holds.float().sigmoid() for t in teachers]).mean(0)
    return total + 0.5 * F.binary_cross_entropy_with_logits(student.holds.float(), holds)


def taught_loss(
    network: ReaderNetwork, teachers: list[ReaderNetwork], batch: dict[str, Tensor], teach: float
) -> Tensor:
    """The loss of a batch; `teach` is the teachers' share in it, where there are any."""
    scores = network(batch["ids"], batch["lengths"])
    loss = losses(scores, batch)
    if teachers:
        with torch.no_grad():
            taught = [teacher(batch["ids"], batch["lengths"]) for teacher in teachers]
        loss = (1 - teach) * loss + teach * distance(scores, taught, batch)
    return loss


def on_device(batch: Batch, device: torch.device) -> dict[str, Tensor]:
    """Copies a batch to the device."""
    return {
        name: torch.from_numpy(getattr(batch, name)).to(device, non_blocking=True)
        for name in ("ids", "lengths", "first", "spans", "tags")
    }


def open_network(path: Path, device: torch.device, dropout: float = 0.1) -> ReaderNetwork:
    """Loads a checkpoint, or the base encoder (new heads)."""
    arrays = np.load(path)
    network = ReaderNetwork(len(arrays["embeddings.word_embeddings.weight"]), dropout)
    state = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files}
    missing = network.load_state_dict(state, strict=False)
    if missing.unexpected_keys:
        raise ValueError(f"{path} holds unknown parameters: {missing.unexpected_keys[:5]}")
    return network.to(device)


def save(parameters: dict[str, Tensor], path: Path) -> None:
    """Writes parameters by name, through a temporary file."""
    part = path.with_suffix(".part.npz")
    np.savez(part, **{name: value.float().cpu().numpy() for name, value in parameters.items()})
    part.replace(path)


class Master:
    """Single-precision parameters beside a bfloat16 network: what the optimiser moves and what is averaged.

    The network computes in bfloat16 (half the memory traffic, and matrix units where the processor has them).
    """

    def __init__(self, network: ReaderNetwork, rate: float, decay: float) -> None:
        self.names = [n for n, p in network.named_parameters() if p.requires_grad]
        parameters = dict(network.named_parameters())
        self.live = [parameters[n] for n in self.names]
        self.exact = [p.detach().float().clone().requires_grad_() for p in self.live]
        self.mean = [p.detach().clone() for p in self.exact]
        self.decay, self.steps = decay, 0
        groups = [
            {"params": [p for p in self.exact if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for p in self.exact if p.ndim <= 1], "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """One step from the network's gradients; then both precisions and the average agree again."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        for exact, live in zip(self.exact, self.live, strict=True):
            exact.grad = live.grad.float() if live.grad is not None else None
            live.grad = None
        torch.nn.utils.clip_grad_norm_(self.exact, 1.0)
        self.optimiser.step()
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.mean, [p.detach() for p in self.exact], 1 - decay)
        torch._foreach_copy_(self.live, self.exact)

    def averaged(self) -> dict[str, Tensor]:
        """The averaged parameters by name."""
        return dict(zip(self.names, self.mean, strict=True))

    def state(self) -> dict:
        """Everything needed to go on."""
        return {
            "optimiser": self.optimiser.state_dict(), "mean": self.mean, "steps": self.steps,
            "exact": [p.detach() for p in self.exact],
        }  # fmt: skip

    @torch.no_grad()
    def restore(self, state: dict) -> None:
        """Goes on from `state`."""
        self.optimiser.load_state_dict(state["optimiser"])
        self.mean, self.steps = state["mean"], state["steps"]
        torch._foreach_copy_(self.exact, state["exact"])
        torch._foreach_copy_(self.live, self.exact)


def epoch_batches(packed: Packed, rng: np.random.Generator, options: argparse.Namespace) -> list[Batch]:
    """The batches of one epoch."""
    if options.stage == "cloze":
        samples = list(cloze_samples(packed, rng, most=256))
        if options.share < 1:
            samples = [s for s in samples if rng.random() < options.share]
    else:
        samples = list(
            question_samples(
                packed, rng, most=options.most, negatives=options.negatives,
                swapped=options.swapped, removed=options.removed, foreign=options.foreign,
            )
        )  # fmt: skip
        if options.replay:
            pool = list(cloze_samples(packed, rng, most=256))
            samples += [
                pool[n] for n in rng.choice(len(pool), int(options.replay * len(samples)), replace=False)
            ]
    return batches(samples, rng, tokens=options.tokens)


def run(options: argparse.Namespace) -> None:
    """One training run from start to scores."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    packed = Packed(options.pack)
    network = open_network(options.start, device, options.dropout)
    whole = {n: p.detach().float() for n, p in network.named_parameters() if not p.requires_grad}
    master = Master(network, options.rate, options.average)
    network.bfloat16()
    master.live = [dict(network.named_parameters())[n] for n in master.names]
    teachers = [open_network(path, device, 0.0).eval().bfloat16() for path in options.teachers]
    resume = options.out.with_suffix(".resume.pt")
    step, first_epoch, spent = 0, 0, 0.0
    if resume.exists():
        saved = torch.load(resume, map_location=device, weights_only=False)
        master.restore(saved["master"])
        step, first_epoch, spent = saved["step"], saved["epoch"], saved["seconds"]
        # Other windows than those that were drawn before the interruption.
        rng = np.random.default_rng(options.seed + step)
    started = saved_at = time.time()
    steps, loss_mean, part = 0, 0.0, 0.0
    for epoch in range(first_epoch, options.epochs):
        network.train()
        current = epoch_batches(packed, rng, options)
        steps = steps or options.steps or len(current) * options.epochs
        print(
            f"epoch {epoch}: {len(current)} steps, {sum(int(b.lengths.sum()) for b in current)} tokens",
            flush=True,
        )
        for batch in current:
            seconds = spent + time.time() - started
            part = max(step / steps, seconds / (60 * options.minutes) if options.minutes else 0.0)
            if part >= 1:
                break
            step += 1
            warm = min(1.0, (part + 1 / steps) / 0.06)
            rate = options.rate * warm * (0.5 * (1 + math.cos(math.pi * part)) * 0.97 + 0.03)
            tensors = on_device(batch, device)
            loss = taught_loss(network, teachers, tensors, options.teach)
            loss.backward()
            master.step(rate)
            loss_mean = 0.98 * loss_mean + 0.02 * float(loss.detach())
            if step % 100 == 0:
                print(f"step {step} ({100 * part:.1f} %) loss {loss_mean:.3f} {seconds:.0f}s", flush=True)
            if options.save_minutes and time.time() - saved_at > 60 * options.save_minutes:
                saved_at = time.time()
                save(master.averaged() | whole, options.out.with_suffix(".latest.npz"))
                torch.save(
                    {"master": master.state(), "step": step, "epoch": epoch, "seconds": seconds}, resume
                )
        if part >= 1:
            break
    save(master.averaged() | whole, options.out)
    entry = {k: str(v) for k, v in vars(options).items()} | {
        "seconds": spent + time.time() - started,
        "loss": loss_mean,
    }
    entry |= {
        "steps": step,
        "data": hashlib.sha256((options.pack / "train.npz").read_bytes()).hexdigest()[:12],
    }
    if options.score:
        entry |= score(options.out, options.pack, device)
    with (options.out.parent / "log.jsonl").open("a") as log:
        log.write(json.dumps(entry) + "\n")
    resume.unlink(missing_ok=True)


def score(path: Path, pack: Path, device: torch.device) -> dict:
    """Development scores of a result, printed and returned."""
    packed = Packed(pack)
    network = open_network(path, device, 0.0).bfloat16()
    records = load(pack / "dev.jsonl.gz", packed.vocabulary)
    predictions = predict(network, records, device, 65536 if device.type == "cuda" else 8192)
    line = choose_line(records, predictions)
    scores = table(records, predictions, line)
    print(f"== {path.stem} line {line:.2f}")
    for name, row in scores.items():
        print(f"{name:28}" + "  ".join(f"{k} {v:5.1f}" for k, v in row.items()), flush=True)
    return {"line": float(line), "scores": scores}


def main() -> None:
    """Parses the command line and runs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pack", type=Path, required=True, help="folder that training.prepare wrote")
    parser.add_argument("--start", type=Path, required=True, help="base encoder or an earlier result (.npz)")
    parser.add_argument("--out", type=Path, required=True, help="result (.npz)")
    parser.add_argument("--stage", choices=("cloze", "questions"), default="questions")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[])
    parser.add_argument("--teach", type=float, default=0.7, help="share of the teachers in the loss")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--tokens", type=int, default=4096, help="padded tokens a step")
    parser.add_argument(
        "--negatives", type=float, default=0.4, help="foreign passages per question and epoch"
    )
    parser.add_argument(
        "--swapped", type=float, default=0.0, help="questions about something else per answered question"
    )
    parser.add_argument(
        "--removed", type=float, default=0.0, help="share of the windows also shown without what answers"
    )
    parser.add_argument(
        "--foreign", type=float, default=1.0, help="share of the questions in other languages"
    )
    parser.add_argument("--replay", type=float, default=0.0, help="cloze samples per question sample")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--average", type=float, default=0.999)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--most", type=int, default=320, help="longest window, in tokens")
    parser.add_argument("--share", type=float, default=1.0, help="share of the cloze samples that is used")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="end (and cool down) within this time; 0: no bound"
    )
    parser.add_argument("--steps", type=int, default=0, help="end after this many steps; 0: all epochs")
    parser.add_argument("--save-minutes", type=float, default=10.0, help="time between checkpoints; 0: none")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--score", action=argparse.BooleanOptionalAction, default=True)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
