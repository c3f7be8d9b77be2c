// Puts the chat box into a page of another site, where this script stands:
//
//   <script src="https://archiv.example/embed.js" data-lang="de" async></script>
//
// The box is a frame of the service, which lets only the origins in QA_ALLOWED_ORIGINS show it.

(() => {
  const LEAST_PX = 240;
  const MOST_PX = 20_000;
  const TITLES = { de: "Nachrichtenarchiv fragen", en: "Ask the news archive" };

  const script = document.currentScript;
  const { lang } = script.dataset;
  const address = new URL("/?embedded=1", script.src);
  if (lang) address.searchParams.set("lang", lang);

  const frame = document.createElement("iframe");
  frame.title = script.dataset.title ?? TITLES[lang] ?? TITLES.de;
  frame.allow = "clipboard-write";
  Object.assign(frame.style, { display: "block", width: "100%", height: "30rem", border: "0" });
  frame.addEventListener("load", () => frame.contentWindow.postMessage({ type: "qa:hello" }, address.origin));
  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== address.origin || source !== frame.contentWindow || data?.type !== "qa:height") return;
    if (Number.isFinite(data.height)) frame.style.height = `${Math.min(Math.max(data.height, LEAST_PX), MOST_PX)}px`;
  });
  frame.src = address.href;
  script.after(frame);
})();
