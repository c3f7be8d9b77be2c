// Which articles may answer: period and sources, chosen in two panels, shown as chips that take them back.

import { getJson } from "./api.js";
import { byId, element, icon } from "./dom.js";
import { dateWords, say } from "./texts.js";

const DAY_MS = 86_400_000;
const SOURCES_SHOWN = 8;
const from = byId("from");
const to = byId("to");
let sources = [];

export function filters() {
  return { published_from: from.value || null, published_to: to.value || null, sources: [...sources] };
}

export function restore({ published_from: first, published_to: last, sources: names } = {}) {
  from.value = first ?? "";
  to.value = last ?? "";
  sources = [...(names ?? [])];
  draw();
}

export function listen() {
  sources = [...document.querySelectorAll("#source-list input:checked")].map((box) => box.value);
  for (const field of [from, to]) field.addEventListener("change", draw);
  byId("presets").append(...presets().map(([text, first, last]) => preset(text, first, last)));
  byId("source-add").addEventListener("click", addTyped);
  byId("source-other").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    addTyped();
  });
  for (const panel of document.querySelectorAll("details.panel")) closeElsewhere(panel);
  draw();
}

function presets() {
  const now = new Date();
  const day = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const before = (days) => day(new Date(now.getTime() - days * DAY_MS));
  const year = now.getFullYear();
  return [
    [say("last_days", { n: 7 }), before(7), ""],
    [say("last_days", { n: 30 }), before(30), ""],
    [say("this_year"), `${year}-01-01`, ""],
    [say("last_year"), `${year - 1}-01-01`, `${year - 1}-12-31`],
  ];
}

function preset(text, first, last) {
  const choose = () => {
    from.value = first;
    to.value = last;
    draw();
  };
  return element("button", { type: "button", className: "small", onclick: choose }, text);
}

// The panel of the menu closes by Escape and by a click elsewhere.
export function closeElsewhere(panel) {
  document.addEventListener("click", (event) => {
    if (!panel.contains(event.target) && event.target.isConnected) panel.open = false;
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open) return;
    event.stopPropagation();
    panel.open = false;
    panel.querySelector("summary").focus();
  });
  panel.addEventListener("toggle", () => panel.open && panel.id === "source-panel" && loadSources());
}

async function loadSources() {
  try {
    known = (await getJson("/sources")).sources.map(({ name }) => name);
  } catch {
    return; // the field for another source still works
  }
  byId("source-names").replaceChildren(...known.map((value) => element("option", { value })));
  drawSources();
}
let known = [...document.querySelectorAll("#source-list input")].map((box) => box.value);

function addTyped() {
  const name = byId("source-other").value.trim();
  if (name !== "" && !sources.includes(name)) sources.push(name);
  byId("source-other").value = "";
  draw();
}

function toggle(name) {
  sources = sources.includes(name) ? sources.filter((other) => other !== name) : [...sources, name];
  draw();
}

function drawSources() {
  const names = [...new Set([...sources, ...known.slice(0, SOURCES_SHOWN)])].sort((a, b) => a.localeCompare(b));
  const focused = document.activeElement?.closest?.("#source-list") ? document.activeElement.value : null;
  const items = names.map((name) => {
    const box = element("input", { type: "checkbox", name: "source", value: name, checked: sources.includes(name) });
    box.addEventListener("change", () => toggle(name));
    return element("label", {}, box, name);
  });
  byId("source-list").replaceChildren(...items);
  if (focused !== null) byId("source-list").querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
}

export const inOrder = () => !from.value || !to.value || from.value <= to.value;

function draw() {
  drawSources();
  byId("period-wrong").hidden = inOrder();
  const period = periodWords();
  const chips = [
    period && chip(period, () => restore({ sources })),
    ...sources.map((name) => chip(name, () => toggle(name))),
  ];
  byId("chosen").replaceChildren(...chips.filter(Boolean));
}

function periodWords() {
  const [first, last] = [from.value && dateWords(from.value), to.value && dateWords(to.value)];
  if (first && last) return say("between", { from: first, to: last });
  if (first) return say("since", { day: first });
  return last ? say("until", { day: last }) : null;
}

function chip(name, takeBack) {
  const drop = () => {
    takeBack();
    byId("question").focus();
  };
  return element("button", { type: "button", className: "small chosen", "aria-label": say("filter_remove", { name }), onclick: drop }, name, icon("close"));
}
