// Signing without a network: the summary is made of what stands on this screen, and the signature lists exactly that.
// The server takes it when all of those marks have arrived, and only if they are the same.
import { Pad } from "./pad.js";
import { word } from "./words.js";

function cell(tag, text, name) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) {
    element.className = name;
  }
  return element;
}

export class Signing {
  constructor(panel, { form, fields, beside, notebook, note, open }) {
    Object.assign(this, { panel, form, fields, beside, notebook, note, open });
    this.part = (name) => panel.querySelector(`[data-sign-${name}]`);
    this.pad = new Pad(panel.querySelector("[data-pad]"));
    this.part("do").addEventListener("click", () => this.sign());
    this.part("back").addEventListener("click", () => this.hide());
  }

  get sheet() {
    return this.form.dataset.sheet;
  }

  show() {
    const rows = this.part("rows");
    rows.textContent = "";
    for (const field of this.fields) {
      const row = document.createElement("tr");
      const value = field.state === "value" ? field.said() : word(`state_${field.state}`);
      row.append(cell("th", field.title), cell("td", value, "num"), cell("td", field.worth(), "num"));
      rows.append(row);
    }
    this.part("sum").textContent = document.querySelector("[data-sum]").textContent;
    const points = this.fields.filter((field) => field.state === "value" && field.counts);
    const isZero = points.length >= 3 && points.every((field) => field.points() <= 0);
    this.part("odd").hidden = !isZero;
    this.form.hidden = true;
    this.panel.hidden = false;
    this.pad.draw();
    this.panel.querySelector("h1").focus();
    window.scrollTo(0, 0);
  }

  hide() {
    this.panel.hidden = true;
    this.form.hidden = false;
    this.fields[0].focus();
  }

  async sign() {
    if (!this.part("odd").hidden && !["确认", "確認", "sure"].includes(this.part("word").value.trim().toLowerCase())) {
      this.say(word("marks_unlikely"));
      this.part("word").focus();
      return;
    }
    if (this.pad.isEmpty) {
      this.say(word("draw_first"));
      return;
    }
    const marks = this.fields.filter((field) => field.state !== "none").map((field) => field.listed());
    const who = this.panel.querySelector("[name=judge]:checked");
    const fields = { kind: "signature", sheet: this.sheet, marks, drawing: this.pad.path(), word: this.part("word").value };
    const kept = await this.note(Object.assign(fields, { judge: who ? who.value : "" }));
    this.hide();
    this.open(kept);
  }

  say(text) {
    const box = this.part("problem");
    box.hidden = text === "";
    box.textContent = text;
  }
}
