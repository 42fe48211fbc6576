// The sheet: each field is saved as it is left, kept on the device, sent, and ticked by the server's receipt.
// The same for one aspect of all contestants, where each field belongs to another sheet.
import { Beside } from "./beside.js";
import { Field, placeOf } from "./field.js";
import { Signing } from "./sign.js";
import { Undo } from "./undo.js";
import { newId } from "./uuid.js";
import { openDesk } from "./desk.js";
import { word } from "./words.js";

const form = document.getElementById("sheet");

async function start() {
  const fields = Array.from(form.querySelectorAll("[data-aspect]"), (element) => new Field(element));
  const byPlace = new Map(fields.map((field) => [field.place, field]));
  const desk = await openDesk({ receipt: (mark, receipt) => settled(mark, receipt), noted });
  const { outbox, sync, notebook } = desk;
  const beside = new Beside(form, fields, notebook, desk.note);
  const undo = new Undo(document.querySelector("[data-undo]"), put);
  const panel = document.querySelector("[data-signing]");
  const signing = panel ? new Signing(panel, { form, fields, beside, notebook, note: desk.note, open: signed }) : null;

  function settled(mark, receipt) {
    const field = byPlace.get(placeOf(mark));
    if (field) {
      field.answered(mark, receipt, { resolve: (keepMine) => resolve(field, mark, receipt, keepMine) });
      sum();
    }
    desk.courier.now();
  }

  function noted(note, receipt) {
    beside.answered(note, receipt);
    if (note.kind === "signature" && note.sheet === form.dataset.sheet) {
      signed(notebook.ofSheet(note.sheet, "signature")[0]);
    }
  }

  // Of two values the judge chooses one. Keeping one's own is a new mark that replaces the other.
  async function resolve(field, mark, receipt, keepMine) {
    for (const held of outbox.ofSheet(mark.sheet)) {
      if (held.refused && placeOf(held) === field.place) {
        await outbox.settle(held.uuid);
      }
    }
    field.standsAt(receipt.current);
    if (keepMine) {
      await put(field, mark.state, mark.value);
    } else {
      field.show(receipt.current);
    }
    sum();
    desk.draw();
  }

  async function save(field, state, value) {
    undo.remember(field, { state: field.state, value: field.value });
    await put(field, state, value);
  }

  async function put(field, state, value, comment = "") {
    const mark = {
      uuid: newId(),
      sheet: field.sheet,
      aspect: field.aspect,
      attempt: field.attempt,
      state,
      value,
      replaces: field.uuid || null,
      comment,
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
    const box = document.querySelector("[data-sum]");
    if (box) {
      const total = fields.reduce((found, field) => found + field.points(), 0);
      box.textContent = String(Math.round(total / 10) / 100);
    }
    const left = fields.filter((field) => field.isMissing).length;
    document.querySelector("[data-left]").textContent = left ? word("left", { n: left }) : word("complete");
    beside.missing(fields);
  }

  function go(index, step) {
    const next = fields[index + step];
    const button = form.querySelector("[data-to-summary]");
    if (next) {
      next.focus();
    } else if (step > 0 && button) {
      button.focus();
    }
  }

  fields.forEach((field, index) => {
    field.listen({ save: (state, value) => save(field, state, value), go: (step) => go(index, step) });
  });
  // A page kept for lack of a network may be older than marks that the server has since acknowledged.
  for (const sheet of new Set(fields.map((field) => field.sheet))) {
    for (const { place, mark } of await desk.later(sheet)) {
      const field = fields.find((one) => one.sheet === sheet && `${one.aspect}.${one.attempt}` === place);
      if (field) {
        field.show(mark);
        field.standsAt(mark);
      }
    }
  }
  // Marks typed before and not yet acknowledged are shown again, newest last.
  for (const mark of outbox.all().filter((one) => one.owner === outbox.owner)) {
    const field = byPlace.get(placeOf(mark));
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

  // Signed on this device and not yet arrived: the fields are closed, the signature can still be taken back.
  function signed(note) {
    const box = document.querySelector("[data-signed]");
    if (!box) {
      return;
    }
    if (!note) {
      window.location.href = form.dataset.home;
      return;
    }
    box.hidden = false;
    box.querySelector("[data-signed-text]").textContent = note.refused ? note.refused.message : word("signed_here");
    if (!note.refused) {
      fields.forEach((field) => field.close());
      form.querySelector(".sheet-actions").hidden = true;
    }
    box.querySelector("[data-unsign]").onclick = async () => {
      await notebook.settle(note.uuid);
      window.location.reload();
    };
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fields.forEach((field) => field.leave());
    const bad = fields.find((field) => field.isBad) || fields.find((field) => field.isMissing);
    const mute = beside.missing(fields)[0];
    if (bad || mute) {
      if (!bad) {
        mute.element.querySelector("[data-comment]").open = true;
      }
      document.querySelector("[data-said]").textContent = bad ? document.querySelector("[data-left]").textContent : word("comment_wanted");
      (bad || mute).focus();
      return;
    }
    // The server's summary looks at more than this device can; without a network the sheet is signed here.
    sync.now().then(async () => {
      await desk.courier.now();
      const isHere = outbox.ofSheet(form.dataset.sheet).some((mark) => !mark.refused);
      if (signing && (isHere || (await sync.renewToken()) === "network")) {
        signing.show();
      } else {
        window.location.href = form.querySelector("[data-to-summary]").dataset.href;
      }
    });
  });
  const waiting = notebook.ofSheet(form.dataset.sheet || "-", "signature")[0];
  if (waiting) {
    signed(waiting);
  }
  sum();
  desk.start();
  if (window.location.hash === "#summary" && !waiting) {
    form.dispatchEvent(new Event("submit", { cancelable: true })); // with the same checks as by the button
  }
}

if (form) {
  start();
}
