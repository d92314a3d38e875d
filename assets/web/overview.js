// A small picture of the whole graph, where the large one shows a part of it: what is in sight, and a way to get there.
"use strict";

const OVERVIEW_HIGH = 84;

class Overview {
  constructor(picture) {
    this.picture = picture;
    this.svg = shape("svg", { class: "overview", "aria-hidden": "true" });
    for (const { path } of picture.routes) shape("path", { d: path.getAttribute("d"), class: "line", stroke: "var(--edge)", "stroke-width": 4 }, this.svg);
    this.cards = picture.facts.cards.map((card) => shape("rect", { x: card.x, y: card.y, width: CARD.width, height: card.high, rx: CARD.radius, fill: `var(--${card.kind})` }, this.svg));
    this.sight = shape("rect", { class: "sight", fill: "var(--focus)", "fill-opacity": 0.12, stroke: "var(--focus)", rx: 8 }, this.svg);
    picture.home.before(this.svg);
    picture.home.addEventListener("scroll", () => this.look());
    const go = (event) => { if (event.buttons) this.go(event); };
    this.svg.addEventListener("pointerdown", go);
    this.svg.addEventListener("pointermove", go);
  }

  settle() {
    const { home, extent, scale } = this.picture, [, , width, height] = extent;
    const isPart = width * scale > home.clientWidth + 1 || height * scale > home.clientHeight + 1;
    this.svg.toggleAttribute("hidden", !isPart);
    this.scale = Math.min(home.clientWidth / width, OVERVIEW_HIGH / height);
    change(this.svg, { viewBox: extent.join(" "), width: Math.floor(width * this.scale), height: Math.floor(height * this.scale) });
    this.look();
  }

  look() {
    const { home, extent, scale } = this.picture;
    const [x, y] = [extent[0] + home.scrollLeft / scale, extent[1] + home.scrollTop / scale];
    const [width, height] = [Math.min(home.clientWidth / scale, extent[2]), Math.min(home.clientHeight / scale, extent[3])];
    change(this.sight, { x, y, width, height, "stroke-width": 2 / this.scale });
  }

  mark(ids) {
    this.picture.facts.cards.forEach((card, i) => change(this.cards[i], { stroke: ids.includes(card.id) ? "var(--text)" : "none", "stroke-width": 14 }));
  }

  go(event) {
    const box = this.svg.getBoundingClientRect(), { home, scale } = this.picture;
    const [x, y] = [(event.clientX - box.x) / this.scale, (event.clientY - box.y) / this.scale];
    home.scrollTo({ left: x * scale - home.clientWidth / 2, top: y * scale - home.clientHeight / 2, behavior: "instant" });
  }
}
