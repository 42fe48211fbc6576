// A comment on an aspect or on the whole sheet: kept as it is left, like a mark.
import { word } from "./words.js";

export class CommentBox {
  // element: the <details> with a textarea; note(fields): keeps a note
  constructor(element, { sheet, aspect, attempt, note }) {
    Object.assign(this, { element, sheet, aspect, attempt, note });
    this.area = element.querySelector("textarea");
    this.text = this.area.value.trim();
    this.area.addEventListener("blur", () => this.leave());
    this.area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") {
        element.open = false;
        element.querySelector("summary").focus();
      }
    });
    this.draw();
  }

  leave() {
    const text = this.area.value.trim();
    if (text !== this.text) {
      this.text = text;
      this.note({ kind: "comment", sheet: this.sheet, aspect: this.aspect, attempt: this.attempt, text });
      this.say(word("kept"));
      this.draw();
    }
  }

  // What waits on this device stands over what the page brought.
  show(note) {
    this.text = note.text;
    this.area.value = note.text;
    this.say(word("kept"));
    this.draw();
  }

  answered(receipt) {
    this.say(receipt.status === "refused" ? receipt.message : word("stored"));
  }

  say(text) {
    this.element.querySelector("[data-comment-receipt]").textContent = text;
  }

  draw() {
    this.element.classList.toggle("has-text", this.text !== "");
    this.element.parentElement.querySelector("[data-comment-text]").textContent = this.text;
  }

  want(isWanted) {
    const missing = isWanted && this.text === "";
    this.element.classList.toggle("is-wanted", missing);
    this.element.parentElement.querySelector("[data-comment-wanted]").hidden = !missing;
    return missing;
  }
}
