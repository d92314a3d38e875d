// A lesson as an article: a player for each step, and its task with what is said to an answer.
"use strict";

const lesson = JSON.parse(document.getElementById("facts").textContent);
const players = lesson.steps.map(({ player, start }, at) => {
  const home = document.getElementById(`player-${at}`), root = home.attachShadow({ mode: "open" });
  root.append(document.getElementById("player").content.cloneNode(true));
  const { facts, program } = lesson.players[player];
  return new Page(root, { ...facts, start }, programs[program]);
});

class LessonTask {
  constructor(at, { kind, right, shape: axes, told, wrong, options, goal }) {
    Object.assign(this, { kind, right, axes, told, wrong, options, player: players[at] });
    const home = document.getElementById(`task-${at}`);
    this.reply = home.querySelector(".reply");
    this.heading = home.querySelector("h3");
    home.querySelector("form")?.addEventListener("submit", (event) => { event.preventDefault(); this.check(home.querySelector("input")); });
    home.querySelectorAll(".option button").forEach((button, number) => button.addEventListener("click", () => this.choose(number)));
    if (goal) this.player.heard = () => { if (goals[goal](this.player)) this.say(["Done.", ...told], true); };
  }

  say(sentences, isDone) {
    this.reply.textContent = sentences.join(" ");
    this.reply.className = `reply ${isDone ? "done" : "wrong"}`;
    if (isDone) this.heading.textContent = "Done";
  }

  choose(number) {
    const { right, reply } = this.options[number];
    this.say([right ? "Right." : "No.", ...reply], right);
  }

  check(field) {
    const { value } = field;
    field.select();
    if (this.axes) {
      const read = (value.match(/\d+/g) ?? []).map(Number);
      if (read.length === this.axes.length && read.every((n, i) => n === this.axes[i])) return this.say(["Right.", ...this.told], true);
      return this.say([`${value || "Nothing"} is not right. Look again, or take the hint.`], false);
    }
    if (typeof this.right === "string") {
      if (value.trim().toLowerCase() === this.right) return this.say(["Right.", ...this.told], true);
      return this.say([`${value || "Nothing"} is not right. Look again, or take the hint.`], false);
    }
    const typed = readSum(value) ?? readNumber(value);
    if (typed === null) return this.say(["Type a number, such as −1.5, 1/3 or 2*3 + 1."], false);
    if (isRight(typed, this.right)) return this.say(["Right.", ...this.told], true);
    const known = this.wrong.find(([number]) => isRight(typed, number));
    return this.say([`${numberText(typed)} is not right.`, ...(known ? known[1] : ["Look again, or take the hint."])], false);
  }
}

lesson.steps.forEach(({ task }, at) => task && new LessonTask(at, task));

function turnArticle(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("theme").textContent = name === "dark" ? "Light" : "Dark";
  document.getElementById("theme").setAttribute("aria-label", `Turn ${name === "dark" ? "light" : "dark"}`);
}

const systemDark = matchMedia("(prefers-color-scheme: dark)");
turnArticle(systemDark.matches ? "dark" : "light");
systemDark.addEventListener("change", () => turnArticle(systemDark.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () => turnArticle(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
