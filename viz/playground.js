// The graph playground: an expression, a switch for each tensor, and what they show. Pictures come
// from Python: those of the given expressions with the page, all others from a running notebook.
// Names used without a definition are those of widget.js.

const PATIENCE = 400; // milliseconds without a key, after which what was typed is computed
const SILENCE = 6000; // milliseconds without an answer, after which no Python seems to be there
const LIVE = "Type an expression, or choose one, and switch requires_grad: the graph follows.";
const STILL = "Choose an expression and switch requires_grad: the graph follows. " +
  "Typing other expressions needs a running notebook.";

// What Python packed: compressed JSON, as text.
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// A row of the table for each tensor: its name, its numbers, its switch and its gradient.
function tensorTable(names, values, fixed, change) {
  const switches = names.map((name, k) => {
    const made = make("input", { type: "checkbox", "aria-label": `${name}.requires_grad` });
    made.disabled = fixed[k];
    if (fixed[k]) made.title = "Only tensors of floating point numbers can require a gradient.";
    made.addEventListener("change", change);
    return made;
  });
  const gradients = names.map(() => make("td"));
  const heads = ["tensor", "value", "requires_grad", "gradient (.grad)"];
  const rows = names.map((name, k) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, values[k]),
      make("td", {}, switches[k]), gradients[k]));
  const head = make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)));
  return { element: make("table", {}, head, ...rows), switches, gradients };
}

async function render({ model, el }) {
  const frames = await unpack(model.get("frames"));
  const live = Boolean(model.widget_manager); // a page of its own has none
  const given = model.get("expressions");
  const hint = make("p", {}, live ? LIVE : STILL);
  const field = make("input", { type: "text", spellcheck: "false", "aria-label": "expression" });
  field.readOnly = !live;
  field.title = live ? "" : STILL;
  const other = make("option", { value: "", disabled: "" }, "or choose one");
  const options = given.map((expression) => make("option", { value: expression }, expression));
  const choice = make("select", { "aria-label": "expressions to choose from" }, other, ...options);
  const problem = make("p", { class: "viz-problem", role: "alert" });
  const says = make("p", { class: "viz-says", role: "status" });
  const picture = make("div", { class: "viz-picture" });
  const words = make("pre", { tabindex: 0, role: "group", "aria-label": "The graph in words" });

  let typing = 0; // timers
  let waiting = 0;
  const ask = () => {
    clearTimeout(typing);
    const switches = table.switches.map((each) => each.checked); // before set() redraws them
    model.set("expression", field.value.toWellFormed?.() ?? field.value);
    model.set("switches", switches);
    model.save_changes();
  };
  const fixed = [model.get("names"), model.get("values"), model.get("fixed")];
  const table = tensorTable(...fixed, ask);
  const type = () => {
    clearTimeout(typing);
    typing = setTimeout(ask, PATIENCE);
  };
  const choose = () => ((field.value = choice.value), ask());
  field.addEventListener("input", type);
  field.addEventListener("change", ask);
  choice.addEventListener("change", choose);

  // What is known of an expression at a setting: from the page, or as Python's last answer.
  const known = (expression, switches) => {
    const answer = model.get("answer");
    const fits = answer?.expression === expression && `${answer.switches}` === `${switches}`;
    return frames[expression]?.[switches.map(Number).join("")] ?? (fits ? answer : null);
  };
  const show = () => {
    const [expression, switches] = [model.get("expression"), model.get("switches")];
    if (field.value !== expression) field.value = expression;
    choice.selectedIndex = given.indexOf(expression) + 1; // before them stands `other`
    table.switches.forEach((each, k) => (each.checked = switches[k]));
    const frame = known(expression, switches);
    clearTimeout(waiting);
    if (!frame) waiting = setTimeout(() => complain("No answer from Python. " + STILL), SILENCE);
    else if (frame.problem) complain(frame.problem);
    else present(expression, frame);
    el.classList.toggle("viz-stale", !frame || "problem" in frame);
  };
  const complain = (sentence) => (problem.textContent = sentence);
  const present = (expression, frame) => {
    complain("");
    const looks = { role: "img", "aria-label": `The graph of ${expression}` };
    picture.replaceChildren(fill(drawing(frame.svg), looks, []));
    words.textContent = frame.words;
    says.textContent = `${expression} = ${frame.result}. ${frame.remark}`;
    table.gradients.forEach((cell, k) => (cell.textContent = frame.gradients[k]));
  };

  el.classList.add("viz", "viz-playground");
  fill(el, { role: "group", "aria-label": "Graph playground" }, [
    hint,
    make("div", { class: "viz-row" }, field, choice),
    problem,
    table.element,
    says,
    make("div", { class: "viz-seen" }, picture, words),
  ]);
  keys(el, {});
  const watched = ["expression", "switches", "answer"].map((key) => `change:${key}`);
  for (const event of watched) model.on(event, show);
  show();
  return () => {
    clearTimeout(typing);
    clearTimeout(waiting);
    for (const event of watched) model.off(event, show);
  };
}

export default { render };
