// Words that belong together light up: with the mouse, and with the keyboard.

import { byId, mirror, source, state, target } from "./common.js";
import { choose } from "./draw.js";

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
