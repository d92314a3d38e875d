// Numbers for the eye, as the program writes them: engine/values/values.py, and the cards of gui/canvas/model/texts.py.
"use strict";

const MINUS = "−";

function numberText(x, digits = 4) {
  if (Number.isNaN(x)) return "nan";
  if (Math.abs(x) === Infinity) return x > 0 ? "∞" : `${MINUS}∞`;
  if (x === 0) return "0";
  const [mantissa, exponent] = rounded(Math.abs(x), digits).split("e");
  const power = Number(exponent), sign = x < 0 ? MINUS : "";
  if (power < -4 || power >= digits) {
    const short = `${trimmed(mantissa)}e${exponentText(power)}`, whole = `${Math.abs(x)}`;
    const plain = power > 0 && Number(`${mantissa}e${power}`) === Math.abs(x) && whole.length <= short.length;
    return sign + (plain ? whole : short);
  }
  const figures = mantissa.replace(".", "");
  if (power < 0) return `${sign}${trimmed(`0.${"0".repeat(-power - 1)}${figures}`)}`;
  return `${sign}${trimmed(`${figures.slice(0, power + 1)}.${figures.slice(power + 1)}`)}`;
}

const trimmed = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
const exponentText = (power) => (power < 0 ? `${MINUS}${-power}` : `${power}`);

// So many digits; half-way between two of them the even one, as Python has it.
function rounded(x, digits) {
  const text = x.toExponential(digits - 1), exact = x.toExponential(60).split("e")[0].replace(".", "");
  if (!/^50*$/.test(exact.slice(digits)) || Number(exact[digits - 1]) % 2) return text;
  const [, exponent] = x.toExponential(60).split("e");
  return `${exact[0]}${digits > 1 ? "." : ""}${exact.slice(1, digits)}e${exponent}`;
}

function exactText(x) {
  if (!Number.isFinite(x)) return numberText(x);
  return String(x).replaceAll("-", MINUS).replace("e+", "e");
}

const shapeText = (shape) => shape.join("×") + (shape.length === 1 ? "-vector" : "");

function valueText(value, digits = 4, most = 4) {
  if (!value.shape.length) return numberText(value.data[0], digits);
  if (value.shape.length > 1 || value.data.length > most) return shapeText(value.shape);
  return `[${Array.from(value.data, (x) => numberText(x, digits)).join(", ")}]`;
}

// Beside an edge.
const labelText = (value) => valueText(value, value.shape.length ? 2 : 4, 3);

// On a card.
function compactText(value) {
  if (!value.shape.length) return numberText(value.data[0]);
  const texts = Array.from(value.data.slice(0, 2), (x) => numberText(x, 2));
  const shown = texts.join("").replaceAll(MINUS, MINUS + MINUS).length <= 4 ? texts : texts.slice(0, 1);
  return `[${shown.join(", ")}${value.data.length > shown.length ? ", …" : ""}]`;
}

// All of it, for the table.
function wholeText(value) {
  if (!value.shape.length) return exactText(value.data[0]);
  const nested = (axis, begin, size) => {
    if (axis === value.shape.length) return exactText(value.data[begin]);
    const step = size / value.shape[axis];
    return `[${range(value.shape[axis]).map((i) => nested(axis + 1, begin + i * step, step)).join(", ")}]`;
  };
  return value.data.length <= 64 ? nested(0, 0, value.data.length) : shapeText(value.shape);
}

function toneOf(gradient) {
  let low = Infinity, high = -Infinity, isNumber = true;
  for (const x of gradient.data) {
    low = Math.min(low, x);
    high = Math.max(high, x);
    isNumber &&= !Number.isNaN(x);
  }
  if (!isNumber) return "warn";
  if (low === 0 && high === 0) return "zero";
  return low >= 0 ? "pos" : high <= 0 ? "neg" : "soft";
}

function lineWidth(contribution) {
  const size = contribution.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!(size > 0)) return 2;
  return Math.round((2 + 0.6 * Math.min(Math.max(Math.log10(Math.min(size, 1e9)) + 2, 0), 5)) * 8) / 8;
}

// A number as a person types it: 1.5, −2, 1/3, 1e-3. Gives null for anything else.
function readNumber(typed) {
  const text = typed.trim().replaceAll(MINUS, "-").replace(",", ".");
  const found = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\s*\/\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))?$/i.exec(text);
  if (!found) return null;
  const number = Number(found[1]) / (found[2] === undefined ? 1 : Number(found[2]));
  return Number.isFinite(number) ? number : null;
}

// A number, a fraction, or a sum with brackets and powers, such as 2*3 + 1 or 0.25^6; null where it is none of these.
function readSum(typed) {
  const text = typed.replaceAll(MINUS, "-").replace(/[·×]/g, "*").replaceAll("**", "^");
  const signs = text.match(/(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+*/^()]|\S/gi) ?? [];
  let at = 0;
  const take = (...wanted) => (wanted.includes(signs[at]) ? signs[at++] : null);
  const sum = () => {
    let total = product(), sign;
    while ((sign = take("+", "-"))) total += sign === "+" ? product() : -product();
    return total;
  };
  const product = () => {
    let total = signed(), sign;
    while ((sign = take("*", "/"))) total = sign === "*" ? total * signed() : total / signed();
    return total;
  };
  const signed = () => (take("-") ? -signed() : take("+") ? signed() : power());
  const power = () => {
    const base = atom();
    return take("^") ? base ** signed() : base;
  };
  const atom = () => {
    if (take("(")) {
      const inside = sum();
      return take(")") ? inside : NaN;
    }
    return at < signs.length ? Number(signs[at++]) : NaN;
  };
  const found = signs.length && signs.length < 100 ? sum() : NaN;
  return at === signs.length && Number.isFinite(found) ? found : null;
}
