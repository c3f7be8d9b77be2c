// Uploading by drag and drop or by choice, with progress; what was rejected is told file by file.

import { getJson, upload } from "./api.js";
import { announce, byId, element } from "./dom.js";
import { errorText, say } from "./texts.js";

const MOST_FILES = 500; // in one request
const ASK_AGAIN_MS = 700;
const ENDED = ["done", "failed"];

// `changed` is called when articles were stored.
export function listen(changed) {
  const drop = byId("drop");
  const start = (files) => files.length > 0 && send([...files], changed);
  byId("files").addEventListener("change", () => {
    start(byId("files").files);
    byId("files").value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") start(event.dataTransfer.files);
    });
  }
}

async function send(files, changed) {
  for (let first = 0; first < files.length; first += MOST_FILES) {
    await sendSome(files.slice(first, first + MOST_FILES), changed);
  }
}

async function sendSome(files, changed) {
  const bar = element("progress", { max: 2, value: 0, "aria-label": say("manage_upload") });
  const text = element("p", { className: "soft" }, say("manage_progress", { done: 0, total: files.length }));
  const box = element("div", { className: "upload" }, bar, text);
  byId("uploads").prepend(box);
  const form = new FormData();
  files.forEach((file) => form.append("files", file, file.name));
  try {
    let reply = await upload("/articles", form, (share) => {
      bar.value = share; // the first half; the second is what the server does
    });
    while (reply.link?.startsWith("/jobs/") && !ENDED.includes(reply.state)) {
      bar.value = 1 + reply.files_done / Math.max(1, reply.files);
      text.textContent = say("manage_progress", { done: reply.files_done, total: reply.files });
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      reply = await getJson(reply.link);
    }
    showResult(box, reply);
  } catch (error) {
    box.replaceChildren(element("p", { className: "problem", role: "alert" }, say("manage_failed", { detail: error.status ? error.message : errorText(0) })));
  }
  changed();
}

function showResult(box, reply) {
  const { added, changed, unchanged, rejected } = reply;
  const summary = say("manage_uploaded", { added, changed, unchanged, rejected });
  const bad = reply.rejections ?? reply.articles.filter(({ outcome }) => outcome === "rejected");
  const items = bad.map(({ where, reason }) => element("li", {}, element("strong", {}, where), ` ${reason}`));
  box.replaceChildren(
    element("p", {}, summary),
    reply.error ? element("p", { className: "problem", role: "alert" }, say("manage_failed", { detail: reply.error })) : "",
    items.length > 0 ? element("ul", { className: "problem" }, ...items) : "",
  );
  announce(summary);
}
