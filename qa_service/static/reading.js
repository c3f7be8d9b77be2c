// Reading beside the conversation: an article in the pane on wide screens, a page of its own on small ones.

import { getJson } from "./api.js";
import { announce, articlePath, atText, byId, element, icon, isWebAddress, slice } from "./dom.js";
import { bringIntoView, fill, paragraphs, places } from "./places.js";
import { dateWords, errorText, say } from "./texts.js";

const WIDE = matchMedia("(min-width: 64rem)");
const pane = byId("reader");
let opener = null; // the link that opened the pane, which gets the focus back
let wanted = 0; // counts openings, so that an article that loads late does not replace a later one

export function listen() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-article]");
    if (!link || !WIDE.matches || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !pane.hidden) close();
  });
}

export function close() {
  wanted += 1;
  pane.hidden = true;
  document.body.classList.remove("beside");
  document.querySelectorAll(".opened").forEach((node) => node.classList.remove("opened"));
  if (opener?.isConnected) opener.focus();
  opener = null;
}

async function open(link) {
  opener = link;
  const number = (wanted += 1);
  document.querySelectorAll(".opened").forEach((node) => node.classList.remove("opened"));
  link.closest("li")?.classList.add("opened");
  pane.hidden = false;
  document.body.classList.add("beside");
  pane.replaceChildren(tools(null, null, []), element("p", { className: "progress" }, say("article_loading")));
  try {
    const article = await getJson(link.pathname);
    if (number === wanted) fillPane(article, link);
  } catch (error) {
    if (number !== wanted) return;
    const text = error.status === 404 ? say("article_gone") : error.status === 0 ? say("article_failed") : errorText(error.status);
    pane.replaceChildren(tools(null, null, []), element("p", { className: "problem", role: "alert" }, text));
  }
}

function fillPane(article, link) {
  const parts = paragraphs(article.text);
  const nodes = parts.map(() => element("p"));
  const found = places(link.hash);
  const marks = fill(nodes, parts, found);
  const title = element("h2", { tabIndex: -1, id: "reader-title" }, article.title);
  pane.replaceChildren(
    tools(link.href, original(article, found[0]), marks),
    element("article", {}, title, facts(article), element("div", { className: "text" }, ...nodes), copies(article)),
  );
  pane.scrollTop = 0;
  title.focus({ preventScroll: true });
  bringIntoView(marks);
  announce(`${say("article")}: ${article.title}`);
}

function original({ url, text }, place) {
  if (!isWebAddress(url)) return null;
  return place ? atText(url, slice(text, ...(place.quote ?? [place.start, place.end]))) : url;
}

function tools(page, originalUrl, marks) {
  const shut = element("button", { type: "button", className: "plain", "aria-label": say("article_close"), title: say("article_close"), onclick: close }, icon("close"));
  return element(
    "div",
    { className: "tools" },
    marks.length > 1 && stepper(marks),
    page && element("a", { href: page, target: "_blank", rel: "noopener" }, say("article_page")),
    originalUrl && element("a", { href: originalUrl, target: "_blank", rel: "noopener noreferrer" }, say("original")),
    shut,
  );
}

function stepper(marks) {
  let current = Math.max(0, marks.findIndex((mark) => mark.classList.contains("target")));
  const label = element("span", { role: "status" });
  const go = (step) => {
    marks[current].classList.remove("target");
    current = (current + step + marks.length) % marks.length;
    marks[current].classList.add("target");
    marks[current].scrollIntoView({ block: "center" });
    label.textContent = say("place", { n: current + 1, of: marks.length });
  };
  label.textContent = say("place", { n: current + 1, of: marks.length });
  const step = (key, name, by) =>
    element("button", { type: "button", className: "plain", "aria-label": say(key), title: say(key), onclick: () => go(by) }, icon(name));
  return element("div", { className: "stepper" }, label, step("place_previous", "before", -1), step("place_next", "after", 1));
}

function facts({ source, author, agency, published }) {
  const parts = [source, author && say("by", { author }), agency, dateWords(published)].filter(Boolean);
  return element("p", { className: "facts" }, ...parts.map((part) => element("span", {}, part)));
}

function copies({ duplicates }) {
  if (duplicates.length === 0) return null;
  const items = duplicates.map((id) => element("li", {}, element("a", { href: articlePath(id), "data-article": "" }, id)));
  return element("aside", { "aria-label": say("same_text") }, element("h3", {}, say("same_text")), element("ul", {}, ...items));
}
