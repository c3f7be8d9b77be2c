// Elements from plain strings: text becomes text nodes, so nothing from an article is ever markup.

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

// The API counts code points, JavaScript UTF-16 units; an emoji is one of the former and two of the latter.
export function unitOffset(text, codePoints) {
  let units = 0;
  for (let i = 0; i < codePoints && units < text.length; i += 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return units;
}

export const codePoints = (text) => [...text].length;

// The code points of `text` from `start` to `end`.
export function slice(text, start, end) {
  const from = unitOffset(text, start);
  return text.slice(from, from + unitOffset(text.slice(from), end - start));
}

// `text` cut where a range begins or ends; `ranges` are {start, end, kind} in code points and may overlap.
// What lies in an "answer" is marked, and what lies in a "quote" is set off.
export function marked(text, ranges) {
  const cuts = [...new Set([0, codePoints(text), ...ranges.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => {
    const start = cuts[i];
    const kinds = ranges.filter((range) => range.start <= start && end <= range.end).map(({ kind }) => kind);
    const piece = slice(text, start, end);
    if (kinds.includes("answer")) return element("mark", { className: kinds.includes("target") ? "target" : "" }, piece);
    return kinds.includes("quote") ? element("span", { className: "quoted" }, piece) : piece;
  });
}

export const isWebAddress = (url) => /^https?:\/\//i.test(url ?? "");

// The address of a page of another site, opened at a quotation where the browser can (URL fragment text directives).
export function atText(url, quote) {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  const encoded = (part) => encodeURIComponent(part.join(" ")).replace(/-/g, "%2D");
  const directive = words.length > 12 ? `${encoded(words.slice(0, 5))},${encoded(words.slice(-5))}` : encoded(words);
  return words.length === 0 ? url : `${url}${url.includes("#") ? "" : "#"}:~:text=${directive}`;
}

export const articlePath = (id) => `/articles/${id.split("/").map(encodeURIComponent).join("/")}`;

export function announce(text) {
  byId("announcement").textContent = text;
}

const PATHS = {
  up: "M7 21H4V10h3m0 11V10l4-8c1.5 0 2.5 1 2.5 2.5L12.5 9H18a2 2 0 0 1 2 2.4l-1.5 8a2 2 0 0 1-2 1.6z",
  down: "M17 3h3v11h-3m0-11v11l-4 8c-1.5 0-2.5-1-2.5-2.5L11.5 15H6a2 2 0 0 1-2-2.4l1.5-8a2 2 0 0 1 2-1.6z",
  copy: "M9 9h11v12H9zM15 9V3H4v12h5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  close: "M5 5l14 14M19 5L5 19",
  before: "M6 15l6-6 6 6",
  after: "M6 9l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
