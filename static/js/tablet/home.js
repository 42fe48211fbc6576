// The list: how many marks of each sheet wait on this device, and which sheets open without a network.
import { openDesk } from "./desk.js";
import { keepPages } from "./kept.js";
import { offerFile } from "./outboxfile.js";
import { counted } from "./status.js";
import { word } from "./words.js";

function draw({ outbox, notebook }) {
  document.querySelectorAll("[data-sheet]").forEach((link) => {
    const text = counted(outbox.ofSheet(link.dataset.sheet).length, notebook.ofSheet(link.dataset.sheet).length);
    const badge = link.querySelector("[data-unsent]");
    badge.hidden = text === "";
    badge.querySelector("span").textContent = text;
  });
  const others = outbox.ofOthers().length;
  const note = document.querySelector("[data-others]");
  note.hidden = others === 0;
  note.querySelector("[data-others-text]").textContent = others ? word("others", { n: others }) : "";
}

// Every sheet of the list is fetched ahead, so that one never opened opens without a network too.
async function keepAhead(owner) {
  const links = Array.from(document.querySelectorAll("[data-sheet]"));
  const pages = links.map((link) => ({ path: new URL(link.href).pathname, stamp: link.dataset.stamp }));
  // The worker kept this very page as it passed, unless there was none yet or a passing message stands on it.
  const isPassed = navigator.serviceWorker && navigator.serviceWorker.controller && !document.querySelector(".flashes");
  const own = isPassed ? [] : [{ path: window.location.pathname, stamp: "never" }];
  const isWhole = await keepPages(owner, document.documentElement.dataset.digest, own.concat(pages));
  const line = document.querySelector("[data-ready]");
  line.hidden = !isWhole;
  line.querySelector("span").textContent = isWhole ? word("opens_offline", { n: links.length }) : "";
}

function askBeforeSigningOut(desk) {
  const form = document.querySelector("[data-sign-out]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const count = desk.outbox.waiting().length + desk.notebook.waiting().length;
    if (count === 0 || window.confirm(word("signing_out_with", { n: count }))) {
      desk.app.forget().then(() => form.submit());
    }
  });
}

openDesk({ receipt: () => {} }).then((desk) => {
  const drawFile = offerFile(desk.outbox, desk.notebook, desk.owner);
  const drawAll = () => {
    draw(desk);
    drawFile();
  };
  drawAll();
  desk.start();
  window.setInterval(drawAll, 1000);
  askBeforeSigningOut(desk);
  if (!("kept" in document.documentElement.dataset)) {
    keepAhead(desk.owner);
  }
});
