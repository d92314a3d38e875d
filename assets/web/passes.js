// Both passes, recorded step by step as engine/passes/run.py records them; the emitted program calls these.
"use strict";

class Passes {
  // `rate`: with a step of learning of that rate behind both passes.
  constructor(held, seed, rate = null) {
    this.held = held;
    this.seedValue = seed;
    this.rate = rate;
    this.learns = rate !== null;
    this.short = 1;
    this.turned = [];
    this.v = [];
    this.g = [];
    this.steps = [];
  }

  leaf(slot, number) {
    this.v[slot] = this.turned[slot] ?? this.held[number];
    this.steps.push({ kind: "value", slot, value: this.v[slot], inputs: [] });
  }

  value(slot, value, inputs) {
    this.v[slot] = as(value);
    this.steps.push({ kind: "value", slot, value: this.v[slot], inputs });
  }

  seed(slot) {
    this.g[slot] = array(this.v[slot].shape, new Float64Array(this.v[slot].data.length).fill(this.seedValue));
    this.steps.push({ kind: "seed", slot, gradient: this.g[slot] });
  }

  // The contribution of slot `dest` to slot `source`; `local` is null where the rule is no product.
  send(dest, source, local, product) {
    const upstream = this.g[dest], contribution = unbroadcast(product, this.v[source].shape), before = this.g[source] ?? null;
    const total = before ? W.add(before, contribution) : contribution;
    this.g[source] = total;
    this.steps.push({ kind: "contribution", dest, slot: source, upstream, local: local === null ? null : as(local), contribution, before, total });
  }

  // --- one step of learning, as engine/learn/slow.py tells it

  // By what gradients are multiplied that are together longer than `most`.
  shorten(slots, most) {
    this.short = Math.min(1, most / (lengthOf(slots.map((slot) => this.g[slot])) || most));
  }

  // A parameter turns by the lines of its rule, of which the last is what it holds then.
  turn(slot, lines) {
    this.turned[slot] = lines.at(-1);
    this.steps.push({ kind: "update", slot, gradient: this.g[slot], before: this.v[slot], after: lines.at(-1), lines });
  }

  // The forward pass with what the parameters hold now; `first` keeps what was there before.
  again() {
    this.first = [...this.v];
  }

  drop(slot) {
    const [before, after] = [this.first, this.v].map((values) => as(this.seedValue * values[slot].data.reduce((a, b) => a + b, 0)));
    const updates = this.steps.filter((step) => step.kind === "update");
    const promised = -updates.reduce((sum, step) => sum + W.mul(step.gradient, W.sub(step.after, step.before)).data.reduce((a, b) => a + b, 0), 0);
    this.steps.push({ kind: "drop", slot, before, after, promised: as(promised), size: as(lengthOf(updates.map((step) => step.gradient))) });
  }
}

const lengthOf = (values) => Math.sqrt(values.reduce((sum, value) => sum + value.data.reduce((a, x) => a + x * x, 0), 0));
