// The one place that talks to the server.

export class ApiError extends Error {
  constructor(status, detail = `HTTP ${status}`) {
    super(detail);
    this.status = status; // 0: no connection, or it broke off
  }
}

// Ask; `onPassages` is called as soon as passages are found. Resolves with the answer.
// Aborting `signal` rejects with an AbortError.
export async function ask(body, { onPassages, signal }) {
  let answer = null;
  try {
    const response = await send("/ask", { method: "POST", body, accept: "text/event-stream", signal });
    for await (const { name, data } of events(response.body)) {
      if (name === "passages") onPassages(data.passages);
      if (name === "answer") answer = data;
      if (name === "error") throw new ApiError(data.status);
    }
  } catch (error) {
    throw error instanceof ApiError || error.name === "AbortError" ? error : new ApiError(0);
  }
  if (answer === null) throw new ApiError(0);
  return answer;
}

export const getJson = async (path) => (await send(path)).json();
export const postJson = async (path, body) => (await send(path, { method: "POST", body })).json();
export const remove = (path) => send(path, { method: "DELETE" });

// Upload a form with progress: `onSent` gets the share sent, 0 to 1. Resolves with the reply's JSON.
export function upload(path, form, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far an upload is
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => onSent(total ? loaded / total : 0));
    request.addEventListener("error", () => reject(new ApiError(0)));
    request.addEventListener("load", () => {
      if (request.status < 400) resolve(JSON.parse(request.responseText));
      else reject(new ApiError(request.status, detailOf(request.responseText)));
    });
    request.send(form);
  });
}

async function send(path, { method = "GET", body, accept = "application/json", signal } = {}) {
  const headers = { Accept: accept, ...(body !== undefined && { "Content-Type": "application/json" }) };
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    throw error.name === "AbortError" ? error : new ApiError(0);
  }
  if (!response.ok) throw new ApiError(response.status, detailOf(await response.text()));
  return response;
}

function detailOf(text) {
  try {
    const problem = JSON.parse(text);
    return [problem.detail, ...(problem.errors ?? []).map(({ detail }) => detail)].join(" ");
  } catch {
    return text.slice(0, 200);
  }
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (name) yield { name, data: JSON.parse(data) };
    }
  }
}
