// A file: sent in parts that the server takes, and translated sentence by sentence.

import { Failure, events } from "./api.js";

const LARGEST = 20_000_000;
const byId = (id) => document.getElementById(id);
let stop = null;
let address = null;

/** Cut a text into parts of at most so many characters, at line ends where there are any. */
export function parts(text, most) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    let end = Math.min(at + most, text.length);
    if (end < text.length) {
      const line = text.lastIndexOf("\n", end - 1);
      const space = text.lastIndexOf(" ", end - 1);
      if (line >= at) end = line + 1;
      else if (space >= at) end = space + 1;
      // never between the halves of a character
      else if (/[\uD800-\uDBFF]/.test(text[end - 1]) && end - at > 1) end -= 1;
    }
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

/** Translate a file with its progress shown; `ask` gives its direction, the glossary and the limit. */
export async function translateFile(file, ask) {
  stop?.abort();
  const mine = (stop = new AbortController());
  begin(file.name);
  try {
    const text = await read(file);
    const { source, target } = await ask.directionOf(text, mine.signal);
    const done = [];
    let characters = 0;
    let sentences = 0;
    for (const part of parts(text, ask.limit)) {
      const body = { text: part, source, target, glossary: ask.glossary };
      let whole = false;
      for await (const [name, data] of events("api/stream", body, mine.signal)) {
        if (name === "error") throw new Failure(500, data.error);
        if (name === "end") whole = true;
        if (name !== "sentence") continue;
        const best = data.translations[0]?.text ?? "";
        done.push(best + data.target_space);
        characters += data.source.length + data.space.length;
        sentences += data.source ? 1 : 0;
        show(characters / text.length, sentences, best);
      }
      if (!whole) throw new Failure(0, "The server has broken off. Open the file again to begin anew.");
    }
    finish(file.name, target, done.join(""), sentences);
  } catch (error) {
    if (mine !== stop) return; // another file has taken its place
    fail(error.name === "AbortError" ? "Stopped." : error.message);
    if (!(error instanceof Failure) && error.name !== "AbortError") throw error;
  }
}

async function read(file) {
  if (file.size > LARGEST) throw new Failure(0, "This file is larger than 20 MB: use `translator translate` for it.");
  const bytes = await file.arrayBuffer();
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(0, "This file is no UTF-8 text.");
  }
  if (text.includes("\0")) throw new Failure(0, "This file is no text.");
  if (!text.trim()) throw new Failure(0, "This file is empty.");
  return text;
}

function begin(name) {
  byId("job").hidden = false;
  byId("job-name").textContent = name;
  byId("job-figures").textContent = "0 %";
  byId("job-bar").value = 0;
  byId("job-last").textContent = "";
  byId("job-save").hidden = true;
  byId("job-stop").textContent = "Stop";
  byId("job-stop").onclick = () => {
    if (byId("job-save").hidden && !stop.signal.aborted && byId("job-stop").textContent === "Stop") stop.abort();
    else byId("job").hidden = true;
  };
  if (address) URL.revokeObjectURL(address);
  address = null;
}

function show(share, sentences, last) {
  byId("job-bar").value = share;
  byId("job-figures").textContent = `${Math.floor(100 * share)} %, ${counted(sentences)}`;
  if (last) byId("job-last").textContent = last;
}

function finish(name, target, text, sentences) {
  address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const save = byId("job-save");
  save.href = address;
  const dot = name.lastIndexOf(".");
  save.download = dot > 0 ? `${name.slice(0, dot)}.${target}${name.slice(dot)}` : `${name}.${target}`;
  save.hidden = false;
  byId("job-bar").value = 1;
  byId("job-figures").textContent = counted(sentences);
  byId("job-stop").textContent = "Close";
  byId("status").textContent = `${name} is translated: ${counted(sentences)}.`;
}

function fail(text) {
  byId("job-last").textContent = text;
  byId("job-stop").textContent = "Close";
  byId("status").textContent = text;
}

function counted(number) {
  return `${number.toLocaleString("en")} ${number === 1 ? "sentence" : "sentences"}`;
}
