// Asks for the next number before it is shown.
"use strict";

class Prediction {
  constructor(page) {
    this.page = page;
    this.on = false;
    this.known = 0; // the position up to which everything has been shown
    this.page.find("predict")?.addEventListener("click", () => this.turn(!this.on));
    this.page.find("question").addEventListener("submit", (event) => { event.preventDefault(); this.check(); });
    this.page.find("show").addEventListener("click", () => this.reveal(`It is ${this.answerText()}.`));
  }

  turn(on) {
    this.on = on;
    this.known = 0;
    this.page.find("predict").setAttribute("aria-pressed", on);
    this.page.find("numbers").hidden = on;
    if (on) this.page.find("numbers").open = false;
    this.page.pause();
    this.page.seek(on ? 0 : this.page.end);
    this.ask(null);
    if (on) this.step();
  }

  // On to the next number that can be asked for, showing what lies before it.
  step() {
    const { steps, facts } = this.page;
    let at = Math.max(this.known, Math.round(this.page.position));
    if (at < this.known) return this.page.seek(at + 1);
    while (at < steps.length && !isAsked(steps[at])) at++;
    this.known = at;
    this.page.seek(at);
    this.ask(at < steps.length ? at : null);
    if (at === steps.length) this.page.find("verdict").textContent = "";
    return facts;
  }

  ask(at) {
    this.at = at;
    this.page.find("question").hidden = at === null;
    this.page.find("answer").value = this.page.find("verdict").textContent = "";
    if (at === null) return;
    const { left, right, part } = this.page.facts.steps[at], isValue = this.page.steps[at].kind === "value";
    const which = part && part[1] > 1 ? `the contribution ${part[0]} of ${part[1]} to ${left}` : isValue ? left : left;
    this.page.find("ask").textContent = `What is ${which}${right && right !== left ? ` = ${right}` : ""}?`;
    this.page.find("answer").focus();
  }

  answer() {
    const step = this.page.steps[this.at];
    return (step.value ?? step.contribution).data[0];
  }

  answerText() {
    return numberText(this.answer());
  }

  check() {
    const given = this.page.find("answer").value, typed = readSum(given) ?? readNumber(given), right = this.answer();
    if (typed === null) return this.tell("Type a number, such as −1.5 or 1/3.");
    if (isRight(typed, right)) return this.reveal("Right.");
    if (isRight(-typed, right)) return this.tell("Nearly: look at the sign again.");
    const { kind, upstream, local } = this.page.steps[this.at];
    if (kind === "contribution" && local && isRight(typed, local.data[0])) return this.tell("That is the local derivative: multiply it by what arrived.");
    if (kind === "contribution" && isRight(typed, upstream.data[0])) return this.tell("That is what arrived: multiply it by the local derivative.");
    return this.tell("Not yet. Try again, or let it be shown.");
  }

  tell(sentence) {
    this.page.find("verdict").textContent = sentence;
    this.page.find("answer").select();
  }

  reveal(sentence) {
    this.known = this.at + 1;
    this.page.seek(this.known);
    this.ask(null);
    this.page.find("caption").textContent = `${sentence} ${this.page.find("caption").textContent}`;
    this.page.find("next").focus();
  }
}

const isAsked = ({ kind, value, contribution, inputs }) => (kind === "value" ? inputs.length > 0 && !value.shape.length : kind === "contribution" && !contribution.shape.length);
const isRight = (typed, right) => typed === right || Math.abs(typed - right) <= 0.005 * Math.abs(right) || (Math.abs(right) < 1e-12 && Math.abs(typed) < 1e-9);
