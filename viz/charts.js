// Charts in SVG: axes with their numbers, and what lies within the frame. Which lines and points
// are drawn is for the script that follows. Names used without a definition are those of widget.js.

// A number to some digits, with a real minus sign.
function text(number, digits = 4) {
  if (!Number.isFinite(number)) return number > 0 ? "∞" : number < 0 ? "−∞" : "nan";
  const size = Math.abs(number);
  const plain = size === 0 || (size >= 1e-4 && size < 1e6);
  const written = plain ? `${+number.toPrecision(digits)}` : number.toExponential(digits - 1);
  return written.replace(/\.?0+e/, "e").replaceAll("-", "−");
}

// The first of 1, 2, 5, 10, 20, 50, … (and 0.5, 0.2, …) that is not below `number`.
function round(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return power * ([1, 2, 5].find((digit) => digit * power >= number * (1 - 1e-9)) ?? 10);
}

const count = (first, last) => Array.from({ length: last - first + 1 }, (_, k) => first + k);

// Round numbers between two numbers, about as many as wanted.
function ticks([low, high], wanted) {
  const step = round((high - low) / wanted);
  const steps = count(Math.ceil(low / step), Math.floor(high / step));
  return steps.map((k) => +(k * step).toPrecision(9));
}

function powers([low, high]) {
  const steps = count(Math.ceil(Math.log10(low)), Math.floor(Math.log10(high)));
  const apart = Math.ceil(steps.length / 5);
  return steps.filter((k) => k % apart === 0).map((k) => 10 ** k);
}

// A chart is an svg element that is filled anew at each change. `place` turns two numbers into a
// place in it, `numbers` does the reverse; what is put into `inside` is cut off at the frame.
const [LEFT, TOP, RIGHT, BOTTOM] = [58, 8, 352, 228];

function emptyChart(attributes) {
  return draw("svg", { viewBox: "0 0 360 264", ...attributes });
}

function chart(svg, xs, ys, [xName, yName], log = false) {
  const scale = log ? Math.log : (value) => value;
  const [low, high] = ys.map(scale);
  const place = ([x, y]) => [
    LEFT + ((RIGHT - LEFT) * (x - xs[0])) / (xs[1] - xs[0]),
    BOTTOM - ((BOTTOM - TOP) * (scale(y) - low)) / (high - low),
  ];
  const numbers = ([x, y]) => [
    xs[0] + ((x - LEFT) / (RIGHT - LEFT)) * (xs[1] - xs[0]),
    ys[0] + ((BOTTOM - y) / (BOTTOM - TOP)) * (ys[1] - ys[0]),
  ];
  const box = { x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP };
  const inside = draw("svg", { ...box, viewBox: Object.values(box).join(" ") });
  const [centerX, centerY] = [(LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2];
  const below = (words, x, y) => draw("text", { x, y, "text-anchor": "middle" }, words);
  const beside = (words, y) => draw("text", { x: LEFT - 5, y, "text-anchor": "end" }, words);
  const side = below(yName, 11, centerY);
  side.setAttribute("transform", `rotate(-90 11 ${centerY})`);
  svg.replaceChildren(
    inside,
    draw("rect", { class: "viz-frame", ...box }),
    ...ticks(xs, 6).map((x) => below(text(x), place([x, ys[0]])[0], BOTTOM + 15)),
    ...(log ? powers(ys) : ticks(ys, 6)).map((y) => beside(text(y), place([xs[0], y])[1] + 4)),
    below(xName, centerX, BOTTOM + 31),
    side,
  );
  return { place, numbers, inside };
}

const BOX = [LEFT, TOP, RIGHT, BOTTOM];

function within([x, y], [left, top, right, bottom] = BOX) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

// The part of the line between two places that lies in the frame, or null. Where both are very far,
// numbers are too coarse to tell.
function cut([x, y], [u, v]) {
  if (Math.min(Math.hypot(x, y), Math.hypot(u, v)) > 1e12) return null;
  let [from, to] = [0, 1];
  for (const [at, by, low, high] of [[x, u - x, LEFT, RIGHT], [y, v - y, TOP, BOTTOM]]) {
    const crossings = [(low - at) / (by || 1e-300), (high - at) / (by || 1e-300)];
    from = Math.max(from, Math.min(...crossings));
    to = Math.min(to, Math.max(...crossings));
  }
  return from <= to ? [from, to].map((part) => [x + part * (u - x), y + part * (v - y)]) : null;
}

function line(places) {
  return "M" + places.map((place) => place.map((value) => value.toFixed(1)).join(" ")).join("L");
}

// The lines that join places, as far as they lie in the frame.
function joined(places) {
  const parts = places.slice(1).map((place, k) => cut(places[k], place));
  return parts.filter(Boolean).map(line).join("");
}

const path = (look, d) => draw("path", { class: look, d });

const spot = (look, [cx, cy], r) => draw("circle", { class: look, cx, cy, r });

function note(words, [x, y], anchor = "middle") {
  return draw("text", { class: "viz-halo", x, y, "text-anchor": anchor }, words);
}
