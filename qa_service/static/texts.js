// What the page says; the server puts the words of one language into the page (static/texts/*.json).

const entries = JSON.parse(document.getElementById("texts").textContent);
export const language = entries.language;

// One text with its blanks filled; `n` also chooses singular or plural.
export function say(key, values = {}) {
  const entry = entries[key];
  const text = typeof entry === "object" ? (values.n === 1 ? entry.one : entry.other) : entry;
  return text.replace(/\{(\w+)\}/g, (blank, name) => written(values[name] ?? blank));
}

const written = (value) => (typeof value === "number" ? value.toLocaleString(language) : value);

export const examples = entries.examples_list;
export const reasonText = (reason, asked = "de") => entries.reasons[asked === "de" ? reason : "not_german"] ?? "";
export const errorText = (status) => entries.errors[status] ?? entries.errors[500];

export function confidenceWords(value) {
  if (value >= 0.8) return say("very_sure");
  if (value >= 0.6) return say("fairly_sure");
  return say(value >= 0.4 ? "rather_unsure" : "unsure");
}

export function supportWords({ articles, independent_sources: independent }) {
  if (articles === 1) return say("support_one");
  if (independent === 1) return say("support_same", { articles });
  return say(independent === articles ? "support_all" : "support_some", { articles, independent });
}

// Dates may lack day or month ("2024-06"); what is missing is left out.
export function dateWords(iso) {
  if (!iso) return say("no_date");
  const [year, month, day] = iso.split("-");
  const form = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }), timeZone: "UTC" };
  const locale = language === "en" ? "en-GB" : "de-DE";
  return new Intl.DateTimeFormat(locale, form).format(Date.UTC(+year, +(month ?? 1) - 1, +(day ?? 1)));
}

export function seconds(ms) {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return say("took", { seconds: Math.max(0.1, ms / 1000).toLocaleString(language, digits) });
}
