// When an answer is right, and which classic mistakes make a wrong one: engine/teach/answer.py and diagnosis.py, for
// whatever numbers are in the graph. The script of the page has `mistakes`, what is said, and `slips`, what each makes.
"use strict";

const DIGITS = 3, SLACK = 2e-3;

const unitOf = (x, digits) => Number(`1e${Number(x.toExponential().split("e")[1]) - digits + 1}`);

function isRight(typed, right) {
  if (!Number.isFinite(typed) || !Number.isFinite(right)) return false;
  if (typed === 0 || right === 0) return Math.abs(typed - right) <= 1e-12;
  return Math.abs(typed - right) <= Math.max(0.5001 * unitOf(right, DIGITS), SLACK * Math.abs(right));
}

// Whether what is typed would be right, but for digits that are missing.
function isShort(text, typed, right) {
  const [, whole, rest] = /^[-+]?(\d*)[.,]?(\d*)(?:e[-+]?\d+)?$/i.exec(text.trim().replaceAll(MINUS, "-")) ?? [null, "", ""];
  const digits = rest || whole.length > 1 ? `${whole}${rest}`.replace(/^0+/, "").length : 0;
  return digits > 0 && digits < DIGITS && right !== 0 && Math.abs(typed - right) <= 0.5001 * unitOf(right, digits);
}

const filledIn = (says, words) => says.replace(/\{(\w+)\}/g, (_, name) => words[name]);
const closeText = (typed) => `${numberText(typed)} is close. Type at least three significant digits, or a fraction or sum.`;

// The numbers that the mistakes of a step are made of.
function numbersAt(run, at, { inputs, parts }) {
  const step = run.steps[at], v = run.first ?? run.v, { slot } = step;
  if (step.kind === "value") return { y: step.value, xs: step.inputs.map((each) => v[each]) };
  return {
    xs: inputs.map((each) => v[each]), x: v[slot], y: v[step.dest], g: step.upstream, local: step.local, seed: run.seedValue,
    sent: step.contribution, before: step.before, total: step.total, back: (product) => unbroadcast(product, v[slot].shape),
    parts: (parts ?? []).map((each) => run.steps[each].contribution ?? run.steps[each].gradient),
  };
}

// The one number that is asked of a quantity; NaN: it has no such cell.
function askedOf(quantity, cell) {
  const { shape, data } = as(quantity);
  if (!cell) return data.length === 1 ? data[0] : NaN;
  const places = cell.map((i, axis) => (i < 0 ? i + shape[axis] : i)), strides = stridesOf(shape);
  const isThere = places.length === shape.length && places.every((i, axis) => i >= 0 && i < shape[axis]);
  return isThere ? data[places.reduce((sum, i, axis) => sum + i * strides[axis], 0)] : NaN;
}

const askedAt = (run, at, told) => askedOf(run.steps[at][told.asks], told.cell);

// What a mistake makes of a step; NaN where the shapes refuse.
function madeBy(slip, numbers, { asks, cell }) {
  try {
    const made = as(slips[slip](numbers));
    return asks === "total" && numbers.before && !same(made.shape, numbers.total.shape) ? NaN : askedOf(made, cell);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return NaN;
  }
}

// The mistakes that make this number of what step `at` is asked, each once, with what is said to who made it: first those
// in a sum, then those in what came last to it.
function candidatesAt(run, at, told, typed, wording = 0) {
  const numbers = numbersAt(run, at, told), right = askedAt(run, at, told), found = new Map();
  const [inSum, inLast] = [told.slips.filter(([, , detail]) => detail !== 1), told.slips.filter(([, , detail]) => detail === 1)];
  for (const [mistake, slip, detail] of [...inSum, ...inLast]) {
    const made = madeBy(slip, numbers, told);
    if (found.has(mistake) || isRight(made, right) || !isRight(typed, made)) continue;
    const [title, ...says] = mistakes[mistake], [node, source] = told.about, own = numbers.x ?? numbers.xs[0];
    const words = {
      node, source, detail, answer: numberText(typed), seed: numberText(run.seedValue, 6),
      upstream: numbers.g ? valueText(numbers.g) : "", own: own ? valueText(own) : "",
    };
    found.set(mistake, { title, sentence: filledIn(says[Number(detail === 1)][wording], words) });
  }
  return found;
}

const mistakesText = (found) => [...found.values()].map(({ title, sentence }) => `${title}. ${sentence}`).join(" ");
