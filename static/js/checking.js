// The walk through the pile by keyboard: + is right, − is wrong and asks what.
const acts = document.querySelector("[data-check]");

if (acts) {
  const right = acts.querySelector("form button");
  const wrong = acts.querySelector("details");
  const note = wrong.querySelector("input[name=note]");
  right.focus();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target === note) {
      return;
    }
    if (event.key === "+") {
      event.preventDefault();
      right.click();
    } else if (event.key === "-" || event.key === "−") {
      event.preventDefault();
      wrong.open = true;
      note.focus();
    }
  });
}
