// Shows a frame on the picture: the numbers on cards and beside edges, and what travels.
"use strict";

const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

class Motion {
  constructor(facts, picture) {
    this.facts = facts;
    this.picture = picture;
    this.wording = "gradient";
  }

  // Find places for the labels: beside the edges, clear of cards and of each other, with the widest texts they will have.
  place(steps) {
    const taken = this.facts.cards.map((card) => [card.x - 8, card.y - 2, card.x + CARD.width + 8, card.y + card.high + 4]);
    taken.push(...this.facts.notes.map((note) => [...note.pos, note.pos[0] + note.wide, note.pos[1] + 34]));
    const dots = this.picture.routes.map(({ path, length }) => range(25).map((i) => path.getPointAtLength((length * i) / 24)));
    this.facts.edges.forEach((edge, number) => {
      if (edge.labels) return this.settle(edge.labels, this.picture.routes[number]);
      const value = steps.find((step) => step.kind === "value" && step.slot === edge.slot)?.value;
      const sent = edge.steps.map((at) => steps[at].contribution), route = this.picture.routes[number];
      const texts = [value ? labelText(value) : "", sent.length ? `◂ ${labelText(sent.reduce(W.add))}` : ""];
      const others = dots.filter((_, i) => i !== number).flat();
      [route.value, route.sent].forEach((label, kind) => {
        if (!texts[kind]) return;
        const half = Math.max(widthOf(texts[kind], 13, true), 24) / 2 + 3;
        const spots = SHARES.flatMap((share) => [14, 20].map((gap) => this.spot(route, share, kind ? gap : -gap, half)));
        const cost = (spot) => overlaps(spot.box, taken) * 20 + within(spot.box, others) * 3 + within(spot.box, dots[number]) * 2 + spot.away;
        const best = spots.reduce((one, other) => (cost(other) < cost(one) ? other : one));
        taken.push(best.box);
        change(label, { x: best.x, y: best.y + 4.5 });
      });
      return undefined;
    });
  }

  // Where the program has placed them: one without room is not shown, from one far from its curve a line leads there.
  settle(places, route) {
    [route.value, route.sent].forEach((label, kind) => {
      const [x, y, ...anchor] = places[kind] ?? [];
      if (x === undefined) return change(label, { visibility: "hidden" });
      if (anchor.length) {
        const line = shape("path", { d: `M${x} ${y}L${anchor.join(" ")}`, class: "line leader", stroke: "var(--faint)", "stroke-width": 1 });
        this.picture.labels.prepend(line);
        route.leaders = { ...route.leaders, [kind]: line };
      }
      return change(label, { x, y: y + 4.5 });
    });
  }

  spot(route, share, gap, half) {
    const at = route.path.getPointAtLength(route.length * share), y = at.y + gap;
    return { x: at.x, y, away: Math.abs(share - 0.5) * 4 + Math.abs(gap) / 20, box: [at.x - half, y - 8, at.x + half, y + 8] };
  }

  show(frame) {
    this.facts.cards.forEach((card, i) => this.showCard(frame, card, this.picture.drawn[i]));
    this.facts.edges.forEach((edge, i) => this.showEdge(frame, edge, this.picture.routes[i]));
    this.showMotion(frame);
  }

  showCard(frame, card, drawn) {
    const active = frame.step && !frame.atEnd && this.facts.steps[frame.index].card === card.id;
    change(drawn.outline, { stroke: active ? "var(--focus)" : card.missing ? "var(--warn)" : "var(--line)", "stroke-width": active ? 2 : card.missing ? 1.5 : 1 });
    if (card.missing) return this.showMissing(card, drawn);
    const [slot, second] = card.slots, value = frame.value(slot);
    if (card.data) {
      this.row(drawn.value, drawn.valueNote, value ? value.shape.join("×") : "…", "value", [card.outputNames[0]]);
      const other = frame.value(second);
      this.row(drawn.gradient, drawn.gradientNote, other ? other.shape.join("×") : "…", "value", [card.outputNames[1]]);
      return undefined;
    }
    const caption = value?.shape.length ? value.shape.join("×") : "value";
    const captions = card.leaf && !card.said && caption === "value" ? [card.word, caption] : [caption];
    this.row(drawn.value, drawn.valueNote, value ? compactText(value) : "…", value ? finiteTone(value) : "faint", captions);
    const gradient = card.slots.length === 1 ? frame.gradient(slot) : null;
    const waits = card.slots.length === 1 && (frame.course.arrivals.has(slot) || this.facts.numbers.some((row) => row.slot === slot && row.detached));
    const shown = gradient ? compactText(gradient) + (frame.isComplete(slot) ? "" : " + …") : waits ? "…" : "—";
    this.row(drawn.gradient, drawn.gradientNote, shown, gradient ? toneOf(gradient) : "faint", [this.wording]);
    this.showSketch(frame, slot, drawn, value);
    return undefined;
  }

  showMissing(card, drawn) {
    change(drawn.value, { text: cut("not computed", 112, 13, true), fill: "var(--warn)", x: CARD.left, class: "bold" });
    change(drawn.gradient, { text: "—", fill: "var(--faint)" });
  }

  row(number, note, text, tone, captions) {
    const room = CARD.right - CARD.left, wide = widthOf(text, 13, true);
    change(number, { text, fill: `var(--${tone})`, textLength: Math.min(wide, room).toFixed(1) });
    change(note, { text: captions.find((caption) => widthOf(caption, 11) + 4 <= room - wide) ?? "" });
  }

  showSketch(frame, slot, drawn, value) {
    const at = frame.course.valueAt.get(slot), inputs = frame.steps[at]?.inputs ?? [];
    const input = value && inputs.length === 1 ? frame.value(inputs[0]) : null;
    if (drawn.dot) {
      const shows = input && !input.shape.length && !Number.isNaN(input.data[0]);
      change(drawn.dot, { opacity: shows ? 1 : 0 });
      if (shows) {
        const [x, y] = drawn.place(input.data[0], value.data[0]).split(" ");
        change(drawn.dot, { cx: x, cy: y });
      }
    }
    if (drawn.gate) {
      const sent = frame.isAgain ? null : frame.steps.find((step) => step.kind === "contribution" && step.dest === slot);
      const open = value && sent?.local ? sent.local.data.some((x) => x !== 0) : null;
      const { left, right } = CARD.sketch, y = 23, end = open ? `${left + 19} ${y - 12}` : `${right - 2} ${y}`;
      const bars = open === false ? `M${left + 12} ${y - 3.5}v7M${left + 20} ${y - 3.5}v7` : "";
      const tone = open === null ? "faint" : open ? "activation" : "zero";
      change(drawn.gate, { d: `M${left + 4} ${y - 5}v11M${right - 2} ${y - 2}v8M${left + 4} ${y}L${end}${bars}`, stroke: `var(--${tone})` });
    }
  }

  showEdge(frame, edge, route) {
    const early = frame.sweep?.slot === edge.slot, value = early ? null : frame.value(edge.slot), sent = frame.contribution(edge);
    const tone = sent ? toneOf(sent) : "edge", width = sent ? lineWidth(sent) : 2;
    change(route.value, { text: value ? labelText(value) : "", fill: "var(--value)" });
    change(route.sent, { text: sent ? `◂ ${labelText(sent)}` : "", fill: `var(--${tone})` });
    change(route.path, { stroke: `var(--${tone})`, "stroke-width": width, "stroke-dasharray": tone === "zero" ? `${4 * width} ${3 * width}` : "none" });
    change(route.lit, { opacity: 0 });
    if (route.leaders?.[0]) change(route.leaders[0], { opacity: value ? 0.6 : 0 });
    if (route.leaders?.[1]) change(route.leaders[1], { opacity: sent ? 0.6 : 0 });
  }

  // --- what moves

  showMotion(frame) {
    const layer = this.picture.moving;
    layer.replaceChildren();
    for (const { edge, t, value } of frame.pulses()) {
      const route = this.picture.routes[edge], tone = toneOf(value), gone = route.length * ease(t);
      change(route.lit, { opacity: 1, stroke: `var(--${tone})`, "stroke-width": lineWidth(value), "stroke-dasharray": `0 ${route.length - gone} ${gone}` });
      this.capsule(route.path.getPointAtLength(route.length - gone), labelText(value), tone, "on_color");
    }
    const sweep = frame.sweep;
    if (sweep && !frame.atEnd) {
      this.facts.edges.forEach((edge, i) => {
        const route = this.picture.routes[i];
        if (edge.slot === sweep.slot) this.capsule(route.path.getPointAtLength(route.length * ease(sweep.t)), labelText(frame.value(edge.slot)), "chip", "text");
      });
    }
    if (frame.merge && !frame.atEnd) this.showSum(frame, frame.merge);
    this.showLearnt(frame);
  }

  // Below a parameter that turns: what it held, and will hold; below the target: what was promised, and what came.
  showLearnt({ step, index }) {
    const card = step && this.picture.cards.get(this.facts.steps[index].card);
    if (!card) return;
    const below = { x: card.x + CARD.width / 2, y: card.y + card.high + 18 };
    if (step.kind === "update" && !step.after.shape.length) this.capsule(below, `${labelText(step.before)} → ${labelText(step.after)}`, "panel", "text");
    if (step.kind === "drop") this.capsule(below, `promised ${labelText(step.promised)} · true ${labelText(W.sub(step.before, step.after))}`, "panel", "text");
  }

  capsule(at, text, fill, ink) {
    const half = widthOf(text, 13, true) / 2 + 9;
    shape("rect", { x: at.x - half, y: at.y - 12, width: 2 * half, height: 24, rx: 12, fill: `var(--${fill})`, stroke: "var(--line)" }, this.picture.moving);
    shape("text", { x: at.x, y: at.y + 4.5, class: "bold middle", fill: `var(--${ink})`, text }, this.picture.moving);
  }

  // What has arrived before, and what comes to it, below the card.
  showSum(frame, { before, contribution, total }) {
    const card = this.picture.cards.get(this.facts.steps[frame.index].into);
    if (!card || before.data.length > 1) return;
    const text = sumText(before.data[0], contribution.data[0], total.data[0]);
    this.capsule({ x: card.x + CARD.width / 2, y: card.y + card.high + 18 }, text, "panel", "text");
  }
}

const ease = (t) => t * t * (3 - 2 * t);
const finiteTone = (value) => (value.data.every(Number.isFinite) ? "value" : "warn");
const bracketed = (text) => (text.startsWith(MINUS) ? `(${text})` : text);
const overlaps = (box, others) => others.filter((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]).length;
const within = (box, dots) => dots.filter((dot) => dot.x > box[0] && dot.x < box[2] && dot.y > box[1] && dot.y < box[3]).length;

// As many digits as it takes for an equation to be true as it is printed.
function worked(numbers, result, combine, write) {
  for (const digits of [4, 5, 6, 9, 12]) {
    const read = numbers.map((x) => Number(x.toPrecision(digits)));
    if (numberText(combine(...read)) === numberText(result)) return `${write(numbers.map((x) => numberText(x, digits)))} = ${numberText(result)}`;
  }
  return `${write(numbers.map(exactText))} = ${exactText(result)}`;
}

const sumText = (before, contribution, total) => worked([before, contribution], total, (a, b) => a + b, ([a, b]) => `${a} + ${bracketed(b)}`);
