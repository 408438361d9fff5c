// Requests to the server that the page came from, and to no other.

const TRIES = 4;
let key = kept("key", sessionStorage);

export class Failure extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }

  get needsKey() {
    return this.status === 401 || this.status === 403;
  }
}

/** Read what was kept in this browser; nothing where that is not allowed. */
export function kept(name, store = localStorage) {
  try {
    return store.getItem(`translator.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value, store = localStorage) {
  try {
    store.setItem(`translator.${name}`, value);
  } catch {
    // without a store it lasts as long as the page
  }
}

export function useKey(given) {
  key = given;
  keep("key", given, sessionStorage);
}

export async function get(path) {
  return (await request(path, {})).json();
}

export async function post(path, body, signal) {
  return (await request(path, sent(body, signal))).json();
}

/** Yield the server-sent events of an answer as [name, data]. */
export async function* events(path, body, signal) {
  const response = await request(path, sent(body, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const fields = Object.fromEntries(part.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      yield [fields.event, JSON.parse(fields.data)];
    }
  }
}

function sent(body, signal) {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
}

async function request(path, options) {
  const headers = { ...options.headers, ...(key && { authorization: `Bearer ${key}` }) };
  for (let tried = 1; ; tried++) {
    let response;
    try {
      response = await fetch(path, { ...options, headers, cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Failure(0, "The server does not answer. Is it still running?");
    }
    if (response.ok) return response;
    if ((response.status === 429 || response.status === 503) && tried < TRIES) {
      await pause(1000 * Number(response.headers.get("retry-after") ?? 1), options.signal);
      continue;
    }
    let text = `The server answers with an error (${response.status}).`;
    try {
      text = (await response.json()).error;
    } catch {
      // it was not ours: the number says it
    }
    throw new Failure(response.status, text);
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
