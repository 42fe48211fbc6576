// The connection line of the sticky header: state, marks waiting, age of the oldest; icon and word.
import { word } from "./words.js";

function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 90 ? word("seconds", { n: seconds }) : word("minutes", { n: Math.round(seconds / 60) });
}

// Marks and what stands beside them, apart: the judge who wrote a comment sees that it waits too. Empty: nothing waits.
export function counted(marks, notes) {
  if (notes) {
    return marks ? word("marks_and_notes", { n: marks, m: notes }) : word("notes_only", { m: notes });
  }
  return marks ? word("marks_only", { n: marks }) : "";
}

export class StatusLine {
  constructor(element, outbox) {
    this.element = element;
    this.outbox = outbox;
    this.notebook = null; // opened a moment later
    this.state = { online: true, busy: false, signedOut: false };
    window.setInterval(() => this.draw(), 1000);
  }

  update(state) {
    this.state = state;
    this.draw();
  }

  draw() {
    const waiting = this.outbox.waiting();
    const notes = this.notebook ? this.notebook.waiting() : [];
    const held = this.outbox.held().length;
    const made = waiting.slice(0, 1).map((mark) => mark.typed_at).concat(notes.slice(0, 1).map((note) => note.made_at));
    const oldest = made.length ? age(Date.now() - Math.min(...made.map((text) => Date.parse(text)))) : "";
    const [name, text] = this.choose(counted(waiting.length, notes.length), oldest, held);
    if (this.element.dataset.state !== name) {
      this.element.dataset.state = name;
    }
    this.element.querySelectorAll("[data-when]").forEach((icon) => {
      icon.hidden = !icon.dataset.when.split(" ").includes(name);
    });
    const line = this.element.querySelector("[data-text]");
    if (line.textContent !== text) {
      line.textContent = text;
    }
  }

  choose(count, oldest, held) {
    if (this.state.signedOut) {
      return ["signedout", word("signed_out", { n: count || word("marks_only", { n: 0 }) })];
    }
    if (!this.state.online) {
      return ["offline", count ? word("offline_waiting", { n: count, age: oldest }) : word("offline")];
    }
    if (count) {
      return ["waiting", word("waiting", { n: count, age: oldest })];
    }
    if (held) {
      return ["held", word("held", { n: held })];
    }
    return ["online", word("all_stored")];
  }
}
