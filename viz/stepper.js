// The stepper: shows one frame of a tape at a time. Frames are made in Python (viz/frames.py) and
// tell what changes; the state of a step is the sum of the changes up to it. The names used here
// without a definition are those of widget.js, which stands before this file.

const PAUSE = 2600; // milliseconds for reading a step
const WAY = 900; // milliseconds that a dot takes along its arrow

function render({ model, el }) {
  const frames = model.get("frames");
  const last = frames.length - 1;
  const pictures = model.get("pictures").map(drawing);
  const code = listing(model.get("code"));
  const table = cells(model.get("rows"));
  const words = frames.map((frame, n) => saying(frame, n, last, n === last ? model.get("more") : ""));
  const live = make("p", { class: "viz-unseen", "aria-live": "polite" });
  const purple = make("span", {}, "Purple: gradients, against the arrows.");
  const key = make("p", { class: "viz-key" }, "Black: values. ", purple);
  let shown = -1;
  let stop = () => {};

  const step = () => model.get("step");
  const go = (number) => {
    model.set("step", Math.min(Math.max(number, 0), last));
    model.save_changes();
  };
  const play = player(PAUSE, () => {
    if (step() === last) go(0);
    else go(step() + 1);
    return step() < last;
  });
  // Whoever moves by hand takes over from the player.
  const byHand = (number) => () => (play.stop(), go(number()));
  const [first, back, next, end] = [() => 0, () => step() - 1, () => step() + 1, () => last].map(byHand);
  const buttons = [button("First step", "|◀", first), button("Back", "◀", back), play];
  buttons.push(button("Forward", "▶", next), button("Last step", "▶|", end));
  const range = { min: 0, max: last, step: 1, value: step() };
  const bar = slider("step", range, (n) => `${n} of ${last}`, (n) => byHand(() => n)());

  const show = () => {
    const number = step();
    const frame = frames[number];
    bar.set(number);
    for (const made of buttons.slice(0, 2)) made.disabled = number === 0;
    for (const made of buttons.slice(3)) made.disabled = number === last;
    words.forEach((each, n) => each.classList.toggle("viz-now", n === number));
    if (number !== shown) live.textContent = words[number].textContent;
    code.show(frame);
    const texts = Object.assign({}, ...frames.slice(0, number + 1).map((each) => each.sets));
    table.show(texts, frame.kind === "start" ? {} : frame.sets);
    pictures.forEach((picture, n) => (picture.style.display = n === frame.picture ? "" : "none"));
    paint(pictures[frame.picture], texts, frame);
    stop();
    if (number === shown + 1 && !calm.matches) stop = travel(pictures[frame.picture], frame);
    shown = number;
  };

  el.classList.add("viz", "viz-stepper");
  el.tabIndex = -1; // a click on the picture lets the keys work
  fill(el, { role: "group", "aria-label": "Steps of a computation" }, [
    make("div", { class: "viz-row" }, ...buttons, bar),
    make("div", { class: "viz-words", "aria-hidden": "true" }, ...words),
    live,
    make("div", { class: "viz-sides" },
      make("div", { class: "viz-picture" }, ...pictures, key),
      make("div", { class: "viz-side" }, code.element, table.element)),
  ]);
  keys(el, { ArrowLeft: back, ArrowRight: next, Home: first, End: end, " ": play.toggle });
  model.on("change:step", show);
  show();
  return () => {
    play.stop();
    stop();
    model.off("change:step", show);
  };
}

function saying(frame, number, last, more) {
  const title = make("strong", {}, `Step ${number} of ${last}: ${frame.title}. `);
  return make("div", {}, title, ...[...frame.says, more].map((line) => make("p", {}, `${line} `)));
}

// The lines of the program; the one at work, and the part of it that computes, are marked.
function listing(lines) {
  const items = lines.map((line) => make("li", {}, line));
  const element = make("ol", { class: "viz-code", "aria-label": "program" }, ...items);
  const show = ({ line, mark, kind }) => {
    items.forEach((item, n) => {
      item.classList.toggle("viz-now", n === line);
      item.textContent = lines[n];
    });
    if (!mark.length) return;
    const [n, start, end] = mark;
    const part = make("mark", { class: `viz-${kind}` }, lines[n].slice(start, end));
    items[n].replaceChildren(lines[n].slice(0, start), part, lines[n].slice(end));
  };
  return { element, show };
}

// The table of the leaves: what they hold, and their .grad.
function cells(names) {
  const head = make("tr", {}, ...["leaf", "value", ".grad"].map((text) => make("th", {}, text)));
  const rows = names.map((name, n) => ({
    name: make("th", { scope: "row" }, name),
    [`r${n}v`]: make("td"),
    [`r${n}g`]: make("td"),
  }));
  const all = rows.map((row) => make("tr", {}, ...Object.values(row)));
  const show = (texts, changes) => {
    for (const row of rows) {
      for (const [key, cell] of Object.entries(row)) {
        if (key === "name") continue;
        cell.textContent = texts[key] ?? "";
        cell.classList.toggle("viz-written", key in changes);
      }
    }
  };
  return { element: make("table", {}, head, ...all), show };
}

// Write the texts of a step into the picture, and mark what is at work.
function paint(picture, texts, frame) {
  for (const element of picture.querySelectorAll("[data-at]")) {
    const at = element.dataset.at;
    if (element.tagName === "text") {
      element.textContent = texts[at] ?? "";
      element.classList.toggle("viz-written", at in frame.sets && frame.kind !== "start");
    } else {
      element.classList.toggle("viz-faint", !texts[at]);
      for (const kind of ["forward", "backward", "accumulate", "write"])
        element.classList.toggle(`viz-${kind}`, frame.kind === kind && (at === frame.box || at in frame.along));
    }
  }
}

// Let a dot run along each arrow at work: forward with the arrow, backward against it.
function travel(picture, frame) {
  const arrows = Object.keys(frame.along).map((at) => `[data-at="${at}"] path`);
  const paths = arrows.length ? [...picture.querySelectorAll(arrows.join())] : [];
  const dots = paths.map((path) => {
    const dot = draw("circle", { r: 5, class: `viz-dot viz-${frame.kind}` });
    path.parentNode.append(dot);
    return dot;
  });
  const began = performance.now();
  let timer = requestAnimationFrame(function move(now) {
    const part = Math.min((now - began) / WAY, 1);
    paths.forEach((path, n) => {
      const way = path.getTotalLength();
      const { x, y } = path.getPointAtLength(frame.kind === "backward" ? (1 - part) * way : part * way);
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
