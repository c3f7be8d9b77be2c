// The conversation: what is asked, what is shown, and the turns that are sent along.

import { answerView } from "./answer.js";
import { ask, ready } from "./api.js";
import { element } from "./dom.js";
import { EXAMPLES, TEXTS, errorText } from "./texts.js";

const TURNS_SENT = 6;

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const box = byId("question");
let history = [];
let asked = []; // questions typed, oldest first, for the arrow keys
let recalled = null;

async function send(question) {
  const turn = element("article", { className: "turn" }, element("h2", {}, question));
  const progress = element("p", { className: "progress" }, TEXTS.searching);
  turn.append(progress);
  begin(turn, question);
  try {
    const reply = await ask({ question, history: history.slice(-TURNS_SENT) }, (passages) => {
      progress.textContent = TEXTS.reading(passages.length);
    });
    progress.replaceWith(answerView(reply));
    history.push({ question, answer: reply.answer });
    announce(reply.status === "answered" ? `${TEXTS.answered} ${reply.answer}` : TEXTS.noAnswer);
  } catch (error) {
    progress.replaceWith(element("p", { className: "problem", role: "alert" }, errorText(error.status ?? 500)));
    if (box.value === "") box.value = question;
  }
  end(turn);
}

function begin(turn, question) {
  byId("welcome").hidden = true;
  byId("new").hidden = false;
  byId("turns").append(turn);
  byId("send").disabled = true;
  asked.push(question);
  recalled = null;
  box.value = "";
  resize();
  turn.scrollIntoView({ block: "start" });
}

function end(turn) {
  byId("send").disabled = false;
  resize();
  turn.scrollIntoView({ block: "start" });
  box.focus();
}

function startOver() {
  history = [];
  byId("turns").replaceChildren();
  byId("welcome").hidden = false;
  byId("new").hidden = true;
  announce("");
  box.focus();
}

function recall(step) {
  recalled = Math.max(0, Math.min(asked.length, (recalled ?? asked.length) + step));
  box.value = asked[recalled] ?? "";
  resize();
}

function resize() {
  box.rows = Math.min(6, Math.max(1, box.value.split("\n").length, Math.ceil(box.value.length / 70)));
}

function announce(text) {
  byId("announcement").textContent = text;
}

async function showState() {
  try {
    byId("state").textContent = TEXTS.stock((await ready()).index.articles);
  } catch {
    byId("state").textContent = TEXTS.notReady;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (question !== "" && !byId("send").disabled) send(question);
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
  const empty = box.value === "" || recalled !== null;
  if (empty && (event.key === "ArrowUp" || event.key === "ArrowDown") && asked.length > 0) {
    event.preventDefault();
    recall(event.key === "ArrowUp" ? -1 : 1);
  }
});

box.addEventListener("input", () => {
  recalled = null;
  resize();
});

byId("new").addEventListener("click", startOver);
byId("examples").append(
  ...EXAMPLES.map((text) => {
    const button = element("button", { type: "button" }, text);
    button.addEventListener("click", () => send(text));
    return element("li", {}, button);
  }),
);
showState();
box.focus();
