// Elements from plain strings: text becomes text nodes, so nothing from an article is ever markup.

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// The API counts code points, JavaScript UTF-16 units; an emoji is one of the former and two of the latter.
export function unitOffset(text, codePoints) {
  let units = 0;
  for (let i = 0; i < codePoints && units < text.length; i += 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return units;
}

// `text` with the code points from `start` to `end` marked; `ranges` are sorted and apart.
export function marked(text, ranges) {
  const pieces = [];
  let done = 0;
  for (const [start, end] of ranges) {
    const [from, to] = [unitOffset(text, start), unitOffset(text, end)];
    pieces.push(text.slice(done, from), element("mark", {}, text.slice(from, to)));
    done = to;
  }
  return [...pieces, text.slice(done)];
}

export const isWebAddress = (url) => /^https?:\/\//i.test(url ?? "");
