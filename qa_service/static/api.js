// The one place that talks to the server.

export class ApiError extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status; // 0: no connection, or it broke off
  }
}

// Ask; `onPassages` is called as soon as passages are found. Resolves with the answer.
export async function ask(body, onPassages) {
  let answer = null;
  try {
    const response = await fetch("/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new ApiError(response.status);
    for await (const { name, data } of events(response.body)) {
      if (name === "passages") onPassages(data.passages);
      if (name === "answer") answer = data;
      if (name === "error") throw new ApiError(data.status);
    }
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0);
  }
  if (answer === null) throw new ApiError(0);
  return answer;
}

export async function ready() {
  const response = await fetch("/ready", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new ApiError(response.status);
  return response.json();
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
