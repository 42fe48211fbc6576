// The list: how many marks of each sheet wait on this device, and those of another judge on a shared tablet.
import { openDesk } from "./desk.js";
import { word } from "./words.js";

function draw(outbox) {
  document.querySelectorAll("[data-sheet]").forEach((link) => {
    const count = outbox.ofSheet(link.dataset.sheet).length;
    const badge = link.querySelector("[data-unsent]");
    badge.hidden = count === 0;
    badge.querySelector("span").textContent = count ? String(count) : "";
  });
  const others = outbox.ofOthers().length;
  const note = document.querySelector("[data-others]");
  note.hidden = others === 0;
  note.querySelector("[data-others-text]").textContent = others ? word("others", { n: others }) : "";
}

openDesk({ receipt: () => {} }).then((desk) => {
  draw(desk.outbox);
  desk.start();
  window.setInterval(() => draw(desk.outbox), 1000);
});
