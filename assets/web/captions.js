// What is said of a step: the program's own words, as long as they are about the numbers that are there; else its
// equation in the program's symbols with the numbers of now.
"use strict";

const nouns = ["gradient", "responsibility"];

function captionOf(page, index, wording) {
  const { steps, story } = page.facts, told = { ...steps[index - (story?.again ?? Infinity)], ...steps[index] }, step = page.steps[index];
  return page.changed ? [liveSentence(told, step, page, wording), liveReason(step, told, wording, page)] : told.said[wording];
}

function liveSentence(told, step, page, wording) {
  const { left, right, part } = told;
  if (step.kind === "update") return turnSentence(told, step, page.rate, page.facts.story, nouns[wording]);
  if (step.kind === "drop") return dropSentence(step, page.facts.story.goal, nouns[wording]);
  if (step.kind === "value") return right ? `${equal(left, right, labelled(step.value))}.` : `${left} holds ${labelled(step.value)}.`;
  if (step.kind === "seed") return `The backward pass begins: ${left} = ${labelled(step.gradient)}.`;
  const many = part[1] > 1 ? ` (${part[0]} of ${part[1]})` : "";
  const sent = `${part[1] > 1 ? right : equal(left, right)} = ${product(step)}${many}`;
  return step.before && !step.total.shape.length ? `${sent}; so far ${sumText(step.before.data[0], step.contribution.data[0], step.total.data[0])}.` : `${sent}.`;
}

function liveReason(step, told, wording, page) {
  const { part } = told, what = nouns[wording];
  if (step.kind === "update") return told.said[wording][1];
  if (step.kind === "drop") return `${promiseText(told, step, page.rate, page.facts.story)} ${dropReason(step)}`;
  if (step.kind === "value") return step.inputs.length ? "Computed from the values that you chose." : "You can change it below.";
  if (step.kind === "seed") return `The ${what} that is put into the target.`;
  const more = part[1] > 1 ? " It is used more than once: what comes back along each edge is added." : "";
  return step.local ? `The ${what} that arrived × the local derivative = the contribution.${more}` : `The rule of the operation, over the ${what} that arrived.${more}`;
}

const equal = (...sides) => sides.filter((side, i) => side && side !== sides[i - 1]).join(" = ");
const labelled = (value) => (value.data.length <= 6 && value.shape.length < 2 ? valueText(value, 4, 6) : `${compactText(value)} (${value.shape.join("×")})`);

function product({ upstream, local, contribution }) {
  if (!local || upstream.shape.length || local.shape.length || contribution.shape.length) return labelled(contribution);
  const [up, slope, sent] = [upstream.data[0], local.data[0], contribution.data[0]];
  if (!Object.is(up * slope, sent) && up * slope !== sent) return numberText(sent); // a closed gate lets nothing through
  return worked([up, slope], sent, (a, b) => a * b, ([a, b]) => `${a} × ${bracketed(b)}`);
}

// --- one step of learning, in the words of engine/show/turning.py

const sumOf = (value) => value.data.reduce((a, b) => a + b, 0);
const isPlain = ({ optimiser, clip, decay }) => optimiser === "sgd" && !clip && !decay; // downhill, and nothing else

function turnSentence({ left, right, name }, { gradient, before, after }, rate, story, noun) {
  const moved = W.sub(after, before), onward = sumOf(W.mul(moved, gradient)) > 0;
  const heading = moved.data.every((x) => x === 0) ? `${name} stays where it is` : onward ? `${name} is carried on by its momentum` : `${name} turns against its ${noun}`;
  const [w, g] = [before.data[0], gradient.data[0]], writes = isPlain(story) && !before.shape.length;
  const result = writes ? worked([w, rate, g], after.data[0], (a, r, b) => a - r * b, ([a, r, b]) => `${a} − ${r} × ${bracketed(b)}`) : labelled(after);
  return `${heading}: ${equal(left, right)} = ${result}.`;
}

function dropSentence({ before, after, promised }, goal, noun) {
  const [was, now] = [before.data[0], after.data[0]], drop = was - now, promise = promised.data[0];
  const went = drop === 0 ? "stayed at" : drop > 0 ? "fell from" : "rose from";
  const moved = drop === 0 ? "" : ` to ${numberText(now)}, by ${numberText(Math.abs(drop))}`;
  return `${goal} ${went} ${numberText(was)}${moved}; the ${noun} had promised a ${promise < 0 ? "rise" : "drop"} of ${numberText(Math.abs(promise))}.`;
}

function promiseText({ left, right, promise }, { before, after, promised, size }, rate, story) {
  const sum = promised.data[0], [was, now] = [before.data[0], after.data[0]];
  const said = isPlain(story) ? worked([rate, size.data[0]], sum, (r, n) => r * n ** 2, ([r, n]) => `${r} × ${n}²`) : numberText(sum);
  const truly = worked([was, now], was - now, (a, b) => a - b, ([a, b]) => `${a} − ${bracketed(b)}`);
  return `The promised drop = ${promise[1]} = ${said};  ${left} = ${right} = ${truly}.`;
}

function dropReason({ before, after, promised }) {
  const drop = before.data[0] - after.data[0], promise = promised.data[0], line = "The promise is that of a straight line, −g · Δ summed over all that was turned";
  if (!Number.isFinite(drop) || !Number.isFinite(promise)) return "The step was so large that the numbers are not finite any more: a smaller learning rate may help.";
  if (promise === 0) return "Nothing was promised: every gradient is 0 here, nothing was turned, or the step is too small to count.";
  if (drop === 0 && before.data[0] - promise === before.data[0]) return "So small a change is lost in rounding: a number has about 16 digits.";
  if (Math.abs(drop - promise) <= 0.1 * Math.abs(promise)) return "A promise of the first order, −g · Δ summed over all that was turned: small steps keep it.";
  if (promise > 0 && drop < 0) return `${line}. The step was so long that the ground had bent upwards before its end: a smaller learning rate keeps the promise.`;
  return `${line}; over a step this long the ground bends. The smaller the learning rate, the better the promise is kept.`;
}
