// An answer of the API as elements.

import { articlePath, atText, element, isWebAddress, marked } from "./dom.js";
import { address } from "./places.js";
import { confidenceWords, dateWords, reasonText, say, seconds, supportWords } from "./texts.js";

const LONG_CHARS = 140; // beyond this an answer is set smaller
// Citations of one answer that are open, before "weitere Quellen"; fewer where there are many answers.
const citationsShown = (answers) => (answers > 3 ? 1 : answers > 1 ? 2 : 3);
let evidenceCount = 0;

export function answerView(reply) {
  const understood =
    reply.standalone_question !== reply.question &&
    element("p", { className: "understood" }, `${say("understood")} `, element("q", {}, reply.standalone_question));
  const body = reply.status === "answered" ? foundView(reply) : nothingView(reply);
  return element("div", { className: "answer" }, understood, ...body);
}

function foundView(reply) {
  const { answers } = reply;
  const several = answers.length > 1;
  const differ = answers.some((answer) => answer.disagrees_with.length > 0);
  const evidence = answers.map((answer) => evidenceView(answer, { several, differ, all: answers.flatMap((each) => each.citations) }));
  return [
    element("p", { className: reply.answer.length > LONG_CHARS ? "sentence long" : "sentence" }, reply.answer),
    differ && element("p", { className: "disagreement" }, say("disagreement")),
    !several && certainty(answers[0]),
    several && !differ && element("ul", { className: "chips" }, ...answers.map((answer, i) => chip(answer, evidence[i].id))),
    !differ && element("h3", {}, say("sources")),
    differ ? element("div", { className: "versus" }, ...evidence) : evidence,
    element("p", { className: "coverage" }, coverage(reply)),
  ];
}

function chip(answer, evidenceId) {
  const link = element(
    "a",
    { className: `chip ${level(answer.confidence)}`, href: `#${evidenceId}` },
    element("strong", {}, answer.text),
    element("span", { className: "sure" }, confidenceWords(answer.confidence)),
    element("span", {}, supportWords(answer.support)),
  );
  return element("li", {}, link);
}

// How sure, in words; the number on demand.
function certainty(answer) {
  const percent = Math.round(answer.confidence * 100);
  return element(
    "details",
    { className: `certainty ${level(answer.confidence)}` },
    element("summary", {}, element("span", { className: "sure" }, confidenceWords(answer.confidence)), element("span", {}, ` · ${supportWords(answer.support)}`)),
    element("p", {}, element("strong", {}, say("probability", { percent })), ` ${say("probability_long", { percent })}`),
  );
}

function evidenceView(answer, { several, differ, all: cited }) {
  const open = citationsShown(several ? 4 : 1) + (differ ? 1 : 0);
  const all = answer.citations.map((citation) => source(citation, cited));
  const more = all.slice(open);
  const head = differ
    ? [element("h3", { className: "claim" }, answer.text), element("p", { className: "when" }, dates(answer)), certainty(answer)]
    : several && [element("h4", {}, answer.text), certainty(answer)];
  return element(
    "section",
    { className: "evidence", id: `beleg-${(evidenceCount += 1)}`, "aria-label": answer.text, tabIndex: -1 },
    head,
    element("ol", { className: "sources" }, ...all.slice(0, open)),
    more.length > 0 &&
      element("details", {}, element("summary", {}, say("more_sources", { n: more.length })), element("ol", { className: "sources" }, ...more)),
  );
}

function dates({ first_published: first, last_published: last }) {
  return first === last ? dateWords(first) : `${dateWords(first)} – ${dateWords(last)}`;
}

// The link leads to this place first, and marks every other citation of the reply in the same article.
function source(citation, cited) {
  const { quote, quote_start: first, start, end } = citation;
  const same = cited.filter((other) => other !== citation && other.article_id === citation.article_id);
  return element(
    "li",
    { value: citation.number },
    element("blockquote", {}, ...marked(quote, [{ start: start - first, end: end - first, kind: "answer" }])),
    citation.note && element("p", { className: "note" }, citation.note),
    origin(citation, address(citation.link, [citation, ...same]), say("read"), quote),
    citation.duplicates.length > 0 && copies(citation.duplicates),
  );
}

function copies(ids) {
  const links = ids.map((id) => element("li", {}, element("a", { href: articlePath(id), "data-article": "" }, id)));
  return element("details", {}, element("summary", {}, say("copies", { n: ids.length })), element("ul", {}, ...links));
}

function origin({ title, source: publisher, author, published, url }, href, linkText, quote) {
  const facts = [publisher, author, dateWords(published)].filter(Boolean).join(" · ");
  return element(
    "div",
    { className: "origin" },
    element("cite", {}, title),
    element("span", { className: "facts" }, facts),
    element("a", { href, "data-article": "", "aria-label": `${linkText}: ${title}` }, linkText),
    isWebAddress(url) &&
      element("a", { href: atText(url, quote), target: "_blank", rel: "noopener noreferrer", "aria-label": `${say("original")}: ${title}` }, say("original")),
  );
}

function nothingView(reply) {
  return [
    element("p", { className: "sentence none" }, say("no_answer")),
    element("p", {}, reasonText(reply.no_answer_reason, reply.question_language)),
    reply.passages.length > 0 && [element("h3", {}, say("nearest")), passageList(reply.passages)],
  ];
}

// What was found, before and instead of an answer.
export function passageList(found) {
  const items = found.map((passage) =>
    element(
      "li",
      {},
      element("blockquote", { className: "passage" }, passage.text),
      origin(passage, address(passage.link, [passage]), say("read_passage"), passage.text),
    ),
  );
  return element("ul", { className: "sources plainly" }, ...items);
}

function coverage({ coverage: { passages_read: n, may_be_incomplete: more }, timings_ms: { total } }) {
  return [say("passages_read", { n }), seconds(total), more && say("incomplete")].filter(Boolean).join(" · ");
}

const level = (confidence) => (confidence >= 0.8 ? "high" : confidence >= 0.6 ? "good" : "low");
