// Arrays of numbers, {shape, data} with the data row by row; a number has the shape []. Nothing here knows an op.
"use strict";

class Misfit extends Error {}

const array = (shape, data) => ({ shape, data });
const as = (x) => (typeof x === "object" ? x : array([], [Number(x)]));
const sizeOf = (shape) => shape.reduce((product, n) => product * n, 1);
const same = (one, other) => one.length === other.length && one.every((n, i) => n === other[i]);
const range = (count) => Array.from({ length: count }, (_, i) => i);

function broadcast(...shapes) {
  const most = Math.max(...shapes.map((shape) => shape.length));
  return range(most).map((axis) => {
    const lengths = shapes.map((shape) => shape[shape.length - most + axis] ?? 1).filter((n) => n !== 1);
    if (lengths.some((n) => n !== lengths[0])) throw new Misfit("The shapes do not fit together.");
    return lengths.length ? lengths[0] : 1;
  });
}

function stridesOf(shape) {
  const strides = new Array(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]) strides[axis] = step;
  return strides;
}

// Where the elements of a shape lie, in its own order, if going along an axis takes these strides.
function walk(shape, strides, start = 0) {
  const count = sizeOf(shape), found = new Int32Array(count), at = new Array(shape.length).fill(0);
  for (let i = 0, place = start; i < count; i++) {
    found[i] = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++at[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return found;
}

// Where the elements of `to` are found in an array that is broadcast to it.
function stretched(shape, to) {
  const own = stridesOf(shape), skip = to.length - shape.length;
  return walk(to, to.map((_, axis) => (axis < skip || shape[axis - skip] === 1 ? 0 : own[axis - skip])));
}

const gathered = (x, shape, places) => array(shape, Float64Array.from(places, (place) => x.data[place]));
const broadcastTo = (x, shape) => (same(x.shape, shape) ? x : gathered(x, shape, stretched(x.shape, shape)));

function each(f, ...given) {
  const xs = given.map(as), first = xs[0].shape;
  const shape = xs.every((x) => same(x.shape, first)) ? first : broadcast(...xs.map((x) => x.shape));
  const [a, b, c] = xs.map((x) => broadcastTo(x, shape).data);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = b ? (c ? f(a[i], b[i], c[i]) : f(a[i], b[i])) : f(a[i]);
  return array(shape, data);
}

function axesOf(axis, shape) {
  if (axis === "all") return range(shape.length);
  return [axis].flat().map((n) => (n < 0 ? n + shape.length : n));
}

// Of each element of a shape the place in what remains when axes are reduced, and the shape with these kept.
function groups(shape, axis) {
  const axes = axesOf(axis, shape), kept = shape.map((n, i) => (axes.includes(i) ? 1 : n));
  return { places: stretched(kept, shape), kept, dropped: shape.filter((_, i) => !axes.includes(i)) };
}

function reduced(f, start, given, axis, keep) {
  const x = as(given);
  if (!x.shape.length) return x;
  const { places, kept, dropped } = groups(x.shape, axis);
  const data = new Float64Array(sizeOf(kept)).fill(start);
  for (let i = 0; i < places.length; i++) data[places[i]] = f(data[places[i]], x.data[i]);
  return array(keep ? kept : dropped, data);
}

function reshaped(given, shape) {
  const x = as(given), rest = sizeOf(shape.filter((n) => n !== -1));
  const to = shape.map((n) => (n === -1 ? x.data.length / rest : n));
  if (sizeOf(to) !== x.data.length) throw new Misfit("The shape does not fit.");
  return array(to, x.data);
}

function transposed(x, order) {
  const strides = stridesOf(x.shape), shape = order.map((axis) => x.shape[axis]);
  return gathered(x, shape, walk(shape, order.map((axis) => strides[axis])));
}

function expanded(x, axes, dims) {
  const where = axes.map((n) => (n < 0 ? n + dims : n)), rest = [...x.shape];
  return array(range(dims).map((axis) => (where.includes(axis) ? 1 : rest.shift())), x.data);
}

// What was broadcast collects the gradients of its copies.
function unbroadcast(given, shape) {
  const x = as(given);
  if (same(x.shape, shape)) return x;
  const full = broadcast(x.shape, shape), wide = broadcastTo(x, full), places = stretched(shape, full);
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < places.length; i++) data[places[i]] += wide.data[i];
  return array(shape, data);
}

// What x[at] picks. `at` has for each axis a number, {from, to, step}, {list}, "new" or "...".
function picked(shape, at) {
  const parts = Array.isArray(at) ? [...at] : [at], used = parts.filter((part) => part !== "new" && part !== "...").length;
  const gap = parts.indexOf("..."), rest = new Array(shape.length - used).fill({});
  if (gap < 0) parts.push(...rest);
  else parts.splice(gap, 1, ...rest);
  const strides = stridesOf(shape), to = [], rows = [];
  let axis = 0, start = 0;
  for (const part of parts) {
    if (part === "new") { to.push(1); rows.push([0]); continue; }
    const length = shape[axis], stride = strides[axis++];
    if (typeof part === "number") { start += stride * (part < 0 ? part + length : part); continue; }
    const chosen = part.list ? part.list.map((n) => (n < 0 ? n + length : n)) : sliced(part, length);
    to.push(chosen.length);
    rows.push(chosen.map((n) => n * stride));
  }
  const places = walk(to, stridesOf(to)).map((flat) => {
    let place = start;
    for (let i = to.length - 1; i >= 0; i--) { place += rows[i][flat % to[i]]; flat = Math.floor(flat / to[i]); }
    return place;
  });
  return { shape: to, places };
}

function sliced({ from = null, to = null, step = 1 }, length) {
  const clamp = (n, low, high) => Math.min(Math.max(n < 0 ? n + length : n, low), high), chosen = [];
  const first = from === null ? (step > 0 ? 0 : length - 1) : clamp(from, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
  const last = to === null ? (step > 0 ? length : -1) : clamp(to, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
  for (let n = first; step > 0 ? n < last : n > last; n += step) chosen.push(n);
  return chosen;
}
