// The page: what is held, where in the passes one is, and what its buttons, keys and fields do.
"use strict";

const unpacked = ({ shape: axes, data }) => array(axes, Float64Array.from(data, (x) => (typeof x === "string" ? Number(x.replace("inf", "Infinity")) : x)));

class Page {
  // `root`: the document, or the shadow of an article's player, in which ids are its own; `program` computes the graph.
  constructor(root, facts, program) {
    Object.assign(this, { root, facts, program });
    this.held = this.facts.leaves.map(unpacked);
    this.passes = this.facts.steps;
    this.rate = this.facts.story?.rate ?? null;
    this.learns = false;
    this.position = 0;
    this.playing = false;
    this.changed = false;
    this.seat = -2;
    this.run();
    this.picture = new Picture(this.facts, this.find("picture"));
    this.motion = new Motion(this.facts, this.picture);
    this.motion.place(this.steps);
    this.prediction = new Prediction(this);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.listen();
    this.makeFields();
    this.makeRows();
    this.learning = new Learning(this);
    this.begin(this.facts.start ?? {});
  }

  // An element of this player, or of the page round it.
  find(id) {
    return this.root.getElementById(id) ?? document.getElementById(id);
  }

  get isAlone() {
    return this.root === document;
  }

  // Where it is when it is opened, as it was asked for.
  begin({ theme, wording, position, speed, learn }) {
    if (theme && this.isAlone) this.turnTheme(theme);
    if (wording && this.isAlone) this.find("wording").value = wording === "gradient" ? "0" : "1";
    if (speed && speed !== 1) this.find("speed").append(made("option", { textContent: String(speed), selected: true }));
    this.fillRows();
    if (learn) this.learning.turn(true);
    this.seek(position ?? this.end);
    const { lit } = this.picture, ends = lit.edges.flatMap((i) => [this.facts.edges[i].from, this.facts.edges[i].to]);
    this.picture.follow([...lit.cards, ...ends], false);
  }

  // --- computing

  run() {
    const run = new Passes(this.held, this.facts.seed, this.learns ? this.rate : null);
    this.program(run);
    this.steps = run.steps;
    this.course ??= this.makeCourse(run.steps);
    this.gradients = run.g;
    this.values = run.first ?? run.v;
    this.recorded = run;
  }

  makeCourse(steps) {
    if (!this.learns) return new Course(this.facts, steps);
    const { again } = this.facts.story, course = new Course(this.facts, steps, 0, again);
    course.tellAgain(this.facts, steps, again);
    return course;
  }

  get end() {
    return this.steps.length;
  }

  // Put a number into a leaf.
  hold(leaf, cell, number) {
    const { shape: axes, data: before } = this.held[leaf], data = Float64Array.from(before);
    data[cell] = number;
    this.holdAll(this.held.map((value, i) => (i === leaf ? array(axes, data) : value)));
  }

  // Put these into the leaves and compute everything anew; what cannot be is said, and nothing changes.
  holdAll(held, rate = this.rate) {
    const before = [this.held, this.rate];
    [this.held, this.rate] = [held, rate];
    try {
      this.run();
      this.find("trouble").textContent = "";
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      [this.held, this.rate] = before;
      this.find("trouble").textContent = error.message;
      this.run();
    }
    this.changed = this.rate !== (this.facts.story?.rate ?? null) || this.held.some((value, i) => unpacked(this.facts.leaves[i]).data.some((x, j) => !Object.is(x, value.data[j])));
    this.find("reset").disabled = !this.changed;
    this.heard?.();
    this.renew();
  }

  // All that is shown is of numbers that are not there any more.
  renew() {
    this.seat = -2;
    this.fillRows();
    this.show();
  }

  // --- time

  play() {
    if (!this.end) return;
    if (this.position >= this.end) this.position = 0;
    this.playing = true;
    this.goal = null;
    this.tick(performance.now());
  }

  pause() {
    this.playing = false;
    this.goal = null;
    this.show();
  }

  seek(position) {
    this.playing = false;
    this.goal = null;
    this.moveTo(position);
  }

  moveTo(position) {
    const most = this.prediction.on ? this.prediction.known : this.end;
    this.position = Math.min(Math.max(position, 0), most);
    this.show();
  }

  step(way, byNode) {
    if (this.prediction.on && way > 0 && Math.round(this.position) >= this.prediction.known) return this.prediction.step();
    const here = this.goal ?? this.position, turns = this.course.turns;
    const next = way > 0 ? (byNode ? turns.find((at) => at > here) : Math.floor(here) + 1) : byNode ? turns.findLast((at) => at < here) : Math.ceil(here) - 1;
    const goal = Math.min(Math.max(next ?? here, 0), this.end);
    if (this.still.matches || way < 0) return this.seek(goal);
    this.playing = false;
    this.goal = goal;
    return this.tick(performance.now());
  }

  tick(last) {
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame((now) => {
      const limit = this.goal ?? this.end;
      if (!this.playing && this.goal === null) return;
      this.advance(Math.min((now - last) / 1000, 0.25), limit);
      if (this.position >= limit) { this.playing = false; this.goal = null; }
      this.show();
      if (this.playing || this.goal !== null) this.tick(now);
    });
  }

  advance(seconds, limit) {
    let left = seconds * Number(this.find("speed").value) * this.facts.pace, at = this.waited ?? this.position;
    if (Math.floor(at) !== Math.floor(this.position)) at = this.position;
    while (left > 0 && at < limit) {
      const takes = this.facts.steps[Math.floor(at)].seconds, room = Math.floor(at) + 1 - at;
      at = left < room * takes ? at + left / takes : Math.floor(at) + 1;
      left -= room * takes;
    }
    this.waited = Math.min(at, limit);
    this.position = this.still.matches ? (this.waited < limit ? Math.ceil(this.waited) : limit) : this.waited;
    if (this.still.matches && this.position < limit && this.position !== this.waited) this.position = Math.floor(this.waited);
  }

  // --- showing

  show() {
    const frame = new Frame(this.facts, this.course, this.steps, this.position);
    this.motion.wording = ["gradient", "responsibility"][Number(this.find("wording").value)];
    this.motion.show(frame);
    this.find("timeline").value = this.position;
    this.find("play-icon").setAttribute("d", this.playing ? "M5 3v10M11 3v10" : "M5 3l7 5-7 5z");
    this.find("play").setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.moved?.();
    if (frame.index === this.seat) return;
    this.seat = frame.index;
    this.find("place").textContent = `${frame.index + 1} / ${this.end}`;
    this.follow(this.facts.steps[frame.index]);
    this.learning.mark(frame.index);
    const [sentence, reason] = this.said(frame);
    this.find("caption").textContent = sentence;
    this.find("reason").textContent = reason;
    this.find("timeline").setAttribute("aria-valuetext", `Step ${frame.index + 1} of ${this.end}. ${sentence}`);
    this.picture.svg.setAttribute("aria-label", `A computational graph of ${this.facts.cards.length} ${this.facts.cards.length === 1 ? "node" : "nodes"}. ${sentence}`);
  }

  // Where only a part of the graph is seen, what happens is in it.
  follow(told) {
    const cards = told ? [told.card, told.into].filter(Boolean) : [];
    this.picture.overview.mark(cards);
    this.picture.follow(cards, !this.still.matches);
  }

  said(frame) {
    if (!this.end) return [this.facts.problems[0] ?? "There is nothing to compute yet.", ""];
    if (frame.index < 0) return ["The graph, before its passes. Play them, or go step by step.", ""];
    return captionOf(this, frame.index, Number(this.find("wording").value));
  }

  // --- fields and rows

  makeFields() {
    this.facts.leaves.forEach((leaf, number) => {
      if (!leaf.typed) return;
      const box = made("fieldset", { className: "leaf" }), legend = made("legend", { textContent: leaf.name }, box);
      made("small", { textContent: leaf.word }, legend);
      const cells = made("div", { className: "cells" }, box), columns = leaf.shape.at(-1) ?? 1;
      cells.style.gridTemplateColumns = `repeat(${Math.max(columns, 1)}, max-content)`;
      leaf.data.forEach((_, cell) => this.makeField(leaf, number, cell, cells));
      if (leaf.slider && !leaf.shape.length) this.makeSlider(leaf, number, box);
      this.find("leaves").append(box);
    });
    this.find("values").hidden = !this.find("leaves").children.length;
    this.picture.drawn.forEach(({ group }, i) => {
      const card = this.facts.cards[i], field = this.facts.leaves.findIndex((leaf) => leaf.slot === card.slots[0] && leaf.typed);
      if (!card.leaf || field < 0) return;
      group.classList.add("leaf-card");
      group.addEventListener("click", () => { const input = this.find(`leaf-${field}-0`); input.focus(); input.select(); });
    });
  }

  makeField(leaf, number, cell, home) {
    const place = leaf.shape.length ? ` [${placeOf(cell, leaf.shape).join(", ")}]` : "";
    const field = made("input", { id: `leaf-${number}-${cell}`, inputMode: "text", autocomplete: "off", value: exactText(this.held[number].data[cell]) }, home);
    field.setAttribute("aria-label", `${leaf.name}${place}`);
    field.addEventListener("input", () => {
      const typed = readNumber(field.value);
      field.setAttribute("aria-invalid", typed === null);
      if (typed !== null) this.hold(number, cell, typed);
    });
    field.addEventListener("keydown", (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const size = (event.shiftKey ? 0.01 : 0.1) * 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(this.held[number].data[cell]) || 1)));
      this.hold(number, cell, Number((this.held[number].data[cell] + way * size).toPrecision(12)));
      this.fillFields();
    });
    field.addEventListener("change", () => { this.refuse(field, readNumber(field.value) !== null); this.fillFields(); });
  }

  // Say that what was typed cannot be taken; the field goes back to what is held.
  refuse(field, fits, wanted = "a finite number, such as 1.5, −2, 1/3 or 1e-3") {
    if (!fits) this.find("trouble").textContent = `“${field.value.trim().slice(0, 40)}” is not taken: type ${wanted}.`;
  }

  makeSlider(leaf, number, home) {
    const slider = made("input", { type: "range", min: leaf.slider[0], max: leaf.slider[1], step: "any", id: `slider-${number}` }, home);
    slider.value = leaf.data[0];
    slider.setAttribute("aria-label", `${leaf.name}, by a slider`);
    slider.addEventListener("input", () => { this.hold(number, 0, Number(Number(slider.value).toPrecision(4))); this.fillFields(); });
  }

  // What the fields show is what is held.
  fillFields() {
    this.facts.leaves.forEach((leaf, number) => {
      this.held[number].data.forEach((x, cell) => {
        const field = this.find(`leaf-${number}-${cell}`);
        if (!field) return;
        field.value = exactText(x);
        field.setAttribute("aria-invalid", false);
      });
      const slider = this.find(`slider-${number}`);
      if (slider) slider.value = this.held[number].data[0];
    });
  }

  makeRows() {
    this.rows = this.facts.numbers.map(({ name, op }) => {
      const row = made("tr", {}, this.find("rows"));
      made("th", { scope: "row", textContent: name }, row);
      made("td", { textContent: op }, row);
      return [made("td", {}, row), made("td", {}, row)];
    });
    this.fillRows();
  }

  fillRows() {
    this.facts.numbers.forEach(({ slot, detached }, i) => {
      const gradient = this.gradients[slot] ?? (detached ? W.mul(this.values[slot], 0) : null);
      this.rows[i][0].textContent = wholeText(this.values[slot]);
      this.rows[i][1].textContent = gradient ? wholeText(gradient) : "—";
    });
    this.find("gradient-head").textContent = Number(this.find("wording").value) ? "Responsibility" : "Gradient";
  }

  // --- hands

  listen() {
    const on = (id, kind, act) => this.find(id).addEventListener(kind, act);
    this.find("timeline").max = this.end;
    on("timeline", "input", () => this.seek(Number(this.find("timeline").value)));
    on("play", "click", () => this.toggle());
    on("first", "click", () => this.seek(0));
    on("last", "click", () => this.seek(this.end));
    on("back", "click", (event) => this.step(-1, event.shiftKey));
    on("next", "click", (event) => this.step(1, event.shiftKey));
    on("wording", "change", () => this.renew());
    on("reset", "click", () => this.reset());
    this.root.addEventListener("keydown", (event) => this.key(event));
    if (!this.isAlone) return;
    on("theme", "click", () => this.turnTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.turnTheme(dark.matches ? "dark" : "light");
    dark.addEventListener("change", () => this.turnTheme(dark.matches ? "dark" : "light"));
  }

  key(event) {
    const { target } = event, isTyped = target.matches?.("input:not([type=range]), select, textarea");
    if (isTyped || event.ctrlKey || event.altKey || event.metaKey || (target.type === "range" && target.id !== "timeline")) return;
    if (event.key === " " && target.matches?.("button, summary")) return;
    const acts = {
      " ": () => this.toggle(), ArrowRight: () => this.step(1, event.shiftKey), ArrowLeft: () => this.step(-1, event.shiftKey),
      Home: () => this.seek(0), End: () => this.seek(this.end),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  toggle() {
    if (this.playing) this.pause();
    else if (this.prediction.on) this.prediction.step();
    else this.play();
  }

  turnTheme(name) {
    document.documentElement.dataset.theme = name;
    this.find("theme").textContent = name === "dark" ? "Light" : "Dark";
    this.find("theme").setAttribute("aria-label", `Turn ${name === "dark" ? "light" : "dark"}`);
  }

  reset() {
    this.holdAll(this.facts.leaves.map(unpacked), this.facts.story?.rate ?? null);
    this.fillFields();
    this.learning.fill();
  }
}

function made(name, properties = {}, parent = null) {
  const element = Object.assign(document.createElement(name), properties);
  parent?.append(element);
  return element;
}

function placeOf(cell, axes) {
  const strides = stridesOf(axes);
  return axes.map((n, axis) => Math.floor(cell / strides[axis]) % n);
}
