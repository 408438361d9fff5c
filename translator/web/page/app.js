// The page: what is typed is translated, and words that belong together light up together.

import { Failure, get, keep, kept, post, useKey } from "./api.js";
import { translateFile } from "./file.js";
import { choices, table } from "./heat.js";
import { Look, doubt, fill, located, spaced } from "./words.js";

const TYPING = 220; // milliseconds without a key after which a text is translated
const RESTING = 350; // and further ones after which it is looked at
const SAID = 1200; // and after which a screen reader is told
const ALTERNATIVES = 5;
const LONG = 400; // characters from which the type is smaller
const ALIGNED = 200; // sentences whose words are looked up
const CELLS = 6_000_000; // and their characters times those of their translations

const byId = (id) => document.getElementById(id);
const source = byId("source");
const target = byId("target");
const mirror = byId("mirror");

const state = {
  directions: [],
  limit: 0,
  alternatives: 1,
  text: "",
  sentences: [],
  current: -1,
  word: -1,
};
let translating = null;
let looking = null;
const timers = {};

// ---- translation ----------------------------------------------------------------------------

function direction() {
  return { source: byId("from").value, target: byId("to").value };
}

function later(name, milliseconds, action) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(action, milliseconds);
}

function typed() {
  drawMirror();
  count();
  later("translate", TYPING, translate);
}

async function translate() {
  clearTimeout(timers.translate);
  translating?.abort();
  looking?.abort();
  const text = source.value;
  if (!text.trim() || text.length > state.limit) {
    show("", []);
    busy(false);
    if (text.length > state.limit) {
      problem(`This is longer than ${state.limit.toLocaleString("en")} characters: save it as a file and drop it here.`);
    } else problem("");
    return;
  }
  const mine = (translating = new AbortController());
  busy(true);
  try {
    const asked = { ...direction(), text, n_best: Math.min(ALTERNATIVES, state.alternatives), glossary: glossary() };
    const answer = await post("api/translate", asked, mine.signal);
    if (mine !== translating) return;
    problem("");
    show(text, answer.sentences);
    busy(false);
    later("look", RESTING, look);
    later("say", SAID, () => (byId("status").textContent = whole()));
  } catch (error) {
    if (mine !== translating) return;
    busy(false);
    failed(error);
  }
}

/** Ask what the words looked at, of all sentences that are not known yet. */
async function look() {
  clearTimeout(timers.look);
  looking?.abort();
  const mine = (looking = new AbortController());
  let cells = 0;
  const wanted = state.sentences
    .filter((one) => one.source && !one.alignment && best(one))
    .filter((one) => (cells += one.source.length * best(one).text.length) < CELLS)
    .slice(0, ALIGNED);
  if (!wanted.length) return;
  const pairs = wanted.map((one) => ({ source: one.source, target: best(one).text }));
  try {
    const answer = await post("api/align", { ...direction(), pairs, heads: mapIsOpen() }, mine.signal);
    if (mine !== looking) return;
    wanted.forEach((one, i) => {
      one.alignment = answer.alignments[i];
      one.look = new Look(one.alignment, one.source, best(one).text, one.places);
    });
    // the translation stays as it is: somebody may be selecting from it
    drawMirror();
    drawMap();
  } catch (error) {
    if (mine === looking) failed(error);
  }
}

function best(sentence) {
  return sentence.translations[sentence.pick];
}

function whole() {
  return state.sentences.map((one) => (best(one)?.text ?? "") + one.target_space).join("");
}

function show(text, sentences) {
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

// ---- drawing --------------------------------------------------------------------------------

function draw() {
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
function drawMirror() {
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
      look();
      target.focus();
    });
    item.append(button);
    list.append(item);
  });
}

function mapIsOpen() {
  return byId("looks").getAttribute("aria-pressed") === "true";
}

async function drawMap() {
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

function shortened(text) {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function count() {
  const length = source.value.length;
  const over = length > state.limit;
  byId("count").textContent = length ? `${length.toLocaleString("en")}${over || length > 0.8 * state.limit ? ` of ${state.limit.toLocaleString("en")}` : ""}` : "";
  byId("count").classList.toggle("over", over);
  byId("clear").hidden = !length;
}

function busy(is) {
  target.classList.toggle("waiting", is);
  target.setAttribute("aria-busy", is);
  clearTimeout(timers.busy);
  byId("busy").textContent = "";
  if (is) timers.busy = setTimeout(() => (byId("busy").textContent = "translating…"), 700);
}

function problem(text) {
  byId("problem").hidden = !text;
  byId("problem").textContent = text;
}

function failed(error) {
  if (error.name === "AbortError") return;
  if (!(error instanceof Failure)) throw error;
  if (error.needsKey) lock(error.message);
  else problem(error.message);
}

// ---- words that belong together --------------------------------------------------------------

function dim() {
  for (const one of document.querySelectorAll(".w.lit, .w.here")) one.classList.remove("lit", "here");
}

function mirrored(sentence, word) {
  return mirror.querySelector(`[data-sentence="${sentence}"][data-word="${word}"]`);
}

/** Light up a word of the translation and the source words that it looked at; return these. */
function lightTarget(sentence, word) {
  dim();
  const one = state.sentences[sentence];
  one.spans[word]?.classList.add("here");
  const found = one.look?.usable ? one.look.ofTarget(word) : [];
  for (const [index, weight] of found) lit(mirrored(sentence, index), weight);
  return found.map(([index]) => one.alignment.source[index]);
}

/** Light up a word of the text and the words of the translation that looked at it. */
function lightSource(sentence, word) {
  dim();
  const one = state.sentences[sentence];
  mirrored(sentence, word)?.classList.add("here");
  const found = one.look?.usable ? one.look.ofSource(word) : [];
  for (const [index, weight] of found) lit(one.spans[index], weight);
  return found.map(([index]) => one.spans[index].textContent);
}

function lit(span, weight) {
  if (!span) return;
  span.style.setProperty("--weight", weight.toFixed(2));
  span.classList.add("lit");
}

function under(x, y) {
  return document.elementsFromPoint(x, y).find((one) => one.parentElement === mirror && one.classList.contains("w"));
}

function placeOf(span) {
  return [Number((span.dataset.sentence ?? span.parentElement.dataset.sentence)), Number(span.dataset.word)];
}

target.addEventListener("pointerover", (event) => {
  const span = event.target.closest(".w");
  if (span) lightTarget(...placeOf(span));
  else dim();
});
target.addEventListener("pointerleave", dim);
source.addEventListener("pointermove", (event) => {
  const span = under(event.clientX, event.clientY);
  if (span) lightSource(...placeOf(span));
  else dim();
});
source.addEventListener("pointerleave", dim);

// moving the cursor through the text does what the mouse does
source.addEventListener("keyup", (event) => {
  if (!/^(Arrow|Home|End|Page)/.test(event.key)) return;
  let begin = 0;
  for (const node of mirror.childNodes) {
    const end = begin + node.textContent.length;
    if (node.nodeType === Node.ELEMENT_NODE && begin <= source.selectionStart && source.selectionStart <= end) {
      const [sentence, word] = placeOf(node);
      announce(node.textContent, lightSource(sentence, word));
      return;
    }
    begin = end;
  }
  dim();
});

target.addEventListener("keydown", (event) => {
  const spans = Array.from(target.querySelectorAll(".w"));
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  let step = steps[event.key];
  if (event.key === "Enter" && spans[state.word]) {
    event.preventDefault(); // or the button that gets the focus would be pressed
    choose(placeOf(spans[state.word])[0]);
    byId("others-list").querySelector("button")?.focus();
    return;
  }
  if (step === undefined || !spans.length) return;
  event.preventDefault();
  if (event.key.endsWith("ight") || event.key.endsWith("eft")) {
    if (getComputedStyle(target).direction === "rtl") step = -step;
  }
  state.word = Math.min(spans.length - 1, Math.max(0, state.word + step));
  const [sentence, word] = placeOf(spans[state.word]);
  announce(spans[state.word].textContent, lightTarget(sentence, word));
});
target.addEventListener("blur", dim);
target.addEventListener("click", (event) => {
  const span = event.target.closest(".w");
  if (span && getSelection().isCollapsed) choose(placeOf(span)[0]);
});

function announce(word, others) {
  byId("words").textContent = others.length ? `${word}: ${others.join(", ")}` : word;
}

function choose(sentence) {
  state.current = sentence;
  drawOthers();
  drawMap();
}

// ---- languages ------------------------------------------------------------------------------

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

function fillSelect(select, tags, wanted) {
  select.replaceChildren(...tags.map((tag) => new Option(names.of(tag), tag)));
  if (tags.includes(wanted)) select.value = wanted;
  select.disabled = tags.length < 2;
}

function chooseDirection(from, to) {
  const sources = [...new Set(state.directions.map(([a]) => a))];
  fillSelect(byId("from"), sources, from);
  const chosen = byId("from").value;
  fillSelect(byId("to"), state.directions.filter(([a]) => a === chosen).map(([, b]) => b), to);
  const now = direction();
  source.lang = now.source;
  target.lang = now.target;
  byId("swap").disabled = !state.directions.some(([a, b]) => a === now.target && b === now.source);
  keep("direction", `${now.source} ${now.target}`);
}

byId("from").addEventListener("change", () => {
  chooseDirection(byId("from").value, byId("to").value);
  translate();
});
byId("to").addEventListener("change", () => {
  chooseDirection(byId("from").value, byId("to").value);
  translate();
});
byId("swap").addEventListener("click", () => {
  const now = direction();
  const text = whole();
  chooseDirection(now.target, now.source);
  if (text.trim()) source.value = text;
  show("", []);
  typed();
  translate();
});

// ---- tools ----------------------------------------------------------------------------------

source.addEventListener("input", typed);
byId("clear").addEventListener("click", () => {
  source.value = "";
  typed();
  translate();
  source.focus();
});
byId("copy").addEventListener("click", async () => {
  const button = byId("copy");
  try {
    await navigator.clipboard.writeText(whole());
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(target);
    button.textContent = "Selected: press Ctrl-C";
  }
  later("copied", 1600, () => (button.textContent = "Copy"));
});
byId("sure").addEventListener("click", () => {
  const on = toggled(byId("sure"));
  target.classList.toggle("shaded", on);
  byId("legend").hidden = !on;
});
byId("looks").addEventListener("click", () => {
  toggled(byId("looks"));
  drawMap();
  if (mapIsOpen()) look();
});
byId("map-head").addEventListener("change", drawMap);

function toggled(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", on);
  return on;
}

function glossary() {
  const found = {};
  for (const line of byId("terms").value.split("\n")) {
    const [term, wanted] = line.split(/\t|=/, 2).map((part) => part?.trim());
    if (term && wanted && !line.trimStart().startsWith("#")) found[term] = wanted;
  }
  const number = Object.keys(found).length;
  byId("glossary-count").textContent = number ? `${number} ${number === 1 ? "term" : "terms"}` : "";
  return found;
}

byId("terms").addEventListener("input", () => {
  keep("terms", byId("terms").value);
  glossary();
  later("translate", 2 * TYPING, translate);
});

// ---- files ----------------------------------------------------------------------------------

function open(file) {
  if (file) translateFile(file, { ...direction(), glossary: glossary(), limit: state.limit });
}

byId("file").addEventListener("change", () => {
  open(byId("file").files[0]);
  byId("file").value = "";
});
addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  byId("drop").hidden = false;
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) byId("drop").hidden = true;
});
addEventListener("drop", (event) => {
  byId("drop").hidden = true;
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  open(event.dataTransfer.files[0]);
});

// ---- theme, key, start ----------------------------------------------------------------------

const themes = ["auto", "light", "dark"];

function useTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `${{ auto: "◐", light: "○", dark: "●" }[theme]} ${theme}`;
  byId("theme").setAttribute("aria-label", `Theme: ${theme}`);
  keep("theme", theme);
}

byId("theme").addEventListener("click", () => {
  const now = themes.indexOf(document.documentElement.dataset.theme ?? "auto");
  useTheme(themes[(now + 1) % themes.length]);
});

function lock(text) {
  byId("locked").hidden = false;
  problem(text);
  byId("key").focus();
}

function unlock() {
  useKey(byId("key").value.trim());
  byId("locked").hidden = true;
  problem("");
  source.focus();
  translate();
}

byId("unlock").addEventListener("click", unlock);
byId("key").addEventListener("keydown", (event) => event.key === "Enter" && unlock());

async function start() {
  const theme = kept("theme");
  useTheme(themes.includes(theme) ? theme : "auto");
  byId("terms").value = kept("terms");
  byId("glossary").open = glossary() && byId("terms").value.trim() !== "";
  try {
    const settings = await get("frontend/settings");
    state.directions = settings.directions;
    state.limit = settings.charLimit;
    state.alternatives = settings.alternatives;
    const [first] = state.directions;
    const before = kept("direction").split(" ");
    const wanted = state.directions.find(([a, b]) => a === before[0] && b === before[1]) ?? first;
    chooseDirection(...wanted);
    if (settings.keyRequired && !kept("key", sessionStorage)) byId("locked").hidden = false;
  } catch (error) {
    failed(error);
    return;
  }
  // what was typed before the page was ready
  count();
  if (source.value) typed();
}

start();
