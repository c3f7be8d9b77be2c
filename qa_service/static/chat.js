// The conversation: what is asked, what is shown, and the turns that are sent along.

import { actionsView } from "./actions.js";
import { answerView, passageList } from "./answer.js";
import { ask, getJson } from "./api.js";
import * as box from "./box.js";
import * as conversations from "./conversations.js";
import { announce, byId, element, icon } from "./dom.js";
import * as filters from "./filters.js";
import * as reading from "./reading.js";
import { errorText, examples, language, say } from "./texts.js";

const TURNS_SENT = 6;
const ANSWER_CHARS = 2000; // of an earlier answer sent along
const PASSAGES_SHOWN = 4; // while reading goes on

const embedded = document.body.classList.contains("embedded"); // in a frame of another site

let conversation = conversations.begun();
let asking = null; // the AbortController of the question being answered

async function send(question) {
  if (!filters.inOrder()) return byId("period-panel").setAttribute("open", "");
  const chosen = filters.filters();
  const { turn, progress } = begin(question);
  asking = new AbortController();
  busy(true);
  try {
    const body = { question, history: sentTurns(), filters: chosen };
    const reply = await ask(body, { signal: asking.signal, onPassages: (found) => showPassages(progress, found) });
    keep({ question, reply, filters: chosen });
    progress.replaceWith(answerView(reply), actionsView(reply, chosen));
    announce(reply.status === "answered" ? `${say("answer")} ${reply.answer}` : say("no_answer"));
  } catch (error) {
    failed(turn, progress, question, error);
  }
  asking = null;
  conversations.keepDraft(box.typed());
  busy(false);
  turn.scrollIntoView({ block: "start" });
  box.focus();
}

function begin(question) {
  const progress = element("div", { className: "waiting" }, element("p", { className: "progress" }, say("searching")));
  const turn = turnView(question, progress);
  showTurns();
  byId("turns").append(turn);
  box.remember(question);
  box.write("");
  conversations.keepDraft(question); // until there is an answer
  announce(say("searching"));
  turn.scrollIntoView({ block: "start" });
  return { turn, progress };
}

const turnView = (question, ...children) => element("article", { className: "turn" }, element("h2", {}, question), ...children);

function showPassages(progress, found) {
  const text = element("p", { className: "progress" }, say("reading", { n: found.length }));
  progress.replaceChildren(text, found.length > 0 ? passageList(found.slice(0, PASSAGES_SHOWN)) : "");
}

// What was found stays on screen, and what was asked goes back into the box.
function failed(turn, progress, question, error) {
  const stopped = error.name === "AbortError";
  const again = element("button", { type: "button", className: "small" }, say("again"));
  again.addEventListener("click", () => {
    if (asking !== null) return;
    turn.remove();
    box.write("");
    send(question);
  });
  const text = stopped ? say("stopped") : errorText(error.status ?? 500);
  progress.querySelector(".progress")?.replaceWith(
    element("div", { className: stopped ? "problem mild" : "problem", role: "alert" }, element("p", {}, text), error.status === 401 ? element("a", { href: "/anmelden" }, say("login")) : again),
  );
  box.giveBack(question);
}

function sentTurns() {
  const turns = conversation.turns.slice(-TURNS_SENT);
  return turns.map(({ question, reply }) => ({ question, answer: [...reply.answer].slice(0, ANSWER_CHARS).join("") }));
}

function keep(turn) {
  conversation.turns.push(turn);
  conversations.save(conversation);
  if (conversation.turns.length > 1 && location.search.includes("q=")) history.replaceState(null, "", home());
  drawRecent();
}

const home = () => {
  const given = [...new URLSearchParams(location.search)];
  const kept = new URLSearchParams(given.filter(([name]) => name === "lang" || name === "embedded"));
  return kept.size > 0 ? `/?${kept}` : "/";
};

function busy(is) {
  byId("send").hidden = is;
  byId("stop").hidden = !is;
}

function startOver() {
  asking?.abort();
  reading.close();
  conversations.leave();
  conversation = conversations.begun();
  byId("turns").replaceChildren();
  byId("welcome").hidden = false;
  byId("new").hidden = true;
  history.replaceState(null, "", home());
  announce("");
  box.focus();
}

function showTurns() {
  byId("welcome").hidden = true;
  byId("new").hidden = false;
}

function open(kept) {
  asking?.abort();
  conversation = kept;
  showTurns();
  byId("turns").replaceChildren(
    ...kept.turns.map(({ question, reply, filters: chosen }) => turnView(question, answerView(reply), actionsView(reply, chosen))),
  );
  box.startWith(kept.turns.map(({ question }) => question));
  byId("turns").lastElementChild?.scrollIntoView({ block: "start" });
}

function drawRecent() {
  const kept = conversations.all();
  const items = kept.map((each) => element("li", {}, recentButton(each), removeButton(each)));
  byId("recent").replaceChildren(...items);
  byId("recent-none").hidden = kept.length > 0;
  byId("recent-clear").hidden = kept.length === 0;
}

function recentButton(kept) {
  const choose = () => {
    byId("menu").open = false;
    conversations.save(kept);
    open(kept);
    box.focus();
  };
  return element("button", { type: "button", className: "plain", onclick: choose }, kept.turns[0].question);
}

function removeButton({ id, turns: [{ question }] }) {
  const drop = () => {
    conversations.remove(id);
    drawRecent();
    byId("menu").querySelector("summary").focus();
  };
  return element("button", { type: "button", className: "plain", "aria-label": say("recent_remove", { question }), onclick: drop }, icon("close"));
}

async function showState() {
  try {
    byId("state").textContent = say("stock", { n: (await getJson("/ready")).index.articles });
  } catch {
    byId("state").textContent = say("not_ready");
  }
}

// The page may come with an answer already (a permalink); else this tab's conversation goes on.
function begun() {
  const given = byId("reply");
  if (given !== null) {
    const { reply, filters: chosen } = JSON.parse(given.textContent);
    box.write("");
    open({ ...conversations.begun(), turns: [{ question: reply.question, reply, filters: chosen }] });
    conversations.save(conversation);
  } else if (byId("turns").childElementCount === 0 && conversations.current() !== null) {
    open(conversations.current());
  }
}

box.listen(send, () => asking !== null);
filters.listen();
filters.closeElsewhere(byId("menu"));
if (!embedded) reading.listen(); // the pane needs a window; in a frame articles open in one of their own
byId("new").addEventListener("click", startOver);
byId("stop").addEventListener("click", () => asking?.abort());
byId("recent-clear").addEventListener("click", () => {
  conversations.all().forEach(({ id }) => conversations.remove(id));
  drawRecent();
});
byId("examples").append(
  ...examples.map((text) => element("li", {}, element("button", { type: "button", lang: "de", onclick: () => send(text) }, text))),
);
document.documentElement.lang = language;
begun();
drawRecent();
showState();
if (!embedded) box.focus(); // the page around has its own focus
