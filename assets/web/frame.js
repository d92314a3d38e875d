// What is lit at a position: engine/show/frame.py over the steps that the page has computed.
"use strict";

const TRAVEL = 0.7; // the part of a contribution's step in which it travels; in the rest it is added at its source
const SWEPT = 0.7; // when in its step a value has gone along its edges

class Course {
  // `first` and `stop`: of two runs told one after the other, the steps of the one that it is about.
  constructor(facts, steps, first = 0, stop = steps.length) {
    this.length = steps.length;
    this.flight = facts.pace;
    this.first = first;
    this.valueAt = new Map();
    this.arrivals = new Map();
    this.updates = new Map();
    this.turns = [];
    steps.forEach((step, i) => {
      if (i >= first && i < stop) this.note(step, i);
      const turn = `${step.kind === "value"} ${step.kind === "contribution" ? step.dest : step.slot}`;
      if (turn !== this.last) this.turns.push(i);
      this.last = turn;
    });
    this.turns.push(steps.length);
    this.again = null; // the forward pass behind an update; its gradients are to come, but not here
  }

  note(step, at) {
    if (step.kind === "value") this.valueAt.set(step.slot, at);
    else if (step.kind === "update") this.updates.set(step.slot, at);
    else if (step.kind !== "drop") this.arrivals.set(step.slot, [...(this.arrivals.get(step.slot) ?? []), at]);
  }

  tellAgain(facts, steps, first) {
    this.again = new Course(facts, steps, first);
    this.again.arrivals = new Map([...this.arrivals.keys()].map((slot) => [slot, [Infinity]]));
  }

  at(position) {
    return this.again && position > this.again.first ? this.again : this;
  }

  turnStart(index) {
    return this.turns.findLast((start) => start <= index);
  }
}

class Frame {
  constructor(facts, course, steps, position) {
    Object.assign(this, { facts, course: course.at(position), steps });
    this.isAgain = this.course !== course;
    this.passesEnd = course.updates.size ? Math.min(...course.updates.values()) : course.length;
    this.position = Math.min(Math.max(position, 0), course.length);
    this.done = Math.floor(this.position);
    this.index = Math.ceil(this.position) - 1; // the step under way, or else the one just done; −1 at the beginning
    this.step = this.index < 0 ? null : steps[this.index];
    this.atEnd = this.done === course.length;
  }

  // Of a parameter that turns: how far it has come.
  value(slot) {
    const turned = this.course.updates.get(slot);
    if (turned !== undefined && turned < this.position) return turnedValue(this.steps[turned], this.position - turned);
    const at = this.course.valueAt.get(slot);
    return at !== undefined && at < this.position ? this.steps[at].value : null;
  }

  gradient(slot) {
    const arrived = this.course.arrivals.get(slot) ?? [], last = arrived.findLast((at) => at < this.done);
    if (last !== undefined) return this.steps[last].total ?? this.steps[last].gradient;
    const at = this.course.valueAt.get(slot);
    return this.done >= this.passesEnd && !this.isAgain && at !== undefined && this.facts.numbers[at]?.detached ? W.mul(this.steps[at].value, 0) : null;
  }

  isComplete(slot) {
    const arrived = this.course.arrivals.get(slot);
    return arrived ? arrived.at(-1) < this.done : this.done >= this.passesEnd;
  }

  // All that has arrived along a shown edge.
  contribution(edge) {
    if (this.isAgain) return null;
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

const turnedValue = ({ before, after }, share) => (share >= 1 ? after : W.add(before, W.mul(W.sub(after, before), share)));
