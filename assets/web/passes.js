// Both passes, recorded step by step as engine/passes/run.py records them; the emitted program calls these.
"use strict";

class Passes {
  constructor(held, seed) {
    this.held = held;
    this.seedValue = seed;
    this.v = [];
    this.g = [];
    this.steps = [];
  }

  leaf(slot, number) {
    this.v[slot] = this.held[number];
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
}
