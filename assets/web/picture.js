// Draws the graph as the canvas does: cards, edges, labels, boxes and what moves; sizes are gui/canvas/paint's.
"use strict";

const CARD = { width: 140, radius: 10, stripe: 5, port: 6, left: 15, right: 127, sketch: { left: 95, right: 127, top: 9, bottom: 31 } };
const LINES = { name: 26, value: 50, gradient: 70 };
const MARGIN = 36, SEED = 56;
const LEAST_FIT = 0.5, READ_SCALE = 0.62, SPREAD_SCALE = 0.85; // the whole of it; a part, that one can read; before it spreads past the text
const pen = document.createElement("canvas").getContext("2d");
const FAMILY = 'Inter, "Noto Sans", "Segoe UI", "DejaVu Sans", sans-serif';

function widthOf(text, size = 13, bold = false) {
  pen.font = `${bold ? 600 : 400} ${size}px ${FAMILY}`;
  return pen.measureText(text).width;
}

function shape(name, attributes = {}, parent = null) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  change(made, attributes);
  parent?.append(made);
  return made;
}

function change(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") { if (element.textContent !== value) element.textContent = value; }
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

// A text without its middle where it is too wide: names differ at their ends.
function cut(text, room, size, bold) {
  if (widthOf(text, size, bold) <= room) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 1; kept--) {
    const short = `${letters.slice(0, Math.ceil(kept / 2)).join("")}…${letters.slice(letters.length - Math.floor(kept / 2)).join("")}`;
    if (widthOf(short, size, bold) <= room) return short;
  }
  return "…";
}

const portOffset = (port, ports, high) => (high * (port + 1)) / (ports + 1);

class Picture {
  constructor(facts, home) {
    this.facts = facts;
    this.lit = facts.start?.lit ?? { cards: [], edges: [] }; // what the text beside it speaks of
    this.cards = new Map(facts.cards.map((card) => [card.id, card]));
    this.svg = shape("svg", { role: "img" });
    this.boxes = shape("g", {}, this.svg);
    this.lines = shape("g", {}, this.svg);
    this.labels = shape("g", {}, this.svg);
    this.nodes = shape("g", {}, this.svg);
    this.moving = shape("g", {}, this.svg);
    this.drawn = facts.cards.map((card) => this.drawCard(card));
    this.routes = facts.edges.map((edge, i) => this.drawEdge(edge, i));
    facts.notes.forEach((note) => this.drawNote(note));
    this.drawBoxes();
    home.append(this.svg);
    this.home = home;
    this.overview = new Overview(this);
    this.settle();
    const observer = new ResizeObserver(() => this.settle());
    [home, home.parentElement].forEach((each) => observer.observe(each));
  }

  // --- what rests

  drawCard(card) {
    const high = card.high, r = CARD.radius, inset = r - Math.sqrt(r * r - (r - CARD.stripe) ** 2);
    const group = shape("g", { transform: `translate(${card.x} ${card.y})`, "data-id": card.id }, this.nodes);
    const plate = { width: CARD.width, height: high, rx: r };
    shape("rect", { ...plate, y: 3, fill: "#000", "fill-opacity": "var(--shadow)" }, group);
    if (card.stacked) shape("rect", { ...plate, x: 5, y: 5, fill: "var(--chip)", stroke: "var(--line)" }, group);
    shape("rect", { ...plate, fill: "var(--node)" }, group);
    const stripe = `M${CARD.stripe} ${inset}A${r} ${r} 0 0 0 0 ${r}V${high - r}A${r} ${r} 0 0 0 ${CARD.stripe} ${high - inset}Z`;
    shape("path", { d: stripe, fill: `var(--${card.kind})` }, group);
    const outline = shape("rect", { ...plate, fill: "none", stroke: card.missing ? "var(--warn)" : "var(--line)" }, group);
    if (card.missing) change(outline, { "stroke-dasharray": "6 4.5", "stroke-width": 1.5 });
    if (this.lit.cards.includes(card.id)) shape("rect", { x: -3, y: -3, width: CARD.width + 6, height: high + 6, rx: r + 3, fill: "none", stroke: "var(--focus)", "stroke-width": 5, "stroke-opacity": 0.5, class: "lit" }, group);
    this.drawTitle(card, group);
    this.drawPorts(card, group);
    const row = (y, className) => shape("text", { x: CARD.right, y, class: `bold end ${className}` }, group);
    const note = (y) => shape("text", { x: CARD.left, y, class: "size11", fill: "var(--faint)" }, group);
    const parts = { outline, value: row(LINES.value, "value"), gradient: row(LINES.gradient, "gradient") };
    return { ...parts, group, valueNote: note(LINES.value), gradientNote: note(LINES.gradient), ...this.drawSketch(card, group) };
  }

  drawTitle(card, group) {
    const sketch = card.gate || (card.curve && widthOf(card.name, 15, true) <= CARD.sketch.left - 6 - CARD.left);
    let left = CARD.left, right = sketch ? CARD.sketch.left - 6 : CARD.right;
    const wide = widthOf(card.name, 15, true);
    card.sketched = sketch;
    if (card.leaf || card.stacked) {
      const word = widthOf(card.word, 11, true);
      card.said = wide + 6 + word <= right - left;
      if (card.said) {
        shape("text", { x: right, y: LINES.name, class: "bold end size11", fill: `var(--${card.kind})`, text: card.word }, group);
        right -= word + 6;
      }
    } else if (card.name.toLowerCase() !== card.symbol.toLowerCase()) {
      const size = card.symbol.length <= 2 ? 17 : 13, symbol = widthOf(card.symbol, size, true);
      const beside = Math.max(44, left + symbol + 8);
      if (wide <= right - beside || !(sketch || wide <= right - left)) {
        const at = card.symbol.length === 1 ? { x: 26, y: LINES.name + 1 } : { x: left + symbol / 2, y: LINES.name };
        shape("text", { ...at, class: `bold middle size${size}`, fill: `var(--${card.kind})`, text: card.symbol }, group);
        left = beside;
      }
    }
    shape("text", { x: left, y: LINES.name, class: "bold size15", fill: "var(--text)", text: cut(card.name, right - left, 15, true) }, group);
  }

  drawPorts(card, group) {
    const close = card.stacked ? (count) => Math.min(CARD.port, Math.max((0.42 * card.high) / (count + 1), 2)) : () => CARD.port;
    const circle = (x, y, r, more) => shape("circle", { cx: x, cy: y, r, fill: "var(--node)", stroke: "var(--edge)", "stroke-width": Math.min(2, r / 2), ...more }, group);
    for (let port = 0; port < card.ports; port++) {
      const y = portOffset(port, card.ports, card.high);
      if (port === card.spare) {
        circle(0, y, 5, { "stroke-width": 1, "stroke-opacity": 0.8 });
        shape("path", { d: `M-2.5 ${y}H2.5M0 ${y - 2.5}V${y + 2.5}`, stroke: "var(--edge)" }, group);
      } else {
        circle(0, y, close(card.ports), card.open.includes(port) ? { stroke: "var(--warn)", "stroke-dasharray": "3.6 2.7" } : {});
      }
    }
    for (let output = 0; output < card.outputs; output++) circle(CARD.width, portOffset(output, card.outputs, card.high), close(card.outputs), {});
    if (card.id !== this.facts.seedCard) return;
    const y = portOffset(0, card.outputs, card.high), tone = this.facts.seed < 0 ? "neg" : "pos";
    shape("path", { d: `M${CARD.width + CARD.port} ${y}h24`, stroke: "var(--edge)", "stroke-width": 1.5 }, group);
    shape("text", { x: CARD.width + 10, y: y - 9, class: "bold size11", fill: `var(--${tone})`, text: `seed ${numberText(this.facts.seed)}` }, group);
  }

  // A gate, or the curve of an activation with a dot where it is.
  drawSketch(card, group) {
    const { left, right, top, bottom } = CARD.sketch;
    if (card.gate) return { gate: shape("path", { fill: "none", "stroke-width": 2, "stroke-linecap": "round" }, group) };
    if (!card.curve || !card.sketched) return {};
    const low = Math.min(...card.curve), high = Math.max(...card.curve) - low || 1;
    const place = (share, y) => `${left + share * (right - left)} ${bottom - ((y - low) / high) * (bottom - top)}`;
    const dots = card.curve.map((y, i) => place(i / (card.curve.length - 1), y));
    shape("path", { d: `M${left} ${bottom}H${right}`, stroke: "var(--line)" }, group);
    shape("path", { d: `M${dots.join("L")}`, fill: "none", stroke: "var(--activation)", "stroke-width": 1.5 }, group);
    const dot = shape("circle", { r: 3.5, fill: "var(--activation)", stroke: "var(--node)" }, group);
    return { dot, place: (x, y) => place((Math.min(Math.max(x, -4), 4) + 4) / 8, Math.min(Math.max(y, low), low + high)) };
  }

  drawEdge(edge, number) {
    const from = this.cards.get(edge.from), to = this.cards.get(edge.to);
    const x0 = from.x + CARD.width, y0 = from.y + portOffset(edge.output, from.outputs, from.high);
    const x1 = to.x, y1 = to.y + portOffset(edge.port, to.ports, to.high);
    const reach = Math.max(48, Math.abs(x1 - x0) * 0.45);
    const d = edge.route ?? `M${x0} ${y0}C${x0 + reach} ${y0} ${x1 - reach} ${y1} ${x1} ${y1}`;
    if (this.lit.edges.includes(number)) shape("path", { d, class: "line lit", stroke: "var(--focus)", "stroke-width": 9, opacity: 0.5 }, this.lines);
    const path = shape("path", { d, class: "line", stroke: "var(--edge)", "stroke-width": 2 }, this.lines);
    const label = () => shape("text", { class: "bold middle halo" }, this.labels);
    return { path, lit: shape("path", { d, class: "line", opacity: 0 }, this.lines), length: path.getTotalLength(), value: label(), sent: label() };
  }

  drawNote(note) {
    const [x, y] = note.pos, lines = note.text.split("\n").flatMap((part) => wrapped(part, note.wide - 16));
    const high = 16 + 18 * Math.max(lines.length, 1);
    shape("rect", { x, y, width: note.wide, height: high, rx: 4, fill: "var(--panel)", stroke: "var(--line)" }, this.labels);
    shape("rect", { x, y: y + 2, width: 3, height: high - 4, fill: "var(--edge)" }, this.labels);
    lines.forEach((line, i) => shape("text", { x: x + 8, y: y + 8 + 13 + 18 * i, fill: "var(--text)", text: line }, this.labels));
  }

  drawBoxes() {
    const rims = this.facts.boxes.map((box) => {
      const deeper = Math.max(0, ...this.facts.boxes.filter((other) => other.kind === "group" && other.depth > box.depth && other.cards.some((id) => box.cards?.includes(id))).map((other) => other.depth - box.depth));
      return box.kind === "region" ? [...box.pos, ...box.size] : this.rim(box, deeper);
    });
    this.facts.boxes.forEach((box, i) => {
      if (!rims[i]) return;
      const [x, y, width, height] = rims[i], isRegion = box.kind === "region", tone = isRegion ? `var(--${box.colour}, var(--grey))` : "var(--edge)";
      const look = isRegion ? { rx: 8, fill: tone, "fill-opacity": 0.07 } : { rx: 14, fill: "var(--text)", "fill-opacity": 0.035 };
      shape("rect", { x, y, width, height, stroke: tone, "stroke-width": 1.5, ...look }, this.boxes);
      const title = cut(box.title, Math.max(width - 24, 12), 13, true), wide = widthOf(title, 13, true) + 16;
      if (!title) return;
      shape("rect", { x: x + 4, y: y + 4, width: wide, height: 24, rx: 5, fill: isRegion ? tone : "var(--canvas)", "fill-opacity": isRegion ? 0.18 : 1 }, this.boxes);
      shape("text", { x: x + 12, y: y + 4 + 16.5, class: "bold", fill: "var(--text)", text: title }, this.boxes);
    });
  }

  rim(box, deeper) {
    const cards = box.cards.map((id) => this.cards.get(id));
    if (!cards.length) return null;
    const pad = 18 * (deeper + 1), left = Math.min(...cards.map((card) => card.x)) - pad;
    const top = Math.min(...cards.map((card) => card.y)) - pad - 24 * (deeper + 1);
    const right = Math.max(...cards.map((card) => card.x + CARD.width)) + pad, bottom = Math.max(...cards.map((card) => card.y + card.high)) + pad;
    return [left, top, right - left, bottom - top];
  }

  // The whole of it where that can be read; else a part, which follows what happens, below an overview.
  settle() {
    const box = this.svg.getBBox(), narrow = this.home.parentElement.clientWidth < 600, margin = narrow ? 12 : MARGIN;
    this.box ??= [box.x, box.y, box.width + SEED / 2, box.height];
    const [left, top, wide, high] = this.box;
    this.extent = [left - margin, top - margin, wide + 2 * margin, high + 2 * margin];
    change(this.svg, { viewBox: this.extent.join(" ") });
    const [, , width, height] = this.extent;
    this.spread(width);
    const across = this.home.clientWidth / width, fit = Math.min(across, (innerHeight * 0.6) / height, 1.25);
    this.scale = fit >= LEAST_FIT ? fit : across >= LEAST_FIT ? Math.min(across, READ_SCALE) : READ_SCALE;
    change(this.svg, { width: Math.floor(width * this.scale), height: Math.floor(height * this.scale) });
    this.overview.settle();
  }

  // In an article a wide graph goes past both sides of the text.
  spread(width) {
    const column = this.home.parentElement.clientWidth, room = document.documentElement.clientWidth - 40;
    const wide = this.home.getRootNode() === document ? column : Math.max(column, Math.min(room, width * SPREAD_SCALE));
    const [own, aside] = wide > column ? [`${wide}px`, `${(column - wide) / 2}px`] : ["", ""];
    if (this.home.style.width !== own) Object.assign(this.home.style, { width: own, marginLeft: aside });
  }

  // Bring these cards into sight, where not all can be seen.
  follow(ids, smoothly) {
    const cards = ids.map((id) => this.cards.get(id)).filter(Boolean), { home, scale } = this;
    if (!cards.length || (home.scrollWidth <= home.clientWidth && home.scrollHeight <= home.clientHeight)) return;
    const middle = (ends) => (Math.min(...ends) + Math.max(...ends)) / 2;
    const x = middle(cards.flatMap((card) => [card.x, card.x + CARD.width])) - this.extent[0];
    const y = middle(cards.flatMap((card) => [card.y, card.y + card.high])) - this.extent[1];
    home.scrollTo({ left: x * scale - home.clientWidth / 2, top: y * scale - home.clientHeight / 2, behavior: smoothly ? "smooth" : "instant" });
  }
}

function wrapped(text, room) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && widthOf(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
