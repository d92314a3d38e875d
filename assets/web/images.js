// The words about images: engine/ops/words/images.py. An image is (batch, channels, height, width).
"use strict";

// Calls `meet` with the places in x, w and y of each product that a convolution adds up.
function convolved(x, w, [down, across], [padDown, padAcross], [over, along], groups, meet) {
  const [batch, channels, high, wide] = x.shape, [outs, ins, rows, columns] = w.shape;
  const [tall, broad] = [outLength(high, rows, down, padDown, over), outLength(wide, columns, across, padAcross, along)];
  const own = outs / groups;
  for (let n = 0; n < batch; n++) for (let o = 0; o < outs; o++) for (let i = 0; i < tall; i++) for (let j = 0; j < broad; j++) {
    const to = ((n * outs + o) * tall + i) * broad + j;
    for (let c = 0; c < ins; c++) for (let r = 0; r < rows; r++) for (let s = 0; s < columns; s++) {
      const y = i * down + r * over - padDown, z = j * across + s * along - padAcross;
      if (y < 0 || y >= high || z < 0 || z >= wide) continue;
      const channel = Math.floor(o / own) * ins + c;
      meet(((n * channels + channel) * high + y) * wide + z, ((o * ins + c) * rows + r) * columns + s, to);
    }
  }
  return [batch, outs, tall, broad];
}

const outLength = (length, size, step, pad, apart = 1) => Math.floor((length + 2 * pad - (size - 1) * apart - 1) / step) + 1;

W.conv2d = (x, w, stride, padding, dilation, groups) => {
  const found = [];
  const shape = convolved(x, w, stride, padding, dilation, groups, (a, b, to) => { found[to] = (found[to] ?? 0) + x.data[a] * w.data[b]; });
  return array(shape, Float64Array.from(range(sizeOf(shape)), (i) => found[i] ?? 0));
};
W.conv2d_left = (g, x, w, stride, padding, dilation, groups) => {
  const data = new Float64Array(x.data.length);
  convolved(x, w, stride, padding, dilation, groups, (a, b, to) => { data[a] += g.data[to] * w.data[b]; });
  return array(x.shape, data);
};
W.conv2d_right = (g, x, w, stride, padding, dilation, groups) => {
  const data = new Float64Array(w.data.length);
  convolved(x, w, stride, padding, dilation, groups, (a, b, to) => { data[b] += g.data[to] * x.data[a]; });
  return array(w.shape, data);
};

// For each window the places in x that it sees, −1 for padding.
function windows(x, [rows, columns], [down, across], [padDown, padAcross]) {
  const [high, wide] = x.shape.slice(-2), [tall, broad] = [outLength(high, rows, down, padDown), outLength(wide, columns, across, padAcross)];
  const planes = x.data.length / (high * wide), seen = [];
  for (let plane = 0; plane < planes; plane++) for (let i = 0; i < tall; i++) for (let j = 0; j < broad; j++) {
    const places = [];
    for (let r = 0; r < rows; r++) for (let s = 0; s < columns; s++) {
      const y = i * down + r - padDown, z = j * across + s - padAcross;
      places.push(y < 0 || y >= high || z < 0 || z >= wide ? -1 : (plane * high + y) * wide + z);
    }
    seen.push(places);
  }
  return { shape: [...x.shape.slice(0, -2), tall, broad], seen };
}

W.max_pool2d = (x, size, stride, padding) => {
  const { shape, seen } = windows(x, size, stride, padding);
  return array(shape, Float64Array.from(seen, (places) => Math.max(...places.map((at) => (at < 0 ? -Infinity : x.data[at])))));
};
W.max_unpool2d = (g, x, size, stride, padding) => {
  const data = new Float64Array(x.data.length);
  windows(x, size, stride, padding).seen.forEach((places, i) => {
    const met = places.map((at) => (at < 0 ? -Infinity : x.data[at])), absent = met.findIndex(Number.isNaN);
    const first = places[absent < 0 ? met.indexOf(Math.max(...met)) : absent];
    if (first >= 0) data[first] += g.data[i];
  });
  return array(x.shape, data);
};
W.avg_pool2d = (x, size, stride, padding) => {
  const { shape, seen } = windows(x, size, stride, padding);
  return array(shape, Float64Array.from(seen, (places) => places.reduce((sum, at) => sum + (at < 0 ? 0 : x.data[at]), 0) / places.length));
};
W.avg_unpool2d = (g, x, size, stride, padding) => {
  const data = new Float64Array(x.data.length);
  windows(x, size, stride, padding).seen.forEach((places, i) => places.forEach((at) => { if (at >= 0) data[at] += g.data[i] / places.length; }));
  return array(x.shape, data);
};
