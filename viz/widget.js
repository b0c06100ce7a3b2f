// What the scripts of this folder share. It stands before each of them, in one module, so they use
// these names without importing them. Texts of users become text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// An HTML element: make("p", { class: "note" }, "text", child).
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

// An SVG element: draw("circle", { r: 4 }).
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A picture that Python drew, as an element.
function drawing(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  return document.importNode(parsed.documentElement, true);
}

// A button that shows a sign and is called by a name.
function button(name, sign, press) {
  const made = make("button", { type: "button", "aria-label": name, title: name }, sign);
  made.addEventListener("click", press);
  return made;
}

// A slider with its name before it and what it says behind it: slide() is given its number, and
// words() says it. The result has .set(number), which moves it without calling slide().
function slider(name, { min, max, step, value }, words, slide) {
  const input = make("input", { type: "range", min, max, step, value });
  const output = make("output");
  const row = make("label", { class: "viz-slider" }, make("span", {}, name), input, output);
  const show = () => {
    output.textContent = words(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => (show(), slide(input.valueAsNumber)));
  row.set = (number) => ((input.value = number), show());
  show();
  return row;
}

// A player: a button that calls next() every so many milliseconds until next() returns false.
function player(milliseconds, next) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    name("Play");
  };
  const toggle = () => {
    if (timer) return stop();
    timer = setInterval(() => next() === false && stop(), milliseconds);
    name("Pause");
    if (next() === false) stop();
  };
  const made = button("Play", "Play", toggle);
  const name = (text) => {
    made.ariaLabel = made.title = made.textContent = text;
  };
  return Object.assign(made, { stop, toggle });
}

// Keys that work anywhere in an element: keys(el, { ArrowLeft: back }). What is typed into a field
// stays there. JupyterLab is told to leave the keys alone.
function keys(el, actions) {
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => {
    const at = event.target;
    const typed = at.matches("input:not([type=range], [type=checkbox]), textarea, select");
    const pressed = event.key === " " && at.matches("button, [type=checkbox]");
    const action = actions[event.key];
    event.stopPropagation();
    if (!action || typed || pressed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}

// The model of a page without a kernel: what anywidget's models do, and no more.
function pageModel(state) {
  const listeners = {};
  return {
    get: (key) => state[key],
    set(key, value) {
      state[key] = value;
      for (const listener of listeners[`change:${key}`] ?? []) listener();
    },
    save_changes() {},
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off: (event, listener) => {
      listeners[event] = (listeners[event] ?? []).filter((each) => each !== listener);
    },
  };
}
