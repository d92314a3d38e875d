// What is said of a step: the program's own words, as long as they are about the numbers that are there; else its
// equation in the program's symbols with the numbers of now.
"use strict";

function captionOf(facts, steps, index, wording, changed) {
  const told = facts.steps[index].said[wording];
  return changed ? [`${liveSentence(facts.steps[index], steps[index])}`, liveReason(steps[index], facts.steps[index], wording)] : told;
}

function liveSentence({ left, right, part }, step) {
  if (step.kind === "value") return right ? `${equal(left, right, labelled(step.value))}.` : `${left} holds ${labelled(step.value)}.`;
  if (step.kind === "seed") return `The backward pass begins: ${left} = ${labelled(step.gradient)}.`;
  const many = part[1] > 1 ? ` (${part[0]} of ${part[1]})` : "";
  const sent = `${part[1] > 1 ? right : equal(left, right)} = ${product(step)}${many}`;
  return step.before && !step.total.shape.length ? `${sent}; so far ${sumText(step.before.data[0], step.contribution.data[0], step.total.data[0])}.` : `${sent}.`;
}

function liveReason(step, { part }, wording) {
  const what = wording ? "responsibility" : "gradient";
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
