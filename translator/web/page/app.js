// The page: what is typed is translated, and words that belong together light up together.

import { Failure, get, keep, kept, post, useKey } from "./api.js";
import { AUTO, best, byId, direction, later, never, source, state, target, whole } from "./common.js";
import { busy, count, drawMap, drawMirror, failed, mapIsOpen, problem, show } from "./draw.js";
import { translateFile } from "./file.js";
import "./light.js";
import { Look } from "./words.js";

const TYPING = 220; // milliseconds without a key after which a text is translated
const RESTING = 350; // and further ones after which it is looked at
const SAID = 1200; // and after which a screen reader is told
const ALTERNATIVES = 5;
const TOLD_BY = 2000; // characters that are enough to tell a language
const ALIGNED = 200; // sentences whose words are looked up
const CELLS = 6_000_000; // and their characters times those of their translations

let translating = null;
let looking = null;

// ---- translation ----------------------------------------------------------------------------

function typed() {
  drawMirror();
  count();
  later("translate", TYPING, translate);
}

async function translate() {
  never("translate");
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
    const asked = { ...(await directionOf(text, mine.signal)), text, n_best: Math.min(ALTERNATIVES, state.alternatives), glossary: glossary() };
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
  never("look");
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

target.addEventListener("chosen", look);

// ---- languages ------------------------------------------------------------------------------

const DETECT = "Detect language";
const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

function fillSelect(select, tags, wanted) {
  select.replaceChildren(...tags.map((tag) => new Option(tag === AUTO ? DETECT : names.of(tag), tag)));
  if (tags.includes(wanted)) select.value = wanted;
  select.disabled = tags.length < 2;
}

function chooseDirection(from, to) {
  const sources = [...new Set(state.directions.map(([a]) => a))];
  if (state.detection && sources.length > 1) sources.push(AUTO);
  fillSelect(byId("from"), sources, from);
  const chosen = byId("from").value;
  const targets = state.directions.filter(([a]) => a === chosen || chosen === AUTO).map(([, b]) => b);
  fillSelect(byId("to"), [...new Set(targets)], to);
  useDirection();
  keep("direction", `${chosen} ${byId("to").value}`);
}

function useDirection() {
  const now = direction();
  source.lang = now.source;
  target.lang = now.target;
  byId("swap").disabled = !isServed(now.target, now.source);
}

function isServed(from, to) {
  return state.directions.some(([a, b]) => a === from && b === to);
}

/** Return the direction in which a text is translated; if its language is to be told, ask the server. */
async function directionOf(text, signal) {
  const from = byId("from");
  if (from.value !== AUTO) return direction();
  const [found] = await post("detect", { q: text.slice(0, TOLD_BY) }, signal);
  const served = state.directions.filter(([a]) => a === found.language).map(([, b]) => b);
  if (!served.length) throw new Failure(0, `This seems to be ${names.of(found.language)}, which is not translated here.`);
  if (from.value !== AUTO) return direction(); // another language was chosen meanwhile
  state.detected = found.language;
  if (!served.includes(byId("to").value)) byId("to").value = served[0];
  from.selectedOptions[0].textContent = `${names.of(found.language)} (detected)`;
  useDirection();
  return direction();
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
  if (file) translateFile(file, { directionOf, glossary: glossary(), limit: state.limit });
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
    state.detection = settings.detection;
    const [first] = state.directions;
    const before = kept("direction").split(" ");
    chooseDirection(...(before[0] === AUTO || isServed(...before) ? before : first));
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
