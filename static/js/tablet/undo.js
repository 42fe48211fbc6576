// Taking back the last entries: a mark is never emptied, so the former value becomes a new revision that says so.
import { word } from "./words.js";

const MOST = 50;

export class Undo {
  // button: in the header; put(field, state, value, comment): saves a mark without remembering it
  constructor(button, put) {
    Object.assign(this, { button, put, done: [] });
    button.addEventListener("click", () => this.undo());
    this.draw();
  }

  remember(field, before) {
    this.done.push({ field, before });
    this.done = this.done.slice(-MOST);
    this.draw();
  }

  async undo() {
    const last = this.done.pop();
    this.draw();
    if (!last) {
      return;
    }
    const { field, before } = last;
    if (before.state === "none") {
      field.focus();
      this.say(word("undo_first", { title: field.title }));
      return;
    }
    await this.put(field, before.state, before.value === "" ? null : before.value, word("undo_comment"));
    field.focus();
    this.say(word("undo_done", { title: field.title, value: before.value || word(`state_${before.state}`) }));
  }

  say(text) {
    document.querySelector("[data-said]").textContent = text;
  }

  draw() {
    this.button.hidden = false;
    this.button.disabled = this.done.length === 0;
  }
}
