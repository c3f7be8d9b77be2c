// Places in an article: written into addresses (#840-849/812-990,1020-1033), read from them, and marked.
//
// Each place is an answer's code points, with its sentence after the slash where that is known. The first
// place is the one that was clicked; the others are further citations of the same reply.

import { codePoints, marked } from "./dom.js";

const BLANK_LINE = "\n\n";

export function address(link, citations) {
  const place = ({ start, end, quote_start: from, quote_end: to }) =>
    `${start}-${end}${from === undefined ? "" : `/${from}-${to}`}`;
  return `${link.split("#")[0]}#${[...new Set(citations.map(place))].join(",")}`;
}

export function places(hash) {
  const found = decodeURIComponent(hash.slice(1)).matchAll(/(\d+)-(\d+)(?:\/(\d+)-(\d+))?/g);
  return [...found]
    .map((match) => match.slice(1).map((digits) => (digits === undefined ? null : Number(digits))))
    .filter(([start, end]) => start < end)
    .map(([start, end, from, to]) => ({ start, end, quote: from !== null && from < to ? [from, to] : null }));
}

// A stored text as paragraphs, each with its first code point.
export function paragraphs(text) {
  let start = 0;
  return text.split(BLANK_LINE).map((piece) => {
    const paragraph = { start, text: piece };
    start += codePoints(piece) + BLANK_LINE.length;
    return paragraph;
  });
}

// Fill paragraph elements with their text, the places marked. Returns one mark for each place, in reading order.
export function fill(nodes, parts, found) {
  const ranges = found.flatMap(({ start, end, quote }, i) => [
    { start, end, kind: "answer" },
    ...(i === 0 ? [{ start, end, kind: "target" }] : []),
    ...(quote ? [{ start: quote[0], end: quote[1], kind: "quote" }] : []),
  ]);
  nodes.forEach((node, i) => node.replaceChildren(...marked(parts[i].text, inside(ranges, parts[i]))));
  return nodes.flatMap((node) => [...node.querySelectorAll("mark")]);
}

function inside(ranges, { start: first, text }) {
  const length = codePoints(text);
  return ranges
    .map(({ start, end, kind }) => ({ start: Math.max(0, start - first), end: Math.min(length, end - first), kind }))
    .filter(({ start, end }) => start < end);
}

export const bringIntoView = (marks) =>
  (marks.find((mark) => mark.classList.contains("target")) ?? marks[0])?.scrollIntoView({ block: "center" });
