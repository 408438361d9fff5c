// What is shown: the translation, the copy of the text behind its box, and all below.

import { Failure, post } from "./api.js";
import { best, byId, direction, later, mirror, never, source, state, target, whole } from "./common.js";
import { choices, table } from "./heat.js";
import { doubt, fill, located, spaced } from "./words.js";

const LONG = 400; // characters from which the type is smaller

export function show(text, sentences) {
  state.text = text;
  let begin = 0;
  state.sentences = sentences.map((one) => {
    const made = { ...one, begin, pick: 0, alignment: null, look: null };
    made.translations = one.translations.filter((a, i) => one.translations.findIndex((b) => b.text === a.text) === i);
    begin += one.source.length + one.space.length;
    return made;
  });
  const spoken = state.sentences.filter((one) => one.source);
  state.current = spoken.length === 1 ? state.sentences.indexOf(spoken[0]) : -1;
  state.word = -1;
  draw();
}

export function draw() {
  drawTarget();
  drawMirror();
  drawOthers();
  drawMap();
  drawRemarks();
  const some = whole().trim() !== "";
  byId("copy").disabled = !some;
  document.body.classList.toggle("long", Math.max(source.value.length, whole().length) > LONG);
}

function drawTarget() {
  target.replaceChildren();
  state.sentences.forEach((one, i) => {
    const found = best(one);
    const holder = document.createElement("span");
    holder.dataset.sentence = i;
    one.spans = [];
    if (found) {
      const words = located(found.text, found.words.map((word) => word.text));
      one.places = words ?? spaced(found.text);
      one.spans = fill(holder, found.text, one.places);
      const known = found.words.filter((word) => word.text);
      one.spans.forEach((span, w) => {
        span.dataset.word = w;
        if (!words) return;
        const level = doubt(known[w].log_prob);
        if (level) span.dataset.doubt = level;
        span.title = `${Math.round(100 * Math.exp(known[w].log_prob))} %`;
      });
      if (one.alarms.length && one.pick === 0) holder.classList.add("doubtful");
    }
    target.append(holder, one.target_space);
  });
}

/** Draw the text once more behind the box that it is typed into: there its words can light up. */
export function drawMirror() {
  mirror.replaceChildren();
  const text = source.value;
  mirror.dir = "auto";
  let at = 0;
  for (const [i, one] of state.text === text ? state.sentences.entries() : []) {
    if (!one.look?.usable) continue;
    mirror.append(text.slice(at, one.begin));
    fill(mirror, one.source, one.look.sources).forEach((span, w) => {
      span.dataset.sentence = i;
      span.dataset.word = w;
    });
    at = one.begin + one.source.length;
  }
  // a line break at the end would have no height
  mirror.append(`${text.slice(at)}\u200b`);
}

function drawOthers() {
  const one = state.sentences[state.current];
  const list = byId("others-list");
  list.replaceChildren();
  byId("others").hidden = !one || one.translations.length < 2;
  if (byId("others").hidden) return;
  byId("others-of").textContent = one.source;
  const usual = new Set(best(one).text.split(/\s+/));
  one.translations.forEach((other, i) => {
    if (i === one.pick) return;
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dir = "auto";
    button.lang = byId("to").value;
    const text = document.createElement("span");
    for (const part of other.text.split(/(\s+)/)) {
      if (!part.trim() || usual.has(part)) text.append(part);
      else {
        const mark = document.createElement("mark");
        mark.textContent = part;
        text.append(mark);
      }
    }
    button.append(text);
    button.addEventListener("click", () => {
      one.pick = i;
      one.alignment = one.look = null;
      draw();
      target.dispatchEvent(new Event("chosen"));
      target.focus();
    });
    item.append(button);
    list.append(item);
  });
}

export function mapIsOpen() {
  return byId("looks").getAttribute("aria-pressed") === "true";
}

export async function drawMap() {
  const one = state.sentences[Math.max(0, state.current < 0 ? state.sentences.findIndex((s) => s.source) : state.current)];
  byId("map").hidden = !mapIsOpen() || !one?.alignment;
  if (byId("map").hidden) return;
  if (!one.alignment.heads) {
    const pairs = [{ source: one.source, target: best(one).text }];
    const alignment = one.alignment;
    try {
      const answer = await post("api/align", { ...direction(), pairs, heads: true });
      alignment.heads = answer.alignments[0].heads;
    } catch (error) {
      failed(error);
      return;
    }
    if (one.alignment !== alignment) return; // another translation has been chosen
  }
  const found = choices(one.alignment);
  const select = byId("map-head");
  const index = Math.min(Math.max(0, select.selectedIndex), found.length - 1);
  select.replaceChildren(...found.map(({ label }) => new Option(label)));
  select.selectedIndex = index;
  byId("map-table").replaceChildren(table(one.alignment, found[index].weights));
}

function drawRemarks() {
  const said = [];
  for (const one of state.sentences) {
    const found = best(one);
    if (!found) continue;
    if (one.alarms.length && one.pick === 0) said.push(`This may be wrong (${one.alarms.join(", ")}): “${shortened(found.text)}”`);
    if (!found.complete) said.push(`This was cut at the length limit: “${shortened(found.text)}”`);
    for (const [term, wanted] of found.missed) said.push(`“${wanted}” (for “${term}”) found no place in: “${shortened(found.text)}”`);
  }
  const list = byId("remarks");
  list.hidden = !said.length;
  list.replaceChildren(
    ...said.slice(0, 5).map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

export function count() {
  const length = source.value.length;
  const over = length > state.limit;
  byId("count").textContent = length ? `${length.toLocaleString("en")}${over || length > 0.8 * state.limit ? ` of ${state.limit.toLocaleString("en")}` : ""}` : "";
  byId("count").classList.toggle("over", over);
  byId("clear").hidden = !length;
}

export function busy(is) {
  target.classList.toggle("waiting", is);
  target.setAttribute("aria-busy", is);
  never("busy");
  byId("busy").textContent = "";
  if (is) later("busy", 700, () => (byId("busy").textContent = "translating…"));
}

export function problem(text) {
  byId("problem").hidden = !text;
  byId("problem").textContent = text;
}

export function failed(error) {
  if (error.name === "AbortError") return;
  if (!(error instanceof Failure)) throw error;
  if (error.needsKey) lock(error.message);
  else problem(error.message);
}

function shortened(text) {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function choose(sentence) {
  state.current = sentence;
  drawOthers();
  drawMap();
}

function lock(text) {
  byId("locked").hidden = false;
  problem(text);
  byId("key").focus();
}
