// What people said about answers, and the questions that found none.

import { getJson } from "./api.js";
import { pager } from "./articles.js";
import { byId, element } from "./dom.js";
import { dateWords, errorText, reasonText, say } from "./texts.js";

const SHOWN = 20;
let offset = 0;

export function listen() {
  byId("rating").addEventListener("change", () => {
    offset = 0;
    const rating = byId("rating").value && `&rating=${byId("rating").value}`;
    byId("csv").href = `/feedback?format=csv${rating}`;
    byId("squad").href = `/feedback?format=squad${rating}`;
    draw();
  });
  draw();
}

async function draw() {
  const query = new URLSearchParams({ offset, limit: SHOWN });
  if (byId("rating").value) query.set("rating", byId("rating").value);
  try {
    const page = await getJson(`/feedback?${query}`);
    const items = page.entries.map(row);
    byId("entries").replaceChildren(...(items.length > 0 ? items : [element("li", {}, element("span", {}, say("manage_questions_none")))]));
    byId("entries-pages").replaceChildren(
      ...pager(page, (to) => {
        offset = to;
        draw();
      }),
    );
  } catch (error) {
    byId("entries").replaceChildren(element("li", { className: "problem", role: "alert" }, errorText(error.status)));
  }
}

function row(entry) {
  const given = entry.answers.map((answer, i) => [i > 0 && ", ", element("a", { href: answer.link }, answer.text || say("nearest"))]);
  const why = entry.rating === "unanswered" ? reasonText(entry.reason) : entry.reason && say(`why_${entry.reason}`);
  const facts = [dateWords(entry.at.slice(0, 10)), entry.times > 1 && say("manage_times", { n: entry.times }), why].filter(Boolean);
  return element(
    "li",
    {},
    element(
      "div",
      {},
      element("a", { className: "name", href: `/?q=${encodeURIComponent(entry.standalone_question)}` }, entry.standalone_question),
      element("span", { className: "facts" }, facts.join(" · ")),
      entry.comment && element("span", { className: "facts" }, `„${entry.comment}“`),
      given.length > 0 && element("span", { className: "facts" }, ...given),
    ),
    element("span", { className: `badge ${entry.rating}` }, say(`rating_${entry.rating}`)),
  );
}
