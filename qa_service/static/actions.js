// What can be done with an answer: copy it with its sources, link to its question, say whether it is right.

import { postJson } from "./api.js";
import { announce, element, icon } from "./dom.js";
import { dateWords, say } from "./texts.js";

const REASONS = ["wrong", "incomplete", "outdated", "quote", "other"];
const MOST_COMMENT = 2000;

export function actionsView(reply, filters) {
  const answered = reply.status === "answered";
  const link = element("a", { className: "action", href: permalink(reply, filters) }, icon("link"), say("copy_link"));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    copy(link.href, link);
  });
  return element(
    "div",
    { className: "actions" },
    answered && [copyButton("copy_text", () => plain(reply)), copyButton("copy_markdown", () => markdown(reply))],
    link,
    feedbackView(reply),
  );
}

export function permalink({ standalone_question: question }, filters = {}) {
  const query = new URLSearchParams({ q: question });
  if (filters.published_from) query.set("from", filters.published_from);
  if (filters.published_to) query.set("to", filters.published_to);
  (filters.sources ?? []).forEach((name) => query.append("source", name));
  return new URL(`/?${query}`, location).href;
}

function copyButton(key, text) {
  const button = element("button", { type: "button", className: "action" }, icon("copy"), say(key));
  button.addEventListener("click", () => copy(text(), button));
  return button;
}

async function copy(text, button) {
  const done = (await toClipboard(text)) ? say("copied") : say("copy_failed");
  const label = button.lastChild;
  const before = label.textContent;
  label.textContent = done;
  announce(done);
  setTimeout(() => {
    label.textContent = before;
  }, 1500);
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text); // without HTTPS there is no clipboard object
  }
}

function copyOld(text) {
  const area = element("textarea", { value: text, className: "unseen" });
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

const citations = (reply) => reply.answers.flatMap((answer) => answer.citations);
const where = ({ title, source, published }) => [title, source, dateWords(published)].filter(Boolean).join(", ");
const oneLine = (text) => text.trim().replace(/\s+/g, " ");
const absolute = ({ url, link }) => (/^https?:\/\//i.test(url ?? "") ? url : new URL(link, location).href);

export function plain(reply) {
  const sources = citations(reply).map((each) => `[${each.number}] „${oneLine(each.quote)}“\n    ${where(each)}\n    ${absolute(each)}`);
  return [`${say("copy_question")}: ${reply.standalone_question}`, `${say("copy_answer")}: ${reply.answer}`, "", ...sources].join("\n");
}

export function markdown(reply) {
  const sources = citations(reply).map(
    (each) => `${each.number}. > ${escaped(oneLine(each.quote))}\n\n   [${escaped(where(each))}](<${absolute(each).replace(/[<>\s]/g, encodeURIComponent)}>)`,
  );
  return [`**${escaped(oneLine(reply.standalone_question))}**`, "", escaped(reply.answer), "", sources.join("\n\n")].join("\n");
}

const escaped = (text) => text.replace(/[\\`*_[\]<>#|~]/g, "\\$&");

function feedbackView(reply) {
  const row = element("div", { className: "feedback", role: "group", "aria-label": say("feedback") });
  const rate = (rating, extra) => {
    const body = { answer_id: reply.id, question: reply.question, standalone_question: reply.standalone_question, rating, answers: given(reply), ...extra };
    return send(body, row);
  };
  const up = element("button", { type: "button", className: "action" }, icon("up"), say("helpful"));
  const down = element("button", { type: "button", className: "action", "aria-expanded": "false" }, icon("down"), say("not_helpful"));
  up.addEventListener("click", () => rate("right", {}));
  down.addEventListener("click", () => {
    const open = row.querySelector("form");
    if (open) open.remove();
    else row.append(whyForm((extra) => rate("wrong", extra)));
    down.setAttribute("aria-expanded", String(!open));
    row.querySelector("input")?.focus();
  });
  row.append(up, down);
  return row;
}

function whyForm(send) {
  const group = `why-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const choices = REASONS.map((value, i) =>
    element("label", {}, element("input", { type: "radio", name: group, value, checked: i === 0 }), say(`why_${value}`)),
  );
  const comment = element("input", { type: "text", maxLength: MOST_COMMENT, "aria-label": say("feedback_comment"), placeholder: say("feedback_comment") });
  const form = element(
    "form",
    { className: "why" },
    element("fieldset", {}, element("legend", {}, say("feedback_why")), ...choices),
    comment,
    element("button", { type: "submit", className: "small" }, say("feedback_send")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ reason: form.querySelector("input:checked").value, comment: comment.value.trim() });
  });
  return form;
}

async function send(body, row) {
  row.querySelector(".problem")?.remove();
  try {
    await postJson("/feedback", body);
    row.replaceChildren(element("span", { className: "thanks" }, say("feedback_thanks")));
    announce(say("feedback_thanks"));
  } catch {
    row.append(element("p", { className: "problem", role: "alert" }, say("feedback_failed")));
  }
}

const given = (reply) =>
  reply.answers.map(({ text, citations: [first] }) => ({ text, article_id: first.article_id, start: first.start, end: first.end }));
