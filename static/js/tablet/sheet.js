// The sheet: each field is saved as it is left, kept on the device, sent, and ticked by the server's receipt.
import { Field } from "./field.js";
import { newId } from "./uuid.js";
import { openDesk } from "./desk.js";
import { word } from "./words.js";

const form = document.getElementById("sheet");

async function start() {
  const fields = Array.from(form.querySelectorAll("[data-aspect]"), (element) => new Field(element));
  const byPlace = new Map(fields.map((field) => [field.place, field]));
  const desk = await openDesk({ receipt: (mark, receipt) => settled(mark, receipt) });
  const { outbox, sync } = desk;

  function settled(mark, receipt) {
    if (mark.sheet !== form.dataset.sheet) {
      return;
    }
    const field = byPlace.get(`${mark.aspect}.${mark.attempt}`);
    if (field) {
      field.answered(mark, receipt, { resolve: (keepMine) => resolve(field, mark, receipt, keepMine) });
      sum();
    }
  }

  // Of two values the judge chooses one. Keeping one's own is a new mark that replaces the other.
  async function resolve(field, mark, receipt, keepMine) {
    for (const held of outbox.ofSheet(mark.sheet)) {
      if (held.refused && held.aspect === mark.aspect && held.attempt === mark.attempt) {
        await outbox.settle(held.uuid);
      }
    }
    field.standsAt(receipt.current);
    if (keepMine) {
      await save(field, mark.state, mark.value);
    } else {
      field.show(receipt.current);
    }
    sum();
    desk.draw();
  }

  async function save(field, state, value) {
    const mark = {
      uuid: newId(),
      sheet: form.dataset.sheet,
      aspect: field.aspect,
      attempt: field.attempt,
      state,
      value,
      replaces: field.uuid || null,
      comment: "",
      typed_at: new Date().toISOString(),
    };
    // The field takes the mark before anything is awaited, so that the next one typed replaces this one.
    field.take(mark);
    sum();
    try {
      const keeping = outbox.put(mark);
      desk.draw(); // at once: the line must not say that all is stored while a mark is on its way to the disk
      await keeping;
    } catch (problem) {
      desk.notDurable();
    }
    field.kept(mark);
    desk.draw();
    sync.now();
  }

  function sum() {
    const total = fields.reduce((found, field) => found + field.points(), 0);
    document.querySelector("[data-sum]").textContent = String(Math.round(total / 10) / 100);
    const left = fields.filter((field) => field.isMissing).length;
    document.querySelector("[data-left]").textContent = left ? word("left", { n: left }) : word("complete");
  }

  fields.forEach((field, index) => {
    field.listen({
      save: (state, value) => save(field, state, value),
      go: (step) => {
        const next = fields[index + step];
        if (next) {
          next.focus();
        } else if (step > 0) {
          const button = form.querySelector("[data-to-summary]");
          if (button) {
            button.focus();
          }
        }
      },
    });
  });
  // A page kept for lack of a network may be older than marks that the server has since acknowledged.
  for (const { place, mark } of await desk.later(form.dataset.sheet)) {
    const field = byPlace.get(place);
    if (field) {
      field.show(mark);
      field.standsAt(mark);
    }
  }
  // Marks typed before and not yet acknowledged are shown again, newest last.
  for (const mark of outbox.ofSheet(form.dataset.sheet)) {
    const field = byPlace.get(`${mark.aspect}.${mark.attempt}`);
    if (field) {
      field.take(mark);
      field.kept(mark);
      if (mark.refused) {
        settled(mark, mark.refused);
      }
    }
  }
  const plain = form.querySelector("[data-plain-save]");
  if (plain) {
    plain.hidden = true;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fields.forEach((field) => field.leave());
    const bad = fields.find((field) => field.isBad);
    if (bad) {
      bad.focus();
      return;
    }
    // A page that is opened without a network is worse than a word beside the button: wait for the receipts.
    sync.now().then(() => {
      window.location.href = form.querySelector("[data-to-summary]").dataset.href;
    });
  });
  sum();
  desk.start();
}

if (form) {
  start();
}
