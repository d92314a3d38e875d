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
    if (on && this.page.learns) this.page.learning.turn(false);
    this.page.seek(on ? 0 : this.page.end);
    this.ask(null);
    if (on) this.step();
  }

  // On to the next number that can be asked for, showing what lies before it.
  step() {
    const { steps, facts } = this.page;
    let at = Math.max(this.known, Math.round(this.page.position));
    if (at < this.known) return this.page.seek(at + 1);
    while (at < steps.length && !isAsked(facts.steps[at], steps[at])) at++;
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
    this.page.find("ask").textContent = this.page.facts.steps[at].question[this.wording];
    this.page.find("answer").focus();
  }

  get told() {
    return this.page.facts.steps[this.at];
  }

  answer() {
    return askedAt(this.page.recorded, this.at, this.told);
  }

  answerText() {
    return numberText(this.answer());
  }

  check() {
    const given = this.page.find("answer").value, typed = readSum(given) ?? readNumber(given), right = this.answer();
    if (typed === null) return this.tell("Type a number, such as −1.5 or 1/3.");
    if (isRight(typed, right)) return this.reveal("Right.");
    const named = mistakesText(candidatesAt(this.page.recorded, this.at, this.told, typed, this.wording));
    if (!named && isShort(given, typed, right)) return this.tell(closeText(typed));
    return this.tell(`${numberText(typed)} is not right. ${named || "No classic mistake makes this number: try again, or let it be shown."}`);
  }

  get wording() {
    return Number(this.page.find("wording").value);
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

const isAsked = ({ asks }, step) => asks !== undefined && Number.isFinite(step[asks].data[0]);
