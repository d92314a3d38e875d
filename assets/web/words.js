// The words of op texts, as engine/ops/words computes them: a line that begins with `W.name` makes `name` a word.
"use strict";

const W = {};

// --- signs
W.add = (a, b) => each((x, y) => x + y, a, b);
W.sub = (a, b) => each((x, y) => x - y, a, b);
W.mul = (a, b) => each((x, y) => x * y, a, b);
W.div = (a, b) => each((x, y) => x / y, a, b);
W.neg = (a) => each((x) => -x, a);
W.gt = (a, b) => each((x, y) => x > y, a, b);
W.lt = (a, b) => each((x, y) => x < y, a, b);
W.ge = (a, b) => each((x, y) => x >= y, a, b);
W.le = (a, b) => each((x, y) => x <= y, a, b);
W.eq = (a, b) => each((x, y) => x === y, a, b);
W.ne = (a, b) => each((x, y) => x !== y, a, b);
W.and = (a, b) => each((x, y) => x && y, a, b);
W.or = (a, b) => each((x, y) => x || y, a, b);
W.xor = (a, b) => each((x, y) => Boolean(x) !== Boolean(y), a, b);
W.not = (a) => each((x) => !x, a);

// --- element by element
const plain = (name) => (x) => each(Math[name], x);
W.exp = plain("exp");
W.expm1 = plain("expm1");
W.log = plain("log");
W.sqrt = plain("sqrt");
W.sin = plain("sin");
W.cos = plain("cos");
W.tan = plain("tan");
W.log1p = plain("log1p");
W.log2 = plain("log2");
W.log10 = plain("log10");
W.floor = plain("floor");
W.tanh = plain("tanh");
W.abs = plain("abs");
W.sign = plain("sign");
W.inf = Infinity;
W.square = (x) => W.mul(x, x);
W.maximum = (a, b) => each(Math.max, a, b);
W.minimum = (a, b) => each(Math.min, a, b);
W.truth = (x) => each(Number, x);
W.where = (condition, a, b) => each((holds, x, y) => (holds ? x : y), condition, a, b);
W.xlogy = (x, y) => each((a, b) => (a === 0 ? 0 : a * Math.log(b)), x, y);
W.ratio = (a, b) => each((x, y) => (x === 0 && y === 0 ? 0 : x / y), a, b);
W.clip = (x, low, high) => each((n) => Math.min(Math.max(n, low), high), x);
W.bounds = (x, low, high) => each((n) => (low === -Infinity ? 1 : n - low) * (high === Infinity ? 1 : n - high) + n * 0, x);
W.softplus = (x) => each((n) => (n > 0 ? n + Math.log1p(Math.exp(-n)) : Math.log1p(Math.exp(n))), x);
W.power = (a, b) => each((x, y) => (x === 1 ? 1 : y === 0.5 ? Math.sqrt(x) : x === -1 && Math.abs(y) === Infinity ? 1 : x ** y), a, b);
W.mod = (a, b) => each(remainder, a, b);
W.floor_div = (a, b) => each((x, y) => (y === 0 ? x / y : Math.round((x - remainder(x, y)) / y)), a, b);
W.erf = (x) => each(erfOf, x);

function remainder(a, b) {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

// Near 0 the series, else 1 − erfc by its continued fraction (Lentz): both to the last digits.
function erfOf(x) {
  if (Number.isNaN(x)) return x;
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = z, sum = z;
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
}

// --- along axes
W.sum = (x, axis = "all", keep = false) => reduced((a, b) => a + b, 0, x, axis, keep);
W.prod = (x, axis = "all", keep = false) => reduced((a, b) => a * b, 1, x, axis, keep);
W.amax = (x, axis = "all", keep = false) => reduced(Math.max, -Infinity, x, axis, keep);
W.amin = (x, axis = "all", keep = false) => reduced(Math.min, Infinity, x, axis, keep);
W.length = (x, axis = "all") => sizeOf(axesOf(axis, as(x).shape).map((n) => as(x).shape[n] ?? 1));
W.count = (...xs) => sizeOf(broadcast(...xs.map((x) => as(x).shape)));
W.freedom = (x, axis = "all", ddof = 0) => W.length(x, axis) - ddof;
W.mean = (x, axis = "all", keep = false) => W.div(W.sum(x, axis, keep), W.length(x, axis));
W.var = (x, axis = "all", keep = false, ddof = 0) => W.div(W.sum(W.square(W.sub(x, W.mean(x, axis, true))), axis, keep), W.freedom(x, axis, ddof));
W.std = (x, axis = "all", keep = false, ddof = 0) => W.sqrt(W.var(x, axis, keep, ddof));
W.norm = (x, axis = "all", keep = false) => (as(x).shape.length ? W.sqrt(W.sum(W.square(x), axis, keep)) : W.abs(x));
W.softmax = (x, axis) => {
  const powers = W.exp(W.sub(x, W.amax(x, axis, true)));
  return as(x).shape.length ? W.div(powers, W.sum(powers, axis, true)) : W.add(W.mul(x, 0), 1);
};
W.log_softmax = (x, axis) => {
  const shifted = W.sub(x, W.amax(x, axis, true));
  return as(x).shape.length ? W.sub(shifted, W.log(W.sum(W.exp(shifted), axis, true))) : W.mul(x, 0);
};
W.logsumexp = (x, axis = "all", keep = false) => {
  if (!as(x).shape.length) return x;
  const shift = each((n) => (Number.isFinite(n) ? n : 0), W.amax(x, axis, true));
  const total = W.log(W.sum(W.exp(W.sub(x, shift)), axis, keep));
  return W.add(total, array(total.shape, shift.data));
};
W.spread = (g, axis, ...like) => {
  const shape = broadcast(...like.map((x) => as(x).shape)), given = as(g);
  if (!shape.length) return given;
  const wants = axis !== "all" && given.shape.length < shape.length;
  return broadcastTo(wants ? expanded(given, axesOf(axis, shape), shape.length) : given, shape);
};
W.shares = (x, y, axis = "all") => {
  if (!as(x).shape.length) return as(1);
  const won = W.eq(x, W.spread(y, axis, x));
  return W.div(won, W.sum(won, axis, true));
};
W.others = (x, axis = "all") => ofOthers((a, b) => a * b, 1, x, axis);
W.lead = (x, axis = "all") => W.sub(x, ofOthers(Math.max, -Infinity, x, axis));

// `combine` over all elements of a row but this one: what came before it, with what comes after.
function ofOthers(combine, start, x, axis) {
  if (!as(x).shape.length) return as(start);
  const { places, kept } = groups(x.shape, axis), count = sizeOf(kept), data = new Float64Array(places.length);
  const before = new Float64Array(count).fill(start), after = new Float64Array(count).fill(start);
  for (let i = 0; i < places.length; i++) {
    data[i] = before[places[i]];
    before[places[i]] = combine(before[places[i]], x.data[i]);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    data[i] = combine(data[i], after[places[i]]);
    after[places[i]] = combine(after[places[i]], x.data[i]);
  }
  return array(x.shape, data);
}

W.normalised = (x, eps) => {
  const apart = W.sub(x, W.mean(x, -1, true));
  return W.div(apart, W.sqrt(W.add(W.mean(W.square(apart), -1, true), eps)));
};
W.normalised_back = (g, x, eps) => {
  const deviation = W.sqrt(W.add(W.var(x, -1, true), eps)), y = W.normalised(x, eps);
  return W.div(W.sub(W.sub(g, W.mean(g, -1, true)), W.mul(y, W.mean(W.mul(g, y), -1, true))), deviation);
};

// --- products
W.matmul = (a, b) => {
  const left = a.shape.length === 1 ? array([1, ...a.shape], a.data) : a;
  const right = b.shape.length === 1 ? array([...b.shape, 1], b.data) : b;
  const [n, k] = left.shape.slice(-2), [inner, m] = right.shape.slice(-2);
  if (k !== inner) throw new Misfit("The matrices do not fit together.");
  const batch = broadcast(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const one = stretched(left.shape.slice(0, -2), batch), other = stretched(right.shape.slice(0, -2), batch);
  const data = new Float64Array(one.length * n * m);
  for (let at = 0, i = 0; at < one.length; at++) {
    for (let row = 0; row < n; row++) {
      for (let column = 0; column < m; column++, i++) {
        const begin = (one[at] * n + row) * k, end = other[at] * k * m + column;
        for (let inside = 0; inside < k; inside++) data[i] += left.data[begin + inside] * right.data[end + inside * m];
      }
    }
  }
  return array([...batch, ...(a.shape.length > 1 ? [n] : []), ...(b.shape.length > 1 ? [m] : [])], data);
};
W.swap = (x) => (x.shape.length > 1 ? W.swapped(x, -1, -2) : x);
W.pull_left = (g, a, b) => {
  const given = productShaped(g, a, b), dims = given.shape.length;
  if (b.shape.length === 1) return W.mul(expanded(given, [dims], dims + 1), b);
  if (a.shape.length > 1) return W.matmul(given, W.swap(b));
  const column = W.matmul(b, expanded(given, [dims], dims + 1));
  return array(column.shape.slice(0, -1), column.data);
};
W.pull_right = (g, a, b) => {
  const given = productShaped(g, a, b), dims = given.shape.length;
  if (a.shape.length === 1 && b.shape.length === 1) return W.mul(a, given);
  if (a.shape.length === 1) return W.mul(array([...a.shape, 1], a.data), expanded(given, [dims - 1], dims + 1));
  if (b.shape.length === 1) return W.matmul(W.flat(given), reshaped(a, [-1, a.shape.at(-1)]));
  return W.matmul(W.swap(a), given);
};

// `g` in the shape of a @ b: what was added to the product may have broadcast it.
function productShaped(g, a, b) {
  const shape = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (a.shape.length > 1) shape.push(a.shape.at(-2));
  if (b.shape.length > 1) shape.push(b.shape.at(-1));
  return unbroadcast(g, shape);
}

const lastSummed = (b) => (b.shape.length > 1 ? W.swap(b) : b);
W.dot = (a, b) => {
  const [one, other] = [as(a), as(b)];
  if (!one.shape.length || !other.shape.length) return W.mul(one, other);
  const rows = lastSummed(other), k = one.shape.at(-1);
  const found = W.matmul(reshaped(one, [-1, k]), W.swap(reshaped(rows, [-1, k])));
  return array([...one.shape.slice(0, -1), ...rows.shape.slice(0, -1)], found.data);
};
W.contract_left = (g, a, b) => {
  if (!a.shape.length || !b.shape.length) return W.mul(g, b);
  const rows = reshaped(lastSummed(b), [-1, a.shape.at(-1)]);
  return array(a.shape, W.matmul(reshaped(g, [-1, rows.shape[0]]), rows).data);
};
W.contract_right = (g, a, b) => {
  if (!a.shape.length || !b.shape.length) return W.mul(g, a);
  const left = reshaped(a, [-1, a.shape.at(-1)]);
  const found = W.matmul(W.swap(reshaped(g, [left.shape[0], -1])), left);
  return W.swap(array(lastSummed(b).shape, found.data));
};
W.flat = (x) => reshaped(x, [-1]);
W.outer = (a, b) => W.mul(reshaped(a, [-1, 1]), W.flat(b));
W.einsum = (said, xs) => {
  const [given, result] = said.split("->"), parts = given.split(","), lengths = {};
  parts.forEach((part, i) => [...part].forEach((letter, axis) => { lengths[letter] = xs[i].shape[axis]; }));
  const letters = [...new Set(result + given.replaceAll(",", ""))], shape = letters.map((letter) => lengths[letter]);
  const along = (part, own) => {
    const strides = stridesOf(own);
    return walk(shape, letters.map((letter) => [...part].reduce((sum, l, i) => sum + (l === letter ? strides[i] : 0), 0)));
  };
  const ways = parts.map((part, i) => along(part, xs[i].shape)), to = [...result].map((letter) => lengths[letter]);
  const data = new Float64Array(sizeOf(to)), place = along(result, to);
  place.forEach((at, i) => { data[at] += ways.reduce((product, way, n) => product * xs[n].data[way[i]], 1); });
  return array(to, data);
};
W.einsum_back = (g, said, xs, i) => {
  const [given, result] = said.split("->"), parts = given.split(","), own = parts[i];
  const rest = parts.filter((_, n) => n !== i), known = result + rest.join("");
  const kept = [...own].filter((letter) => known.includes(letter)).join("");
  const found = W.einsum(`${[result, ...rest].join(",")}->${kept}`, [as(g), ...xs.filter((_, n) => n !== i)]);
  const alone = range(own.length).filter((n) => !known.includes(own[n]));
  return broadcastTo(expanded(found, alone, own.length), xs[i].shape);
};

// --- shapes
W.reshape = (x, shape) => reshaped(x, shape);
W.like = (g, x) => reshaped(g, as(x).shape);
W.turned = (x, axes) => (axes === "last" ? W.swap(x) : transposed(x, axes === "all" ? range(x.shape.length).reverse() : axesOf(axes, x.shape)));
W.turned_back = (g, axes) => {
  if (typeof axes === "string") return W.turned(g, axes);
  const order = axesOf(axes, g.shape);
  return transposed(g, range(order.length).map((axis) => order.indexOf(axis)));
};
W.swapped = (x, first, second) => {
  const order = range(x.shape.length), [one, other] = axesOf([first, second], x.shape);
  [order[one], order[other]] = [other, one];
  return transposed(x, order);
};
W.flattened = (x, start) => reshaped(x, as(x).shape.length ? [...x.shape.slice(0, start), -1] : [1]);
W.squeezed = (x, axis) => {
  const axes = axis === "all" ? null : axesOf(axis, x.shape);
  return array(x.shape.filter((n, i) => (axes ? !axes.includes(i) : n !== 1)), x.data);
};
W.unsqueezed = (x, axis) => expanded(as(x), [axis], as(x).shape.length + 1);
W.item = (x, at) => {
  const { shape, places } = picked(x.shape, at);
  return gathered(x, shape, places);
};
W.placed = (g, x, at) => {
  const { shape, places } = picked(x.shape, at), given = broadcastTo(as(g), shape);
  const data = new Float64Array(x.data.length);
  places.forEach((place, i) => { data[place] += given.data[i]; });
  return array(x.shape, data);
};
W.concat = (xs, axis) => {
  const parts = xs.map((x) => (axis === "all" ? W.flat(x) : x.shape.length ? x : W.flat(x)));
  const at = axis === "all" ? 0 : axesOf(axis, parts[0].shape)[0], first = parts.map((x) => W.swapped(x, 0, at));
  const shape = [first.reduce((sum, x) => sum + x.shape[0], 0), ...first[0].shape.slice(1)];
  const data = new Float64Array(sizeOf(shape));
  first.reduce((begin, x) => { data.set(x.data, begin); return begin + x.data.length; }, 0);
  return W.swapped(array(shape, data), 0, at);
};
W.part = (g, xs, i, axis) => {
  const lengths = xs.map((x) => W.length(x, axis)), from = lengths.slice(0, i).reduce((a, b) => a + b, 0);
  const at = axis === "all" ? 0 : axesOf(axis, g.shape)[0];
  const place = [...new Array(at).fill({}), { from, to: from + lengths[i] }];
  return array(xs[i].shape, W.item(g, place).data);
};
W.stack = (xs, axis) => W.concat(xs.map((x) => W.unsqueezed(x, axis)), axis);
W.slot = (g, i, axis) => W.item(g, [...new Array(axesOf(axis, g.shape)[0]).fill({}), i]);

// --- classes
W.onehot = (t, z) => {
  if (same(t.shape, z.shape)) return t;
  const classes = z.shape.at(-1), data = new Float64Array(t.data.length * classes);
  wholeIds(t, classes, "class").forEach((id, row) => { data[row * classes + id] = 1; });
  return array([...t.shape, classes], data);
};
W.matching = (d, t) => (same(as(d).shape, as(t).shape) ? d : array(as(t).shape, new Float64Array(as(t).data.length)));
W.looked_up = (t, w) => {
  const columns = w.shape[1], ids = wholeIds(t, w.shape[0], "row");
  return gathered(w, [...t.shape, columns], ids.flatMap((id) => range(columns).map((column) => id * columns + column)));
};
W.scattered = (g, t, w) => {
  const columns = w.shape[1], data = new Float64Array(w.data.length);
  wholeIds(t, w.shape[0], "row").forEach((id, i) => range(columns).forEach((column) => { data[id * columns + column] += g.data[i * columns + column]; }));
  return array(w.shape, data);
};
W.lower = (x) => {
  const [rows, columns] = x.shape.slice(-2);
  return array([rows, columns], Float64Array.from(range(rows * columns), (i) => Number(i % columns <= Math.floor(i / columns))));
};

function wholeIds(t, count, what) {
  return Array.from(t.data, (given) => {
    const id = Math.round(given);
    if (!(Math.abs(given - id) < 1e-3 && id >= 0 && id < count)) throw new Misfit(`There is no ${what} ${given}: ids run from 0 to ${count - 1}.`);
    return id;
  });
}
