// "Try it here" below a program: a Python console that runs it. It is loaded when the button is
// pressed, and not before. Only a book with the edition that runs in the browser has this script.

const root = document.documentElement.dataset.content_root; // the way to the first page

for (const program of document.querySelectorAll(".try-it")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "door";
  button.textContent = "Try it here";
  button.addEventListener("click", () => button.replaceWith(consoleWith(program)));
  program.after(button);
}

function consoleWith(program) {
  const frame = document.createElement("iframe");
  const code = program.querySelector("pre").textContent.trim();
  const options = new URLSearchParams({ kernel: "python", toolbar: "1", code });
  frame.className = "console";
  frame.title = "A Python console that runs this program";
  frame.src = `${root}live/repl/index.html?${options}`;
  frame.addEventListener("load", () => frame.focus(), { once: true });
  return frame;
}
