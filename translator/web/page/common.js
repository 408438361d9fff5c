// What all parts of the page share: its elements, and what is being translated.

export const byId = (id) => document.getElementById(id);
export const source = byId("source");
export const target = byId("target");
export const mirror = byId("mirror");

export const AUTO = "auto"; // in place of a language: the server tells which one it is

export const state = {
  directions: [],
  detection: false,
  detected: "",
  limit: 0,
  alternatives: 1,
  text: "",
  sentences: [],
  current: -1,
  word: -1,
};
const timers = {};

export function direction() {
  const from = byId("from").value;
  return { source: from === AUTO ? state.detected : from, target: byId("to").value };
}

/** Do something when nothing of the same name has been asked for so many milliseconds. */
export function later(name, milliseconds, action) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(action, milliseconds);
}

export function never(name) {
  clearTimeout(timers[name]);
}

export function best(sentence) {
  return sentence.translations[sentence.pick];
}

export function whole() {
  return state.sentences.map((one) => (best(one)?.text ?? "") + one.target_space).join("");
}
