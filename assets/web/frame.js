// What is lit at a position: engine/show/frame.py over the steps that the page has computed.
"use strict";

const TRAVEL = 0.7; // the part of a contribution's step in which it travels; in the rest it is added at its source
const SWEPT = 0.7; // when in its step a value has gone along its edges

class Course {
  constructor(facts, steps) {
    this.length = steps.length;
    this.flight = facts.pace;
    this.valueAt = new Map();
    this.arrivals = new Map();
    this.turns = [];
    steps.forEach((step, i) => {
      if (step.kind === "value") this.valueAt.set(step.slot, i);
      else this.arrivals.set(step.slot, [...(this.arrivals.get(step.slot) ?? []), i]);
      const turn = `${step.kind === "value"} ${step.kind === "contribution" ? step.dest : step.slot}`;
      if (turn !== this.last) this.turns.push(i);
      this.last = turn;
    });
    this.turns.push(steps.length);
  }

  turnStart(index) {
    return this.turns.findLast((start) => start <= index);
  }
}

class Frame {
  constructor(facts, course, steps, position) {
    Object.assign(this, { facts, course, steps });
    this.position = Math.min(Math.max(position, 0), course.length);
    this.done = Math.floor(this.position);
    this.index = Math.ceil(this.position) - 1; // the step under way, or else the one just done; −1 at the beginning
    this.step = this.index < 0 ? null : steps[this.index];
    this.atEnd = this.done === course.length;
  }

  value(slot) {
    const at = this.course.valueAt.get(slot);
    return at !== undefined && at < this.position ? this.steps[at].value : null;
  }

  gradient(slot) {
    const arrived = this.course.arrivals.get(slot) ?? [], last = arrived.findLast((at) => at < this.done);
    if (last !== undefined) return this.steps[last].total ?? this.steps[last].gradient;
    const at = this.course.valueAt.get(slot);
    return this.atEnd && at !== undefined && this.facts.numbers[at]?.detached ? W.mul(this.steps[at].value, 0) : null;
  }

  isComplete(slot) {
    const arrived = this.course.arrivals.get(slot);
    return arrived ? arrived.at(-1) < this.done : this.atEnd;
  }

  // All that has arrived along a shown edge.
  contribution(edge) {
    const arrived = edge.steps.filter((at) => at < this.done).map((at) => this.steps[at].contribution);
    return arrived.length ? arrived.reduce(W.add) : null;
  }

  travelled(index) {
    const leaves = Math.max(index + 1 - this.course.flight, this.course.turnStart(index)), arrives = index + TRAVEL;
    if (arrives <= leaves) return this.position >= arrives ? 1 : 0;
    return Math.min(Math.max((this.position - leaves) / (arrives - leaves), 0), 1);
  }

  // What is on its way: {edge, t, value}; a gradient from the end of its edge (t = 0) to its source.
  *pulses() {
    const last = Math.min(this.course.length, this.done + Math.ceil(this.course.flight) + 1);
    for (let i = this.done; i < last; i++) {
      const t = this.steps[i].kind === "contribution" ? this.travelled(i) : 0, edge = this.facts.steps[i].edge;
      if (t > 0 && t < 1 && edge >= 0) yield { edge, t, value: this.steps[i].contribution };
    }
  }

  // The addition at the source of a contribution: before + contribution = total.
  get merge() {
    const t = (this.position - this.index - TRAVEL) / (1 - TRAVEL);
    return this.step?.kind === "contribution" && t > 0 && this.step.before ? this.step : null;
  }

  // The slot whose value is just going along its edges, and how far.
  get sweep() {
    const t = (this.position - this.index) / SWEPT;
    return this.step?.kind === "value" && t < 1 ? { slot: this.step.slot, t } : null;
  }
}
