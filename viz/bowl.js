// The loss of a straight line over its two parameters: the mathematics, and the surface as a chart.
// `bowl` is the Bowl of viz/descent.py; where it stands beside a bowl, a place is [b, w].
// Names used without a definition are those of widget.js and charts.js.

function lossAt({ b, w, mean, variance, least }, place) {
  const dw = place[1] - w;
  return (place[0] - b + mean * dw) ** 2 + variance * dw ** 2 + least;
}

function gradientsAt({ b, w, mean, variance }, place) {
  const dw = place[1] - w;
  const gradB = 2 * (place[0] - b + mean * dw);
  return [gradB, mean * gradB + 2 * variance * dw];
}

// The largest eigenvalue of the Hessian, 2 * [[1, mean], [mean, mean² + variance]].
function curvature({ mean, variance }) {
  const square = mean ** 2 + variance;
  return 1 + square + Math.hypot(1 - square, 2 * mean);
}

// The places from the start on. It ends early where the loss is beyond all numbers.
function walk(bowl, start, lr, steps) {
  const places = [start];
  while (places.length <= steps && Number.isFinite(lossAt(bowl, places.at(-1)))) {
    const gradients = gradientsAt(bowl, places.at(-1));
    places.push(places.at(-1).map((value, k) => value - lr * gradients[k]));
  }
  return places;
}

// Places of one loss: an ellipse around the minimum.
function ring({ b, w, mean, variance, least }, loss) {
  const radius = Math.sqrt(loss - least);
  return count(0, 119).map((k) => {
    const dw = (radius / Math.sqrt(variance)) * Math.sin((k * Math.PI) / 60);
    return [b + radius * Math.cos((k * Math.PI) / 60) - mean * dw, w + dw];
  });
}

// Whether a place is so near the minimum that the picture cannot tell.
function arrived(bowl, reach, place) {
  return ["b", "w"].every((name, k) => Math.abs(place[k] - bowl[name]) < reach[k] / 1000);
}

// The losses of the rings, the highest first: …, 5, 2, 1, … where they fit, else evenly apart.
function levels({ least }, highest) {
  if (highest < 10 * least)
    return ticks([least, highest], 8).filter((level) => level > least).reverse();
  const powersOfTen = count(-3, 0).map((k) => 10 ** (k + Math.floor(Math.log10(highest))));
  const all = powersOfTen.flatMap((power) => [power, 2 * power, 5 * power]);
  return all.filter((level) => level > 1.2 * least && level < highest).reverse().slice(0, 8);
}

// The loss surface, with the path on it.
function drawSurface(svg, bowl, reach, places) {
  const [xs, ys] = ["b", "w"].map((name, k) => [bowl[name] - reach[k], bowl[name] + reach[k]]);
  const made = chart(svg, xs, ys, ["b", "w"]);
  const shown = places.map(made.place);
  const [first, now] = [shown[0], shown.at(-1)];
  const [x, y] = made.place([bowl.b, bowl.w]);
  made.inside.append(
    ...rings(bowl, made.place, levels(bowl, lossAt(bowl, [xs[1], ys[1]]))),
    path("viz-way", joined(shown)),
    path("viz-walker", joined(shown.slice(-2))),
    ...shown.slice(-300).filter((at) => within(at)).map((at) => spot("viz-at", at, 2)),
    path("viz-cross", `M${x - 6} ${y}h12m-6 -6v12`),
    note("minimum", [x, y + 20]),
    spot("viz-walker", first, 6),
    note("start", [first[0], first[1] - 10]),
    ...(within(now) ? [spot("viz-at", now, 5)] : leaving(shown.at(-2) ?? now, [x, y], now)),
  );
  return made.numbers;
}

function rings(bowl, place, losses) {
  const center = place([bowl.b, bowl.w]);
  const far = (at) => Math.hypot(at[0] - center[0], at[1] - center[1]);
  const lines = losses.map((loss) => ring(bowl, loss).map(place)); // outermost first
  const taken = []; // places of numbers, from the outermost ring inwards
  const words = lines.map((places, k) => {
    const free = places.filter(([x, y]) =>
      y < center[1] - 20 && within([x, y], [LEFT + 16, TOP + 12, RIGHT - 16, BOTTOM]) &&
      taken.every((at) => Math.hypot(x - at[0], y - at[1]) > 24));
    const [best] = free.sort((one, other) => far(other) - far(one));
    if (best) taken.push(best);
    return best ? note(text(losses[k], 2), [best[0], best[1] + 4]) : "";
  });
  return [...lines.map((places) => path("viz-ring", `${line(places)}Z`)), ...words];
}

// An arrow at the edge, where the last step left the surface, or else on the way from the minimum.
function leaving(before, minimum, now) {
  const from = cut(before, now) ? before : minimum;
  const [x, y] = cut(from, now)[1];
  const angle = (Math.atan2(now[1] - from[1], now[0] - from[0]) * 180) / Math.PI;
  const arrow = path("viz-at", "M0 0L-24 -10L-17 0L-24 10Z");
  arrow.setAttribute("transform", `translate(${x} ${y}) rotate(${angle})`);
  const [left, high] = [x < (LEFT + RIGHT) / 2, y < (TOP + BOTTOM) / 2];
  const at = [left ? LEFT + 8 : RIGHT - 8, y + (high ? 28 : -20)];
  return [arrow, note("off the surface", at, left ? "start" : "end")];
}
