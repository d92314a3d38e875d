// The numbers in the text of an article, computed from those of its player: the sums of a lesson, in JavaScript.
"use strict";

class Numbers {
  constructor(page, run) {
    Object.assign(this, { page, run });
  }

  value(slot) {
    return (this.run.first ?? this.run.v)[slot];
  }

  gradient(slot) {
    return this.run.g[slot] ?? W.mul(this.value(slot), 0);
  }

  local(at) {
    return this.run.steps[at].local;
  }

  sent(at) {
    return this.run.steps[at].contribution;
  }

  // With other numbers in some leaves.
  elsewhere(pairs) {
    const held = [...this.run.held];
    pairs.forEach(([leaf, x]) => { held[leaf] = as(x); });
    const run = new Passes(held, this.run.seedValue);
    this.page.program(run);
    return new Numbers(this.page, run);
  }
}

const numbersOf = (player) => new Numbers(player, player.recorded);
const oneOf = (x) => as(x).data[0];

// Of an array a cell, or all that lies behind these places.
function cellOf(x, places) {
  const strides = stridesOf(x.shape), axes = x.shape.slice(places.length);
  const from = places.reduce((sum, i, axis) => sum + (i < 0 ? i + x.shape[axis] : i) * strides[axis], 0);
  return array(axes, x.data.slice(from, from + sizeOf(axes)));
}

function isNear(one, other) {
  const [a, b] = [as(one), as(other)];
  return same(a.shape, b.shape) && a.data.every((x, i) => Math.abs(x - b.data[i]) <= 1e-9 + 1e-9 * Math.abs(b.data[i]));
}

const MOST_SAID = 12; // numbers of an array that are written out
const sumSaid = (sum, digits, numbers) => valueText(as(sums[sum](numbers)), Number(digits), MOST_SAID);

// Words and numbers, [sum, digits, as it was at first], as a text.
const saidOf = (parts, numbers) => parts.map((part) => (typeof part === "string" ? part : sumSaid(part[0], part[1], numbers))).join("");

// The text of one step follows its player.
class LiveSection {
  constructor(section, player) {
    Object.assign(this, { section, player });
    this.spans = [...section.querySelectorAll("[data-sum]")].map((span) => [span, span.textContent]);
  }

  renew() {
    const { changed } = this.player, numbers = numbersOf(this.player);
    this.section.classList.toggle("changed", changed);
    this.spans.forEach(([span, first]) => {
      const text = changed ? sumSaid(span.dataset.sum, span.dataset.digits, numbers) : first;
      span.textContent = text;
      span.classList.toggle("moved", text !== first);
    });
  }
}
