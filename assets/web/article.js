// A lesson as an article: a player for each step, and its task with what is said to an answer.
"use strict";

const lesson = JSON.parse(document.getElementById("facts").textContent);
const players = lesson.steps.map(({ player, start }, at) => {
  const home = document.getElementById(`player-${at}`), root = home.attachShadow({ mode: "open" });
  root.append(document.getElementById("player").content.cloneNode(true));
  const { facts, program } = lesson.players[player];
  return new Page(root, { ...facts, start }, programs[program]);
});

const LOOK_AGAIN = "Look again, or take the hint.";
const notRight = (typed) => `${numberText(typed)} is not right.`;
const FIRST_NUMBERS = "The graph holds other numbers now, and this is asked of the first ones: “Back to the first values” below the graph brings them back.";

class LessonTask {
  constructor(at, facts) {
    Object.assign(this, { facts, player: players[at], done: false });
    const home = document.getElementById(`task-${at}`);
    this.reply = home.querySelector(".reply");
    this.heading = home.querySelector("h3");
    home.querySelector("form")?.addEventListener("submit", (event) => { event.preventDefault(); this.check(home.querySelector("input")); });
    home.querySelectorAll(".option button").forEach((button, number) => button.addEventListener("click", () => this.choose(number)));
    if (facts.position !== undefined) this.player.moved = () => this.follow();
  }

  get numbers() {
    return numbersOf(this.player);
  }

  said(parts) {
    return saidOf(parts, this.numbers);
  }

  // What follows from a right answer: of other numbers not how the first came about.
  get told() {
    const { told, worked } = this.facts;
    return [this.said(told), this.player.changed ? "" : worked ?? ""];
  }

  say(sentences, isDone) {
    this.reply.textContent = sentences.filter(Boolean).join(" ");
    this.reply.className = `reply ${isDone ? "done" : "wrong"}`;
    this.done ||= isDone;
    if (isDone) this.heading.textContent = "Done";
  }

  choose(number) {
    const { right, reply } = this.facts.options[number];
    this.say([right ? "Right." : "No.", this.said(reply), ...(right ? this.told : [])], right);
  }

  // --- what is typed

  check(field) {
    const { value } = field, { right, shape: axes, live } = this.facts;
    field.select();
    if (this.player.changed && live === undefined) return this.say([FIRST_NUMBERS], false);
    if (axes || typeof right === "string") {
      const read = (value.match(/\d+/g) ?? []).map(Number);
      const isRight = axes ? same(read, axes) : value.trim().toLowerCase() === right;
      return isRight ? this.say(["Right.", ...this.told], true) : this.say([`${value || "Nothing"} is not right. ${LOOK_AGAIN}`], false);
    }
    const typed = readSum(value) ?? readNumber(value), number = live === undefined ? right : oneOf(sums[live](this.numbers));
    if (typed === null) return this.say(["Type a number, such as −1.5, 1/3 or 2*3 + 1."], false);
    return isRight(typed, number) ? this.say(["Right.", ...this.told], true) : this.say(this.mistake(value, typed, number), false);
  }

  // What the lesson says to this wrong number.
  mistake(given, typed, right) {
    const { when = [], predicted } = this.facts, { numbers } = this;
    if (predicted) return this.predicted(given, typed, right, predicted);
    const told = when.find(([sum]) => sum !== null && isRight(typed, oneOf(sums[sum](numbers))));
    if (!told && isShort(given, typed, right)) return [closeText(typed)];
    return [notRight(typed), told ? this.said(told[1]) : LOOK_AGAIN];
  }

  // Of each mistake that fits the lesson's own words where it has some, and of the others then only what they are called;
  // and what a push really does: engine/teach/lessons/tasks.py.
  predicted(given, typed, right, told) {
    const { own, step, push } = told, found = [...candidatesAt(this.player.recorded, step, told, typed)];
    if (!found.length && isShort(given, typed, right)) return [closeText(typed)];
    const ownWords = found.filter(([mistake]) => own[mistake]).map(([mistake, { title }]) => `${title}. ${this.said(own[mistake])}`);
    const others = found.filter(([mistake]) => !own[mistake]).map(([, each]) => each);
    const more = others.map(({ title }) => title[0].toLowerCase() + title.slice(1)).join(", ");
    const says = ownWords.length ? [...ownWords, more && `It also fits: ${more}.`] : others.map(({ title, sentence }) => `${title}. ${sentence}`);
    const said = [...says, push ? this.pushed(push, typed) : ""].filter(Boolean);
    return [notRight(typed), ...(said.length ? said : [LOOK_AGAIN])];
  }

  // A leaf is pushed a little, and the target says how far it really goes.
  pushed({ says, by, noise, does, would, leaf, target, name, goal }, typed) {
    const { numbers } = this, pushed = numbers.elsewhere([[leaf, oneOf(this.player.held[leaf]) + by]]);
    const rise = oneOf(pushed.value(target)) - oneOf(numbers.value(target));
    const moved = (ways, by) => filledIn(ways[by > 0 ? 0 : by < 0 ? 1 : 2], { by: numberText(Math.abs(by), 3) });
    const words = { push: by, name, goal, does: moved(does, Math.abs(rise) > noise ? rise : 0), answer: numberText(typed), do: moved(would, typed * by) };
    return Number.isFinite(rise) ? filledIn(says, words) : "";
  }

  // --- what is done to the graph

  // Numbers were changed: is the goal reached?
  judge() {
    const { goal, when } = this.facts, { numbers } = this;
    if (goal === undefined) return undefined;
    const strange = this.strange();
    if (!this.player.changed) return this.say([], this.done);
    if (strange) return this.say([strange], false);
    if (sums[goal](numbers)) return this.say(["Done.", this.said(this.facts.told)], true);
    const found = when.find(([condition]) => sums[condition](numbers));
    return this.say(found ? [this.said(found[1])] : [], false);
  }

  // Which leaf was changed that is not to be.
  strange() {
    const { may } = this.facts, { held, facts } = this.player;
    const other = may.length ? facts.leaves.findIndex((leaf, i) => !may.includes(leaf.id) && !isNear(held[i], unpacked(leaf))) : -1;
    return other < 0 ? "" : `Only ${may.join(" and ")} may change here; ${facts.leaves[other].name} held ${valueText(unpacked(facts.leaves[other]))}.`;
  }

  follow() {
    if (!this.done && this.player.position >= this.facts.position) this.say(["Done.", this.said(this.facts.told)], true);
  }
}

lesson.steps.forEach(({ task }, at) => {
  const judge = task && new LessonTask(at, task), section = new LiveSection(document.getElementById(`step-${at}`), players[at]);
  players[at].heard = () => { section.renew(); judge?.judge(); };
});

function turnArticle(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("theme").textContent = name === "dark" ? "Light" : "Dark";
  document.getElementById("theme").setAttribute("aria-label", `Turn ${name === "dark" ? "light" : "dark"}`);
}

const systemDark = matchMedia("(prefers-color-scheme: dark)");
turnArticle(systemDark.matches ? "dark" : "light");
systemDark.addEventListener("change", () => turnArticle(systemDark.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () => turnArticle(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
