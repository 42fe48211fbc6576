// What every page of the tablet shares: the outbox and the notebook, their senders, and the connection line.
import { startApp } from "./app.js";
import { Known } from "./known.js";
import { Courier } from "./courier.js";
import { Notebook } from "./notebook.js";
import { Outbox } from "./outbox.js";
import { StatusLine } from "./status.js";
import { Sync } from "./sync.js";
import { newId } from "./uuid.js";
import { word } from "./words.js";

function deviceName() {
  try {
    const kept = window.localStorage.getItem("device") || newId();
    window.localStorage.setItem("device", kept);
    return kept;
  } catch (problem) {
    return "";
  }
}

export async function openDesk({ receipt, noted = () => {} }) {
  const holder = document.getElementById("words").dataset;
  const page = document.documentElement.dataset;
  const outbox = await Outbox.open(holder.owner);
  const known = await Known.open(holder.owner);
  const element = document.querySelector("[data-conn]");
  element.hidden = false;
  const line = new StatusLine(element, outbox);
  const sync = new Sync(outbox, {
    url: holder.sync,
    tokenUrl: holder.token,
    token: document.querySelector('meta[name="csrf-token"]').content,
    device: page.device || deviceName(),
    known,
    on: {
      receipt,
      state: (state) => {
        line.update(state);
        app.state(state);
      },
    },
  });
  const app = startApp({ page, owner: holder.owner, outbox, known, sync });
  const notDurable = () => {
    const note = document.querySelector("[data-not-durable]");
    if (note) {
      note.hidden = false;
      note.querySelector("p").textContent = word("not_durable");
    }
  };
  if (!outbox.isDurable) {
    notDurable();
  }
  const notebook = await Notebook.open(holder.owner);
  line.notebook = notebook;
  app.count(notebook);
  line.draw();
  const urls = { notes: holder.notes, photos: holder.photos };
  const courier = new Courier(notebook, outbox, sync, urls, (one, answer) => noted(one, answer));
  // Keeps a note on this device, then sends it. Returns it as it is kept.
  const note = async (fields) => {
    const made = { uuid: newId(), aspect: "", attempt: 1, text: "", made_at: new Date().toISOString() };
    let kept = Object.assign(made, fields);
    try {
      kept = await notebook.put(kept);
    } catch (problem) {
      notDurable();
    }
    courier.now();
    return kept;
  };
  // Leaving while something is unsent and not even kept would lose it: then the browser asks.
  window.addEventListener("beforeunload", (event) => {
    const isKept = outbox.isDurable && notebook.database;
    if (!isKept && outbox.waiting().length + notebook.waiting().length > 0) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  return {
    outbox,
    sync,
    notebook,
    courier,
    note,
    app,
    owner: holder.owner,
    notDurable,
    // What the server holds of a sheet beyond a kept page: [{place, mark}]; nothing for a page fresh from the server.
    later: (sheet) => ("kept" in page ? known.since(sheet, page.rendered) : Promise.resolve([])),
    draw: () => line.draw(),
    start: () => {
      sync.start();
      app.start();
      if (urls.notes) {
        courier.start();
      }
    },
  };
}
