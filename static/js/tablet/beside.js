// What stands beside the marks of a sheet: comments, clocks, photos and the call to the chief judge.
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { CommentBox } from "./comment.js";
import { placeOf } from "./field.js";
import { word } from "./words.js";

export class Beside {
  // fields: of the page; note(fields): keeps a note
  constructor(form, fields, notebook, note) {
    Object.assign(this, { form, notebook, note });
    this.comments = new Map();
    this.clocks = new Map();
    this.cameras = new Map();
    fields.forEach((field) => this.equip(field));
    this.whole(form.dataset.sheet);
    this.problem(document.querySelector("[data-problem]"));
    if (form.dataset.sheet) {
      if ("kept" in document.documentElement.dataset) {
        notebook.lately(form.dataset.sheet, "comment").forEach((one) => this.again(one));
      }
      notebook.ofSheet(form.dataset.sheet).forEach((one) => this.again(one));
    }
  }

  equip(field) {
    const { sheet, aspect, attempt, element } = field;
    const place = { sheet, aspect, attempt, note: this.note };
    const comment = element.querySelector("[data-comment]");
    if (comment) {
      this.comments.set(field.place, new CommentBox(comment, place));
    }
    const camera = element.querySelector("[data-camera]");
    if (camera) {
      this.cameras.set(field.place, new Camera(camera, Object.assign({ kind: "evidence" }, place)));
    }
    const clock = element.querySelector("[data-clock]");
    if (clock) {
      const own = this.notebook.lately(sheet, "timing").filter((one) => placeOf(one) === field.place);
      const held = JSON.parse(clock.dataset.presses || "[]");
      const known = new Set(held.map((press) => press.uuid));
      const fresh = own
        .filter((one) => !known.has(one.uuid))
        .map((one) => Object.assign({}, one, { at: Date.parse(one.made_at) }));
      const keep = (fields) => this.note(Object.assign({ sheet, aspect, attempt }, fields));
      this.clocks.set(field.place, new Clock(clock, { presses: held.concat(fresh), note: keep, fill: (text) => field.fill(text) }));
    }
  }

  whole(sheet) {
    const place = { sheet, aspect: "", attempt: 1, note: this.note };
    const comment = document.querySelector("[data-sheet-comment]");
    if (comment) {
      this.comments.set(placeOf(place), new CommentBox(comment, place));
    }
    const camera = document.querySelector("[data-paper-camera]");
    if (camera) {
      this.cameras.set(placeOf(place), new Camera(camera, Object.assign({ kind: "signed_paper" }, place)));
    }
  }

  // One tap on a kind calls the chief judge; without a network the call waits on the device.
  problem(box) {
    if (!box) {
      return;
    }
    const form = box.querySelector("form");
    const words = form.querySelector("textarea");
    const said = box.querySelector("[data-problem-said]");
    words.addEventListener("keydown", (event) => event.stopPropagation());
    form.querySelectorAll("[name=kind]").forEach((button) => {
      button.addEventListener("click", async (event) => {
        event.preventDefault();
        const text = words.value.trim();
        if (button.value === "other" && text === "") {
          said.textContent = word("note_problem_words_missing");
          words.focus();
          return;
        }
        await this.note({ kind: "problem", problem: button.value, sheet: form.dataset.sheet, text });
        words.value = "";
        said.textContent = word("problem_kept", { kind: button.textContent.trim() });
      });
    });
  }

  // Shown again after a reload: what the server has not answered for yet.
  again(note) {
    const place = placeOf(note);
    if (note.kind === "comment" && this.comments.has(place)) {
      this.comments.get(place).show(note);
    } else if (note.kind === "photo" && this.cameras.has(place)) {
      this.cameras.get(place).show(note);
    }
    if (note.refused) {
      this.answered(note, note.refused);
    }
  }

  answered(note, receipt) {
    const place = placeOf(note);
    const box = { comment: this.comments, photo: this.cameras, timing: this.clocks }[note.kind];
    if (box && box.has(place)) {
      box.get(place).answered(receipt);
    }
    const said = document.querySelector("[data-problem-said]");
    if (note.kind === "problem" && said) {
      said.textContent = receipt.status === "refused" ? receipt.message : word("problem_sent");
    }
  }

  // How many comments the rules ask for are missing; each is pointed out at its place.
  missing(fields) {
    return fields.filter((field) => {
      const box = this.comments.get(field.place);
      return box ? box.want(field.asksForComment) : false;
    });
  }
}
