// Every German string that the scripts show.

export const EXAMPLES = ["Welche Länder hat Putin besucht?"];

export const TEXTS = {
  searching: "Das Archiv wird durchsucht …",
  reading: (count) => `${count} Textstellen gefunden, sie werden gelesen …`,
  understood: "Verstanden als:",
  sources: "Quellen",
  noAnswer: "Keine Antwort gefunden",
  nearest: "Die nächstliegenden Textstellen",
  openArticle: "Im Artikel lesen",
  openPassage: "Textstelle im Artikel lesen",
  original: "Original",
  noDate: "ohne Datum",
  copies: (count) => (count === 1 ? "Eine gleichlautende Meldung" : `${count} gleichlautende Meldungen`),
  moreSources: (count) => (count === 1 ? "Eine weitere Quelle zeigen" : `${count} weitere Quellen zeigen`),
  disagreement: "Die Quellen widersprechen sich.",
  incomplete: "Weitere Treffer sind möglich.",
  passagesRead: (count) => (count === 1 ? "1 Textstelle gelesen" : `${count} Textstellen gelesen`),
  took: (ms) => ms < 100 ? "unter 0,1 s" : `${(ms / 1000).toLocaleString("de-DE", { maximumFractionDigits: 1 })} s`,
  stock: (articles) => (articles === 1 ? "1 Artikel" : `${articles.toLocaleString("de-DE")} Artikel`),
  notReady: "Das Archiv ist gerade nicht bereit.",
  answered: "Antwort:",
};

export const REASONS = {
  no_relevant_passage: "Im Archiv steht nichts, was zu dieser Frage passt.",
  low_confidence: "Die gefundenen Stellen belegen keine Antwort sicher genug.",
  outside_filters: "In den gewählten Quellen und Zeiträumen steht nichts dazu.",
  not_a_question: "Das ist keine Frage, die sich aus Artikeln beantworten lässt.",
  index_empty: "Das Archiv ist noch leer.",
};

const ERRORS = {
  413: "Die Frage ist zu lang.",
  422: "Diese Frage kann so nicht gestellt werden. Sie darf höchstens 1.000 Zeichen lang sein.",
  429: "Gerade fragen zu viele gleichzeitig. Bitte versuchen Sie es gleich noch einmal.",
  503: "Das Archiv ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.",
};

export const errorText = (status) =>
  status === 0
    ? "Der Server ist nicht erreichbar. Ihre Frage steht wieder im Eingabefeld."
    : (ERRORS[status] ?? "Auf dem Server ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.");

export function confidenceWords(value) {
  if (value >= 0.8) return "sehr sicher";
  if (value >= 0.6) return "ziemlich sicher";
  return value >= 0.4 ? "eher unsicher" : "unsicher";
}

export function supportWords({ articles, independent_sources: independent }) {
  if (articles === 1) return "1 Artikel";
  if (independent === 1) return `${articles} Artikel, eine Quelle`;
  return independent === articles ? `${articles} unabhängige Quellen` : `${articles} Artikel, ${independent} unabhängige Quellen`;
}

// Dates may lack day or month ("2024-06"); what is missing is left out.
export function dateWords(iso) {
  if (!iso) return TEXTS.noDate;
  const [year, month, day] = iso.split("-");
  const form = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }), timeZone: "UTC" };
  return new Intl.DateTimeFormat("de-DE", form).format(Date.UTC(+year, +(month ?? 1) - 1, +(day ?? 1)));
}
