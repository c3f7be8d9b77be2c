// Marks the places named in the address (#840-849,1020-1033: code points of the stored text).

import { marked } from "./dom.js";

const paragraphs = [...document.querySelectorAll("[data-start]")].map((node) => ({
  node,
  start: Number(node.dataset.start),
  text: node.textContent,
  length: [...node.textContent].length,
}));

function places() {
  const found = decodeURIComponent(location.hash.slice(1)).matchAll(/(\d+)-(\d+)/g);
  const sorted = [...found].map(([, start, end]) => [Number(start), Number(end)]).sort((a, b) => a[0] - b[0]);
  return sorted.filter(([start, end], i) => start < end && (i === 0 || start >= sorted[i - 1][1]));
}

function show() {
  const ranges = places();
  for (const { node, start, text, length } of paragraphs) {
    const inside = ranges
      .map(([from, to]) => [Math.max(0, from - start), Math.min(length, to - start)])
      .filter(([from, to]) => from < to);
    node.replaceChildren(...marked(text, inside));
  }
  document.querySelector("mark")?.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", show);
show();
