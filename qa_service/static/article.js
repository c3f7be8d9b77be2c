// The page of one article: marks the places named in its address.

import { bringIntoView, fill, places } from "./places.js";

const nodes = [...document.querySelectorAll("[data-start]")];
const parts = nodes.map((node) => ({ start: Number(node.dataset.start), text: node.textContent }));

function show() {
  bringIntoView(fill(nodes, parts, places(location.hash)));
}

addEventListener("hashchange", show);
show();
