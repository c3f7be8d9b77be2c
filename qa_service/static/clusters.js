// Clusters of near-copies: which articles are copies of which, the earliest on top.

import { pager } from "./articles.js";
import { getJson } from "./api.js";
import { byId, element } from "./dom.js";
import { dateWords, errorText, say } from "./texts.js";

const SHOWN = 10;
let offset = 0;
let drawn = 0; // counts drawings, so that a slow reply does not replace a later one

export async function draw() {
  const number = (drawn += 1);
  try {
    const page = await getJson(`/copies?${new URLSearchParams({ offset, limit: SHOWN })}`);
    if (number !== drawn) return;
    const items = page.clusters.map(row);
    byId("clusters").replaceChildren(...(items.length > 0 ? items : [element("li", {}, element("span", {}, say("manage_copies_none")))]));
    byId("clusters-pages").replaceChildren(...pager(page, turn));
  } catch (error) {
    byId("clusters").replaceChildren(element("li", { className: "problem", role: "alert" }, errorText(error.status)));
  }
}

function turn(to) {
  offset = to;
  draw();
}

function row({ articles: [first, ...copies], total }) {
  const more = total - 1 - copies.length;
  return element(
    "li",
    {},
    element(
      "div",
      {},
      element("a", { className: "name", href: first.link }, first.title),
      element("span", { className: "facts" }, [first.source, dateWords(first.published), say("manage_first")].filter(Boolean).join(" · ")),
      element("ul", { className: "members" }, ...copies.map(member), more > 0 && element("li", { className: "soft" }, say("manage_copies_more", { n: more }))),
    ),
    element("span", { className: "badge" }, say("manage_copies_count", { n: total })),
  );
}

function member(article) {
  const facts = [article.source, dateWords(article.published)].filter(Boolean).join(" · ");
  return element("li", {}, element("a", { href: article.link }, article.title), element("span", { className: "facts" }, facts));
}
