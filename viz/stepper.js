// The stepper: shows one frame of a tape at a time. Frames are made in Python (viz/frames.py) and
// tell what changes; the state of a step is the sum of the changes up to it. The names used here
// without a definition are those of widget.js, which stands before this file.

const PAUSE = 2600; // milliseconds for reading a step
const WAY = 900; // milliseconds that a dot takes along its arrow

function render({ model, el }) {
  const frames = model.get("frames");
  const bar = controls(model, frames.length - 1);
  const words = sentences(frames);
  const code = listing(model.get("code"));
  const table = cells(model.get("rows"));
  const picture = card(model.get("pictures").map(drawing));
  const side = make("div", { class: "viz-side" }, code.element, table.element);
  const sides = make("div", { class: "viz-sides" }, picture.element, side);
  let before = 0;

  const show = () => {
    const number = model.get("step");
    const texts = Object.assign({}, ...frames.slice(0, number + 1).map((frame) => frame.sets));
    for (const part of [bar, words, code, table, picture])
      part.show({ number, frame: frames[number], texts, moves: number === before + 1 });
    before = number;
  };

  el.classList.add("viz", "viz-stepper");
  el.tabIndex = -1; // a click on the picture lets the keys work
  const name = { role: "group", "aria-label": "Steps of a computation" };
  fill(el, name, [bar.element, ...words.elements, sides]);
  keys(el, bar.keys);
  model.on("change:step", show);
  show();
  return () => {
    bar.stop();
    picture.stop();
    model.off("change:step", show);
  };
}

// Buttons, slider and keys. Whoever moves by hand takes over from the player.
function controls(model, last) {
  const step = () => model.get("step");
  const go = (number) => {
    model.set("step", Math.min(Math.max(number, 0), last));
    model.save_changes();
  };
  const play = player(PAUSE, () => {
    go(step() === last ? 0 : step() + 1);
    return step() < last;
  });
  const byHand = (number) => (play.stop(), go(number));
  const [first, back] = [() => byHand(0), () => byHand(step() - 1)];
  const [next, end] = [() => byHand(step() + 1), () => byHand(last)];
  const left = [button("First step", "|◀", first), button("Back", "◀", back)];
  const right = [button("Forward", "▶", next), button("Last step", "▶|", end)];
  const range = { min: 0, max: last, step: 1, value: step() };
  const bar = slider("step", range, (number) => `${number} of ${last}`, byHand);
  const show = ({ number }) => {
    bar.set(number);
    // Not `disabled`: a button that has the focus must keep it, for the keys.
    for (const made of left) made.ariaDisabled = number === 0;
    for (const made of right) made.ariaDisabled = number === last;
  };
  return {
    element: make("div", { class: "viz-row" }, ...left, play, ...right, bar),
    keys: { ArrowLeft: back, ArrowRight: next, Home: first, End: end, " ": play.toggle },
    show,
    stop: play.stop,
  };
}

// What each step says: all of it in one place, so that nothing jumps, and one of it seen. A reader
// who does not see hears it from the second element.
function sentences(frames) {
  const all = frames.map((frame, number) => {
    const title = `Step ${number} of ${frames.length - 1}: ${frame.title}. `;
    const lines = frame.says.map((line) => make("p", {}, `${line} `));
    return make("div", {}, make("strong", {}, title), ...lines);
  });
  const live = make("p", { class: "viz-unseen", "aria-live": "polite" });
  const show = ({ number }) => {
    all.forEach((each, n) => each.classList.toggle("viz-now", n === number));
    live.textContent = all[number].textContent;
  };
  const seen = make("div", { class: "viz-words", "aria-hidden": "true" }, ...all);
  return { elements: [seen, live], show };
}

// The lines of the program; the one at work, and the part of it that computes, are marked.
function listing(lines) {
  const items = lines.map((line) => make("li", {}, line));
  const element = make("ol", { class: "viz-code", "aria-label": "program" }, ...items);
  const show = ({ frame: { line, mark } }) => {
    items.forEach((item, n) => {
      item.classList.toggle("viz-now", n === line);
      item.textContent = lines[n];
    });
    if (!mark.length) return;
    const [n, start, end] = mark;
    const letters = [...lines[n]]; // as Python counts them
    const cut = (from, to) => letters.slice(from, to).join("");
    items[n].replaceChildren(cut(0, start), make("mark", {}, cut(start, end)), cut(end));
  };
  return { element, show };
}

// The table of the leaves: what they hold, and their .grad.
function cells(names) {
  const titles = ["leaf", "value", ".grad"].map((text) => make("th", { scope: "col" }, text));
  const written = {};
  const rows = names.map((name, n) => {
    const [value, grad] = [`r${n}v`, `r${n}g`].map((place) => (written[place] = make("td")));
    return make("tr", {}, make("th", { scope: "row" }, name), value, grad);
  });
  const show = ({ texts, frame }) => {
    for (const [place, cell] of Object.entries(written)) {
      cell.textContent = texts[place] ?? "";
      cell.classList.toggle("viz-written", place in frame.sets && frame.kind !== "start");
    }
  };
  return { element: make("table", {}, make("tr", {}, ...titles), ...rows), show };
}

// The pictures, of which one is seen at a time, on a white card.
function card(pictures) {
  const purple = make("span", {}, "Purple: gradients, against the arrows.");
  const key = make("p", { class: "viz-key" }, "Black: values. ", purple);
  const look = { class: "viz-picture", role: "img", "aria-label": "the graph" };
  const made = { element: make("div", look, ...pictures, key), stop: () => {} };
  made.show = ({ frame, texts, moves }) => {
    made.stop();
    pictures.forEach((picture, n) => (picture.style.display = n === frame.picture ? "" : "none"));
    paint(pictures[frame.picture], texts, frame);
    if (moves && !calm.matches) made.stop = travel(pictures[frame.picture], frame);
  };
  return made;
}

// Write the texts of a step into the picture, and mark what is at work.
function paint(picture, texts, frame) {
  const kinds = ["forward", "backward", "accumulate", "write"].map((kind) => `viz-${kind}`);
  for (const element of picture.querySelectorAll("[data-at]")) {
    const at = element.dataset.at;
    if (element.tagName === "text") {
      element.textContent = texts[at] ?? "";
      element.classList.toggle("viz-written", at in frame.sets && frame.kind !== "start");
    } else {
      element.classList.toggle("viz-faint", !texts[at]);
      element.classList.remove(...kinds);
      if (at === frame.box || at in frame.along) element.classList.add(`viz-${frame.kind}`);
    }
  }
}

// Let a dot run along each arrow that a gradient takes, from its end to its beginning.
function travel(picture, frame) {
  const arrows = Object.keys(frame.along).map((at) => `[data-at="${at}"] path`);
  const paths = arrows.length ? [...picture.querySelectorAll(arrows.join())] : [];
  const dots = paths.map((path) => {
    const dot = draw("circle", { r: 5, class: "viz-dot" });
    path.parentNode.append(dot);
    return dot;
  });
  const began = performance.now();
  let timer = requestAnimationFrame(function move(now) {
    const part = Math.min((now - began) / WAY, 1);
    paths.forEach((path, n) => {
      const { x, y } = path.getPointAtLength((1 - part) * path.getTotalLength());
      fill(dots[n], { cx: x, cy: y }, []);
    });
    if (part < 1) timer = requestAnimationFrame(move);
    else stop();
  });
  const stop = () => {
    cancelAnimationFrame(timer);
    for (const dot of dots) dot.remove();
  };
  return stop;
}

export default { render };
