// The last conversations, kept in this browser only, each under a key of its own so that two tabs do not
// overwrite one another. This tab's conversation survives a reload and the way back from an article.

const PREFIX = "gespraech-1:";
const CURRENT = "gespraech";
const KEPT = 15;

export function save(conversation) {
  sessionStorage.setItem(CURRENT, conversation.id);
  const text = JSON.stringify({ ...conversation, at: Date.now() });
  for (;;) {
    try {
      localStorage.setItem(PREFIX + conversation.id, text);
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
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const found = keys.map(read).filter((conversation) => conversation !== null);
  return found.sort((a, b) => b.at - a.at);
}

export const current = () => {
  const id = sessionStorage.getItem(CURRENT);
  return id === null ? null : read(PREFIX + id);
};

export const leave = () => sessionStorage.removeItem(CURRENT);
export const remove = (id) => localStorage.removeItem(PREFIX + id);
export const begun = () => ({ id: crypto.getRandomValues(new Uint32Array(2)).join("-"), turns: [] });

function read(key) {
  try {
    const conversation = JSON.parse(localStorage.getItem(key));
    return Array.isArray(conversation?.turns) && conversation.turns.length > 0 ? conversation : null;
  } catch {
    return null;
  }
}
