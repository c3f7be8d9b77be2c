// The question box: Enter sends, the arrow keys bring earlier questions back, a paste too long is told.

import { draft, keepDraft } from "./conversations.js";
import { announce, byId, codePoints } from "./dom.js";
import { say } from "./texts.js";

export const MOST_CHARS = 1000;
const TOLD_FROM = 900; // characters from which the rest is counted down

const form = byId("ask");
const box = byId("question");
const limit = byId("limit");
let asked = []; // questions typed, oldest first
let recalled = null;

// Call `send` with each question; `busy` tells whether one is being answered.
export function listen(send, busy) {
  box.removeAttribute("maxlength"); // the browser would cut a paste without a word
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (question !== "" && !tooLong() && !busy()) send(question);
  });
  box.addEventListener("keydown", onKey);
  box.addEventListener("input", () => {
    recalled = null;
    changed();
  });
  if (box.value === "") box.value = draft();
  changed();
}

export const typed = () => box.value;
export const focus = () => box.focus({ preventScroll: true });

export function remember(question) {
  asked.push(question);
  recalled = null;
}

export function startWith(questions) {
  asked = [...questions];
  recalled = null;
}

// Put a question back that could not be answered, unless another is being typed.
export function giveBack(question) {
  if (box.value === "") write(question);
}

export function write(text) {
  box.value = text;
  changed();
}

function onKey(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
  const recalling = box.value === "" || recalled !== null;
  if (recalling && asked.length > 0 && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const step = event.key === "ArrowUp" ? -1 : 1;
    recalled = Math.max(0, Math.min(asked.length, (recalled ?? asked.length) + step));
    write(asked[recalled] ?? "");
  }
}

function tooLong() {
  return codePoints(box.value.trim()) > MOST_CHARS;
}

function changed() {
  keepDraft(box.value);
  const n = codePoints(box.value.trim());
  const over = n > MOST_CHARS;
  const text = over ? say("too_long", { n, most: MOST_CHARS }) : n >= TOLD_FROM ? say("left", { n: MOST_CHARS - n }) : "";
  if (over && !limit.classList.contains("over")) announce(text);
  limit.textContent = text;
  limit.classList.toggle("over", over);
  box.setAttribute("aria-invalid", String(over));
  byId("send").disabled = over;
  box.style.height = "auto"; // set by script, which the policy allows; an attribute it would not
  box.style.height = `${box.scrollHeight + 2}px`;
}
