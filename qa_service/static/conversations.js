// The last conversations, kept in this browser only, each under a key of its own so that two tabs do not
// overwrite one another. This tab's conversation survives a reload and the way back from an article.

const PREFIX = "gespraech-1:";
const CURRENT = "gespraech";
const DRAFT = "entwurf";
const KEPT = 15;
const local = storage("localStorage");
const session = storage("sessionStorage");

export function save(conversation) {
  session.setItem(CURRENT, conversation.id);
  const text = JSON.stringify({ ...conversation, at: Date.now() });
  for (;;) {
    try {
      local.setItem(PREFIX + conversation.id, text);
      break;
    } catch {
      const oldest = all().findLast(({ id }) => id !== conversation.id);
      if (oldest === undefined) return; // no room at all: the conversation lives on in this page
      remove(oldest.id);
    }
  }
  all().slice(KEPT).forEach(({ id }) => remove(id));
}

// Newest first.
export function all() {
  const keys = Object.keys(local).filter((key) => key.startsWith(PREFIX));
  const found = keys.map(read).filter((conversation) => conversation !== null);
  return found.sort((a, b) => b.at - a.at);
}

export const current = () => {
  const id = session.getItem(CURRENT);
  return id === null ? null : read(PREFIX + id);
};

// What is typed or being answered in this tab, for a reload and the way back.
export const draft = () => session.getItem(DRAFT) ?? "";
export function keepDraft(text) {
  try {
    session.setItem(DRAFT, text);
  } catch {
    // no room: it lives on in this page
  }
}

export const leave = () => session.removeItem(CURRENT);
export const remove = (id) => local.removeItem(PREFIX + id);
export const begun = () => ({ id: crypto.getRandomValues(new Uint32Array(2)).join("-"), turns: [] });

function read(key) {
  try {
    const conversation = JSON.parse(local.getItem(key));
    return Array.isArray(conversation?.turns) && conversation.turns.length > 0 ? conversation : null;
  } catch {
    return null;
  }
}

// A browser may refuse storage to a frame of another site; then nothing is kept beyond this page.
function storage(name) {
  try {
    return window[name];
  } catch {
    const memory = {};
    const hidden = (value) => ({ value, enumerable: false });
    return Object.defineProperties(memory, {
      getItem: hidden((key) => memory[key] ?? null),
      setItem: hidden((key, value) => (memory[key] = value)),
      removeItem: hidden((key) => delete memory[key]),
    });
  }
}
