// An answer of the API as elements.

import { element, isWebAddress, marked } from "./dom.js";
import { REASONS, TEXTS, confidenceWords, dateWords, supportWords } from "./texts.js";

// Citations of one answer that are open, before "weitere Quellen"; fewer where there are many answers.
const citationsShown = (answers) => (answers > 3 ? 1 : 3);
let evidenceCount = 0;

export function answerView(reply) {
  const understood =
    reply.standalone_question !== reply.question &&
    element("p", { className: "understood" }, `${TEXTS.understood} `, element("q", {}, reply.standalone_question));
  const body = reply.status === "answered" ? foundView(reply) : nothingView(reply);
  return element("div", { className: "answer" }, understood, ...body);
}

function foundView(reply) {
  const disagree = reply.answers.some((answer) => answer.disagrees_with.length > 0);
  const several = reply.answers.length > 1;
  const evidence = reply.answers.map((answer) => sources(answer, several, citationsShown(reply.answers.length)));
  return [
    element("p", { className: "sentence" }, reply.answer),
    disagree && element("p", { className: "disagreement" }, TEXTS.disagreement),
    several ? element("ul", { className: "chips" }, ...reply.answers.map((answer, i) => chip(answer, evidence[i].id))) : certainty(reply.answers[0]),
    element("h3", {}, TEXTS.sources),
    ...evidence,
    element("p", { className: "coverage" }, coverage(reply)),
  ];
}

function chip(answer, evidenceId) {
  const link = element(
    "a",
    { className: `chip ${level(answer.confidence)}`, href: `#${evidenceId}` },
    element("strong", {}, answer.text),
    element("span", { title: percent(answer.confidence) }, confidenceWords(answer.confidence)),
    element("span", {}, supportWords(answer.support)),
  );
  return element("li", {}, link);
}

function certainty(answer) {
  return element(
    "p",
    { className: `certainty ${level(answer.confidence)}` },
    element("span", { title: percent(answer.confidence) }, confidenceWords(answer.confidence)),
    ` · ${supportWords(answer.support)}`,
  );
}

function sources(answer, several, open) {
  const shown = answer.citations.slice(0, open).map(source);
  const more = answer.citations.slice(open).map(source);
  return element(
    "section",
    { className: "evidence", id: `beleg-${(evidenceCount += 1)}` },
    several && element("h4", {}, answer.text),
    element("ol", { className: "sources" }, ...shown),
    more.length > 0 &&
      element(
        "details",
        {},
        element("summary", {}, TEXTS.moreSources(more.length)),
        element("ol", { className: "sources" }, ...more),
      ),
  );
}

function source(citation) {
  const { quote, quote_start: first, start, end } = citation;
  return element(
    "li",
    { value: citation.number },
    element("blockquote", {}, ...marked(quote, [[start - first, end - first]])),
    citation.note && element("p", { className: "note" }, citation.note),
    origin(citation, TEXTS.openArticle),
    citation.duplicates.length > 0 && copies(citation.duplicates),
  );
}

function copies(ids) {
  const links = ids.map((id) =>
    element("li", {}, element("a", { href: articlePath(id), target: "_blank", rel: "noopener" }, id)),
  );
  return element("details", {}, element("summary", {}, TEXTS.copies(ids.length)), element("ul", {}, ...links));
}

function origin({ title, source: publisher, author, published, url, link }, linkText) {
  const facts = [publisher, author, dateWords(published)].filter(Boolean).join(" · ");
  return element(
    "p",
    { className: "origin" },
    element("cite", {}, title),
    element("span", { className: "facts" }, facts),
    element("a", { href: link, target: "_blank", rel: "noopener" }, linkText),
    isWebAddress(url) && element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, TEXTS.original),
  );
}

function nothingView(reply) {
  return [
    element("p", { className: "sentence none" }, TEXTS.noAnswer),
    element("p", {}, REASONS[reply.no_answer_reason] ?? ""),
    ...(reply.passages.length > 0 ? [element("h3", {}, TEXTS.nearest), passages(reply.passages)] : []),
  ];
}

function passages(found) {
  const items = found.map((passage) =>
    element("li", {}, element("blockquote", { className: "passage" }, passage.text), origin(passage, TEXTS.openPassage)),
  );
  return element("ul", { className: "sources plain" }, ...items);
}

function coverage({ coverage: { passages_read: read, may_be_incomplete: more }, timings_ms: { total } }) {
  return [TEXTS.passagesRead(read), TEXTS.took(total), more && TEXTS.incomplete].filter(Boolean).join(" · ");
}

const articlePath = (id) => `/articles/${id.split("/").map(encodeURIComponent).join("/")}`;
const percent = (confidence) => `${Math.round(confidence * 100)} %`;
const level = (confidence) => (confidence >= 0.8 ? "high" : confidence >= 0.6 ? "good" : "low");
