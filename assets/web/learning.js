// The phases of the timeline, and one step of learning behind both passes: it is told, taken, and made at another rate.
"use strict";

class Learning {
  constructor(page) {
    this.page = page;
    const { story } = page.facts;
    this.button = page.find("learn");
    this.button.hidden = !story;
    this.button.addEventListener("click", () => this.tell(!page.learns));
    this.field = page.find("rate");
    this.field.addEventListener("input", () => this.read());
    this.field.addEventListener("change", () => {
      page.refuse(this.field, readNumber(this.field.value) > 0, "a learning rate above 0");
      this.fill();
    });
    page.find("keep").addEventListener("click", () => this.keep());
    page.find("keep").hidden = story?.optimiser !== "sgd"; // others go on from what they keep
    this.fill();
    this.showPhases();
  }

  // From the update on, or back to where both passes end.
  tell(on) {
    const { page } = this;
    if (on && page.prediction.on) page.prediction.turn(false);
    this.turn(on);
    page.seek(page.passes.length);
    if (on) page.play();
  }

  turn(on) {
    const { page } = this, { facts } = page;
    if (on && !facts.story) return;
    page.pause();
    page.learns = on;
    facts.steps = on ? [...page.passes, ...facts.story.steps] : page.passes;
    page.course = null;
    page.run();
    page.find("timeline").max = page.end;
    page.position = Math.min(page.position, page.end);
    this.button.setAttribute("aria-pressed", on);
    page.find("rates").hidden = !on;
    this.showPhases();
    page.renew();
  }

  // Hold what the step has led to: the next one begins there.
  keep() {
    const { page } = this, after = new Map(page.steps.filter((step) => step.kind === "update").map((step) => [step.slot, step.after]));
    page.holdAll(page.held.map((value, i) => after.get(page.facts.leaves[i].slot) ?? value));
    page.fillFields();
    page.seek(page.passes.length);
    page.play();
  }

  // --- its rate

  read() {
    const typed = readNumber(this.field.value), fits = typed !== null && typed > 0;
    this.field.setAttribute("aria-invalid", !fits);
    if (fits) this.page.holdAll(this.page.held, typed);
  }

  fill() {
    this.field.value = this.page.rate === null ? "" : exactText(this.page.rate);
    this.field.setAttribute("aria-invalid", false);
  }

  // --- its phases

  get phases() {
    const { page } = this, { backward, story } = page.facts, passes = page.passes.length;
    const found = [["forward", 0], ["backward", backward]];
    return (page.learns ? [...found, ["update", passes], ["forward again", story.again]] : found).filter(([, start]) => start < page.end);
  }

  showPhases() {
    const home = this.page.find("phases"), { phases } = this;
    home.replaceChildren();
    home.hidden = phases.length < 2;
    this.shown = phases.map(([name, start], i) => {
      const button = made("button", { type: "button", className: `phase ${name.split(" ")[0]}`, textContent: name, title: `To the beginning: ${name}` }, home);
      button.style.flexGrow = (phases[i + 1]?.[1] ?? this.page.end) - start;
      button.addEventListener("click", () => this.page.seek(start));
      return [button, start];
    });
  }

  mark(index) {
    const at = this.shown.findLastIndex(([, start]) => start <= index);
    this.shown.forEach(([button], i) => (i === at ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
  }
}
