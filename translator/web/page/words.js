// Words as places in a text, and which words looked at which.

/** Return the places of words in a text, in order; null if they are not all there. */
export function located(text, words) {
  const places = [];
  let at = 0;
  for (const word of words) {
    if (!word) continue;
    const begin = text.indexOf(word, at);
    if (begin < 0) return null;
    at = begin + word.length;
    places.push({ begin, end: at });
  }
  return places;
}

/** Return what stands between spaces. */
export function spaced(text) {
  return Array.from(text.matchAll(/\S+/g), (match) => ({ begin: match.index, end: match.index + match[0].length }));
}

/** Fill an element with a text in which each place is a span; return the spans. */
export function fill(element, text, places) {
  const spans = [];
  let at = 0;
  for (const { begin, end } of places) {
    element.append(text.slice(at, begin));
    const span = document.createElement("span");
    span.className = "w";
    span.textContent = text.slice(begin, end);
    element.append(span);
    spans.push(span);
    at = end;
  }
  element.append(text.slice(at));
  return spans;
}

/** Return how sure a word is, in four steps: 0 is sure. */
export function doubt(logProb) {
  const probability = Math.exp(logProb);
  if (probability >= 0.75) return 0;
  if (probability >= 0.5) return 1;
  return probability >= 0.25 ? 2 : 3;
}

/**
 * Which words of a sentence belong together, as it is shown.
 *
 * The server's words of the translation may be cut otherwise than those that are shown, so they are
 * matched by their places.
 */
export class Look {
  constructor(alignment, source, target, shown) {
    this.alignment = alignment;
    this.sources = located(source, alignment.source);
    this.targets = located(target, alignment.target);
    this.usable = this.sources !== null && this.targets !== null;
    if (!this.usable) return;
    this.shown = this.targets.map((place) => {
      const found = [];
      shown.forEach((other, i) => {
        if (other.begin < place.end && place.begin < other.end) found.push(i);
      });
      return found;
    });
  }

  /** Return the source words that shown words of the translation looked at: [index, weight]. */
  ofTarget(index) {
    const rows = this.rowsOf(index);
    const linked = this.alignment.links.filter(([, t]) => rows.includes(t)).map(([s]) => s);
    const weights = this.sources.map((_, s) => Math.max(0, ...rows.map((t) => this.alignment.weights[t][s])));
    return chosen(linked, weights);
  }

  /** Return the shown words of the translation that looked at a source word: [index, weight]. */
  ofSource(index) {
    const linked = this.alignment.links.filter(([s]) => s === index).map(([, t]) => t);
    const weights = this.targets.map((_, t) => this.alignment.weights[t][index]);
    return chosen(linked, weights).flatMap(([t, weight]) => this.shown[t].map((i) => [i, weight]));
  }

  rowsOf(index) {
    return this.shown.flatMap((found, t) => (found.includes(index) ? [t] : []));
  }
}

function chosen(linked, weights) {
  const most = Math.max(0, ...weights);
  if (!most) return [];
  const found = linked.length ? linked : [weights.indexOf(most)];
  return Array.from(new Set(found), (i) => [i, weights[i] / most]);
}
