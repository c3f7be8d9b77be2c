// The list of articles: search, filters, pages, copies, delete with confirmation.

import { getJson, remove } from "./api.js";
import { announce, articlePath, byId, element, isWebAddress } from "./dom.js";
import { dateWords, errorText, say } from "./texts.js";

const SHOWN = 20;
let offset = 0;
let doomed = null; // the article that the dialog asks about
let changed = () => {}; // called when an article was deleted
let drawn = 0; // counts drawings, so that a slow reply does not replace a later one

export function listen(onChange) {
  changed = onChange;
  byId("words").value = new URLSearchParams(location.search).get("q") ?? "";
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    turn(0);
  });
  for (const field of fields()) field.addEventListener("change", () => turn(0));
  byId("by-none").addEventListener("click", () => {
    fields().forEach((field) => (field.value = ""));
    turn(0);
    byId("words").focus();
  });
  byId("sure").addEventListener("close", () => byId("sure").returnValue === "yes" && drop(doomed));
  draw();
}

const fields = () => ["by-source", "by-from", "by-to"].map(byId);

// The publishers to choose among; the one chosen stays.
export async function drawSources() {
  const select = byId("by-source");
  try {
    const { sources } = await getJson("/sources");
    const chosen = select.value;
    const names = sources.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
    select.replaceChildren(select.options[0], ...names.map((value) => element("option", { value }, value)));
    select.value = names.includes(chosen) ? chosen : "";
  } catch {
    // the search by words knows sources too
  }
}

export async function draw() {
  const [source, from, to] = fields().map(({ value }) => value);
  byId("by-none").hidden = !source && !from && !to;
  byId("by-wrong").hidden = !from || !to || from <= to;
  if (!byId("by-wrong").hidden) return;
  const number = (drawn += 1);
  const query = new URLSearchParams({ offset, limit: SHOWN });
  if (byId("words").value.trim()) query.set("q", byId("words").value.trim());
  if (source) query.set("source", source);
  if (from) query.set("published_from", from);
  if (to) query.set("published_to", to);
  try {
    const page = await getJson(`/articles?${query}`);
    if (number !== drawn) return;
    if (page.articles.length === 0 && offset > 0) {
      offset = Math.max(0, offset - SHOWN);
      await draw();
      return;
    }
    const items = page.articles.map(row);
    byId("articles").replaceChildren(...(items.length > 0 ? items : [element("li", {}, element("span", {}, say("manage_none")))]));
    byId("articles-pages").replaceChildren(...pager(page, (to) => turn(to)));
  } catch (error) {
    byId("articles").replaceChildren(element("li", { className: "problem", role: "alert" }, errorText(error.status)));
  }
}

function turn(to) {
  offset = to;
  draw();
}

// Buttons for the pages of a list, and where one is.
export function pager({ offset: first, limit, total }, go) {
  if (total === 0) return [];
  const last = Math.min(first + limit, total);
  const button = (key, to, off) => element("button", { type: "button", className: "small", disabled: off, onclick: () => go(to) }, say(key));
  return [
    element("span", { className: "soft" }, say("manage_range", { from: first + 1, to: last, total })),
    total > limit && button("manage_previous", Math.max(0, first - limit), first === 0),
    total > limit && button("manage_next", last, last >= total),
  ].filter(Boolean);
}

function row(article) {
  const facts = [article.source, article.author, article.agency, dateWords(article.published), article.id].filter(Boolean);
  const copies = element("span", { className: "soft" });
  const opened = element("details", { className: "soft" }, element("summary", {}, say("same_text")), copies);
  opened.addEventListener("toggle", () => opened.open && copies.childElementCount === 0 && showCopies(article, copies));
  return element(
    "li",
    {},
    element(
      "div",
      {},
      element("a", { className: "name", href: article.link }, article.title),
      element("span", { className: "facts" }, facts.join(" · ")),
      opened,
    ),
    isWebAddress(article.url) && element("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, say("original")),
    element(
      "button",
      { type: "button", className: "small danger", "aria-label": say("manage_delete_named", { title: article.title }), onclick: () => sure(article) },
      say("manage_delete"),
    ),
  );
}

async function showCopies({ link }, list) {
  try {
    const { duplicates } = await getJson(link);
    const links = duplicates.map((id) => element("a", { href: articlePath(id) }, `${id} `));
    list.replaceChildren(...(links.length > 0 ? links : [element("span", {}, "–")]));
  } catch (error) {
    list.replaceChildren(element("span", { className: "problem" }, errorText(error.status)));
  }
}

function sure(article) {
  const dialog = byId("sure");
  byId("sure-text").textContent = say("manage_delete_sure", { title: article.title });
  dialog.returnValue = "no";
  doomed = article;
  dialog.showModal();
}

async function drop({ link, title }) {
  try {
    await remove(link);
    announce(say("manage_deleted", { title }));
  } catch (error) {
    byId("articles").prepend(element("li", { className: "problem", role: "alert" }, say("manage_failed", { detail: error.status ? error.message : errorText(0) })));
    return;
  }
  await changed();
  byId("words").focus();
}
