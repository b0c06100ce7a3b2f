// Gradient descent on a bowl: the path, the line, the numbers and the loss. All that is shown
// follows from lr, start and step, three entries of the model, and is drawn anew at each change.
// Names used without a definition are those of widget.js, charts.js and bowl.js.

const END = 10_000; // steps: nobody plays longer
const PACE = 120; // milliseconds a step, while it plays

// The data, with the line of this step.
function drawData(svg, bowl, points, [b, w]) {
  const [xs, ys] = [0.05, 0.4].map((share, k) => {
    const values = points.map((point) => point[k]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [low - share * (high - low || 1), high + share * (high - low || 1)];
  });
  const { place, inside } = chart(svg, xs, ys, ["x", "y"]);
  const across = (b, w) => joined(xs.map((x) => place([x, b + w * x])));
  const errors = points.map(([x, y]) => joined([place([x, y]), place([x, b + w * x])]));
  const now = across(b, w);
  inside.append(
    path("viz-errors", errors.join("")),
    ...points.map((point) => spot("viz-data", place(point), 2.5)),
    path("viz-best", across(bowl.b, bowl.w)),
    path("viz-walker", now),
    note(now ? "" : "The line of this step is outside.", [LEFT + 8, TOP + 18], "start"),
  );
}

// The loss of all steps so far.
function drawLosses(svg, bowl, places, horizon) {
  const losses = places.map((place) => lossAt(bowl, place)).filter(Number.isFinite);
  const high = Math.max(...losses, bowl.least);
  const low = Math.max(Math.min(...losses) / 100, bowl.least, high * 1e-16);
  const log = high > 30 * low;
  const ys = log ? [low / 1.6, high * 1.6] : [0, high * 1.1 || 1];
  const names = ["step", log ? "loss (log scale)" : "loss"];
  const { place, inside } = chart(svg, [0, horizon], ys, names, log);
  const [, floor] = place([0, low]);
  const below = bowl.least < low ? ", below this chart" : "";
  const shown = losses.map((loss, step) => place([step, Math.max(loss, low)]));
  inside.append(
    path("viz-best", below ? "" : `M${LEFT} ${floor}H${RIGHT}`),
    note(`least possible: ${text(bowl.least)}${below}`, [RIGHT - 6, floor - 5], "end"),
    path("viz-walker", joined(shown)),
    ...shown.slice(horizon > 60 ? -1 : 0).map((at) => spot("viz-at", at, 3)),
  );
}

// What happens at this learning rate, and whether it is a warning.
function verdict(bowl, lr, place) {
  const steepest = curvature(bowl);
  const limit = 2 / steepest;
  const times = `${text(Math.abs(1 - lr * steepest), 3)} times as far away on its other side`;
  const why = `${text(limit)} is 2 divided by ${text(steepest)}, ` +
    "the largest eigenvalue of the Hessian of this loss.";
  const from = `From learning rate ${text(limit)} on`;
  if (!Number.isFinite(lossAt(bowl, place)))
    return ["It diverged: the loss is beyond the largest float64. Next come inf and nan.", true];
  if (Math.abs(lr / limit - 1) < 1e-9)
    return [`Each step overshoots the minimum, as far as it was away, for ever. ${why}`, true];
  if (lr > limit)
    return [`It diverges: each step overshoots the minimum and lands ${times}. ` +
      `${from}, this happens; ${why}`, true];
  const then = `${from}, it would diverge; ${why}`;
  if (lr > limit / 2)
    return [`Each step overshoots the minimum, but lands nearer, ${times}. ${then}`, false];
  return [`Each step goes downhill without overshooting. ${then}`, false];
}

// The numbers of a step. Pointed at, a number shows all its digits.
function table(bowl, place, lr) {
  const gradients = gradientsAt(bowl, place);
  const number = (value) => make("td", { title: value }, text(value));
  const factor = (value) => (value < 0 ? `(${text(value)})` : text(value));
  const row = (name, k) => {
    const next = text(place[k] - lr * gradients[k]);
    const sum = `${text(place[k])} − ${text(lr)} × ${factor(gradients[k])} = ${next}`;
    const head = make("th", { scope: "row" }, name);
    return make("tr", {}, head, number(place[k]), number(gradients[k]), make("td", {}, sum));
  };
  const names = ["", "now", "gradient (.grad)", "next = now − learning rate × gradient"];
  const heads = make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)));
  const loss = make("tr", {}, make("th", { scope: "row" }, "loss"), number(lossAt(bowl, place)),
    make("td", { colspan: 2 }, "the mean of (b + w · x − y)²"));
  return [heads, row("b", 0), row("w", 1), loss];
}

function figure(caption, svg) {
  return make("figure", {}, make("figcaption", {}, caption), svg);
}

function render({ model, el }) {
  const fixed = ["bowl", "reach", "points", "rows"];
  const [bowl, reach, points, rows] = fixed.map((key) => model.get(key));
  const limit = Math.log10(2 / curvature(bowl));
  const change = (key, value) => (model.set(key, value), model.save_changes());
  const places = (steps) => walk(bowl, model.get("start"), model.get("lr"), steps);
  let horizon = 50; // steps that the lower chart has room for
  let numbers; // turns a place in the left chart into b and w

  const go = (step) => change("step", Math.max(0, Math.min(step, END, places(step).length - 1)));
  const byHand = (step) => (play.stop(), go(step));
  const play = player(PACE, () => {
    const before = model.get("step");
    if (arrived(bowl, reach, places(before).at(-1))) return false;
    go(before + 1 + Math.floor(before / 20)); // the farther, the faster
    return model.get("step") > before;
  });
  const buttons = [
    button("Reset to the start", "Reset", () => ((horizon = 50), byHand(0))),
    button("One step back", "Back", () => byHand(model.get("step") - 1)),
    play,
    button("One step", "Step", () => byHand(model.get("step") + 1)),
  ];
  const whole = { min: 0, max: horizon, step: 1, value: 0 };
  const stepper = slider("step", whole, () => model.get("step"), byHand);

  // The start stays on the surface, and is rounded to what a screen can tell apart.
  const begin = (place) => {
    const start = ["b", "w"].map((name, k) => {
      const grain = 10 ** Math.floor(Math.log10(reach[k] / 100));
      const near = Math.min(Math.max(place[k], bowl[name] - reach[k]), bowl[name] + reach[k]);
      return +(Math.round(near / grain) * grain).toPrecision(9);
    });
    change("start", start);
  };
  const move = (k, turn) => begin(model.get("start").map((old, n) => (n === k ? turn(old) : old)));
  const starts = ["b", "w"].map((name, k) => {
    const [min, max] = [bowl[name] - reach[k], bowl[name] + reach[k]];
    const words = () => text(model.get("start")[k]);
    const range = { min, max, step: "any", value: 0 };
    return slider(`start ${name}`, range, words, (value) => move(k, () => value));
  });
  const power = Math.log10(model.get("lr"));
  const powers = { min: Math.min(limit - 3, power), max: Math.max(limit + 0.5, power) };
  const words = () => text(model.get("lr"));
  const rate = slider("learning rate", { ...powers, step: "any", value: power }, words, (power) =>
    change("lr", +(10 ** power).toPrecision(2)));

  const surface = emptyChart({ class: "viz-surface", tabindex: 0, role: "application" });
  surface.ariaLabel = "Loss surface over b and w. The arrow keys move the start.";
  const drag = (event) => {
    if (!event.buttons) return;
    surface.setPointerCapture(event.pointerId);
    const point = new DOMPoint(event.clientX, event.clientY);
    const { x, y } = point.matrixTransform(surface.getScreenCTM().inverse());
    begin(numbers([x, y]));
  };
  surface.addEventListener("pointerdown", drag);
  surface.addEventListener("pointermove", drag);
  const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
  surface.addEventListener("keydown", (event) => {
    if (!(event.key in arrows)) return;
    event.preventDefault();
    const [k, sign] = arrows[event.key];
    move(k, (old) => old + (sign * reach[k]) / 40);
  });

  const [data, losses] = ["Data and line", "Loss at each step"].map((name) =>
    emptyChart({ role: "img", "aria-label": name }));
  const says = make("p", { class: "viz-verdict", role: "status" });
  const live = make("p", { class: "viz-unseen", "aria-live": "polite" });
  const sums = make("table");
  const show = () => {
    const way = places(model.get("step"));
    const [step, now] = [way.length - 1, way.at(-1)];
    horizon = Math.max(horizon, step > 50 ? round(step) : 50);
    stepper.querySelector("input").max = horizon;
    stepper.set(step);
    rate.set(Math.log10(model.get("lr")));
    starts.forEach((each, k) => each.set(model.get("start")[k]));
    buttons[1].disabled = step === 0;
    buttons[3].disabled = step === END || !Number.isFinite(lossAt(bowl, now));
    numbers = drawSurface(surface, bowl, reach, way);
    drawData(data, bowl, points, now);
    drawLosses(losses, bowl, way, horizon);
    const [sentence, warns] = verdict(bowl, model.get("lr"), now);
    const there = arrived(bowl, reach, now) ? "The minimum: both gradients are nearly 0. " : "";
    says.textContent = there + sentence;
    says.classList.toggle("viz-warns", warns);
    sums.replaceChildren(...table(bowl, now, model.get("lr")));
    const [b, w, loss] = [...now, lossAt(bowl, now)].map((value) => text(value));
    live.textContent = play.title === "Pause" ? "" : `Step ${step}: b ${b}, w ${w}, loss ${loss}`;
  };

  el.classList.add("viz", "viz-descent");
  fill(el, { role: "group", "aria-label": `Gradient descent on ${rows} rows` }, [
    make("div", { class: "viz-row" }, ...buttons, stepper),
    rate,
    ...starts,
    says,
    make("div", { class: "viz-charts" },
      figure("Loss over b and w, the same along each ring. Drag the start.", surface),
      figure("Data, and the line b + w · x. Dashed: the best line.", data)),
    live,
    make("div", { class: "viz-charts" },
      figure("This step in numbers.", sums),
      figure("Loss at each step.", losses)),
  ]);
  keys(el, { " ": play.toggle });
  const watched = ["lr", "start", "step"].map((key) => `change:${key}`);
  for (const event of watched) model.on(event, show);
  show();
  return () => {
    play.stop();
    for (const event of watched) model.off(event, show);
  };
}

export default { render };
