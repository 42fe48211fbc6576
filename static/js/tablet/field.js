// One aspect on the screen: what is typed, what stands, what the server said about it.
import { Bands } from "./bands.js";
import { readTyped, shown } from "./typed.js";
import { word } from "./words.js";

function number(text) {
  return text === "" || text === undefined ? null : parseInt(text, 10);
}

// Where a mark stands; marks of the outbox carry the same three.
export function placeOf({ sheet, aspect, attempt }) {
  return `${sheet} ${aspect} ${attempt}`;
}

export class Field {
  constructor(element) {
    const data = element.dataset;
    this.element = element;
    this.sheet = data.sheet;
    this.aspect = data.aspect;
    this.attempt = parseInt(data.attempt, 10);
    this.place = placeOf(data);
    this.asks = { low: number(data.commentLow), high: number(data.commentHigh) };
    this.limits = {
      low: number(data.low),
      high: number(data.high),
      step: number(data.step),
      decimals: parseInt(data.decimals, 10),
      clock: data.clock === "1",
    };
    this.input = element.querySelector("[data-field]");
    this.bands = element.querySelector("[data-bands]") ? new Bands(element, this.limits) : null;
    this.radios = Array.from(element.querySelectorAll("[data-buttons] input"));
    this.choice = element.querySelector("[data-statefield]");
    this.state = data.state;
    this.value = data.value;
    this.uuid = data.uuid;
    this.isBad = false;
  }

  get isMissing() {
    return this.state === "none" && this.element.dataset.optional !== "1";
  }

  // Whether the rules want a word on this mark.
  get asksForComment() {
    const { low, high } = this.asks;
    if (this.state !== "value" || (low === null && high === null)) {
      return false;
    }
    const milli = readTyped(this.value, Object.assign({}, this.limits, { low: null, high: null, step: null })).milli;
    return (low !== null && milli <= low) || (high !== null && milli >= high);
  }

  // Points before weights in thousandths; the server computes results, this only helps the eye.
  points() {
    const { up, down, base, kind } = this.element.dataset;
    if (this.state !== "value" || up === "") {
      return 0;
    }
    const read = readTyped(this.value, Object.assign({}, this.limits, { low: null, high: null, step: null, decimals: 3 }));
    if (read.error) {
      return 0;
    }
    const found = parseInt(base, 10) + (read.milli * parseInt(up, 10)) / parseInt(down, 10);
    return kind === "deduction" ? Math.max(0, found) : found;
  }

  // For the summary on this device: title, what was typed as people say it, and what it is worth.
  get title() {
    return this.element.querySelector("h3").textContent.replace(/\s+/g, " ").trim();
  }

  get counts() {
    return this.element.dataset.up !== "" && this.element.dataset.optional !== "1";
  }

  said() {
    const chosen = this.radios.find((radio) => radio.checked);
    const text = chosen ? chosen.closest("label").textContent.replace(/\s+/g, " ").trim() : this.value;
    return this.element.dataset.kind === "deduction" && this.value !== "0" ? `−${text}` : text;
  }

  worth() {
    const row = this.bands && this.state === "value" ? this.bands.points() : "";
    if (row) {
      return row;
    }
    return this.state === "value" && this.element.dataset.up !== "" ? String(Math.round(this.points() / 10) / 100) : "";
  }

  listen({ save, go }) {
    this.save = save;
    if (this.input) {
      this.input.addEventListener("focus", () => this.input.select());
      this.input.addEventListener("blur", () => this.leave());
      this.input.addEventListener("input", () => this.typing());
    }
    this.radios.forEach((radio) => radio.addEventListener("change", () => this.leave()));
    if (this.choice) {
      this.choice.addEventListener("change", () => this.leave());
    }
    this.element.querySelector("[data-entry]").addEventListener("keydown", (event) => this.key(event, go));
  }

  // Enter goes on, Shift+Enter back; digits press the big buttons; arrows and wheel never change a mark.
  key(event, go) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const onRadio = this.radios.includes(event.target);
    if (event.key === "Enter" && event.target !== this.choice) {
      event.preventDefault();
      if (this.leave()) {
        go(event.shiftKey ? -1 : 1);
      }
    } else if (onRadio && event.key.startsWith("Arrow")) {
      event.preventDefault();
      go(event.key === "ArrowUp" || event.key === "ArrowLeft" ? -1 : 1);
    } else if (onRadio && /^[0-9]$/.test(event.key)) {
      const wanted = this.radios.find((radio) => radio.value === event.key);
      if (wanted) {
        event.preventDefault();
        wanted.checked = true;
        wanted.focus();
        this.leave();
      }
    }
  }

  focus() {
    const target = this.input || this.radios.find((radio) => radio.checked) || this.radios[0];
    target.focus();
    this.element.scrollIntoView({ block: "center" });
  }

  typing() {
    if (this.bands) {
      this.bands.show(this.choice && this.choice.value !== "value" ? "" : this.input.value);
    }
    if (this.element.dataset.kind === "deduction") {
      const read = readTyped(this.input.value, this.limits);
      this.deducted(read.error ? null : read.milli);
    }
  }

  deducted(milli) {
    const line = this.element.querySelector("[data-taken]");
    if (line) {
      const full = parseInt(this.element.dataset.base, 10);
      line.textContent = milli === null ? "…" : shown(milli);
      this.element.querySelector("[data-points]").textContent = milli === null ? "…" : shown(Math.max(0, full - milli));
    }
  }

  typed() {
    if (this.input) {
      return this.input.value;
    }
    const chosen = this.radios.find((radio) => radio.checked);
    return chosen ? chosen.value : "";
  }

  // The field is left: what changed is checked and saved. Returns false when it has to be mended first.
  leave() {
    const state = this.choice ? this.choice.value : "value";
    const text = this.typed();
    if (state !== "value") {
      this.clear();
      if (state !== this.state) {
        this.save(state, null);
      }
      return true;
    }
    if (text.trim() === "") {
      return this.state === "none" || this.state !== "value" ? this.clear() : this.refuse("emptied");
    }
    const read = readTyped(text, this.limits);
    if (read.error) {
      return this.refuse(read.error, read);
    }
    const value = shown(read.milli);
    this.clear();
    if (this.input && this.input.value !== value) {
      this.input.value = value;
    }
    if (this.state !== "value" || this.value !== value) {
      this.save("value", value);
    }
    return true;
  }

  clear() {
    if (this.isBad) {
      this.receipt(this.state === "none" ? "none" : "stored", this.state === "none" ? word("state_none") : this.words());
    }
    this.isBad = false;
    this.complain("");
    return true;
  }

  refuse(code, params = {}) {
    this.isBad = true;
    this.receipt("bad", word("refused"));
    this.complain(word(code, params));
    return false;
  }

  complain(text) {
    const box = this.element.querySelector("[data-error]");
    box.hidden = text === "";
    box.querySelector("[data-error-text]").textContent = text;
    box.querySelector("[data-choices]").textContent = "";
    this.element.classList.toggle("is-refused", text !== "");
    if (this.input) {
      this.input.setAttribute("aria-invalid", text === "" ? "false" : "true");
    }
  }

  // The mark stands on the screen; the next one of this place replaces it.
  take(mark) {
    this.uuid = mark.uuid;
    this.show(mark);
    this.receipt("none", "…");
  }

  // Kept on this device, not acknowledged yet; an older mark's word must not cover a newer one's.
  kept(mark) {
    if (this.uuid === mark.uuid) {
      this.receipt("kept", word("kept"));
    }
  }

  show(mark) {
    this.state = mark ? mark.state : "none";
    this.value = mark && mark.value !== null ? mark.value : "";
    if (this.input && document.activeElement !== this.input) {
      this.input.value = this.value;
    }
    this.radios.forEach((radio) => {
      radio.checked = this.state === "value" && radio.value === this.value;
    });
    if (this.choice) {
      this.choice.value = this.state === "none" ? "value" : this.state;
    }
    this.typing();
    if (this.state !== "value") {
      this.deducted(null);
    }
    for (const name of ["none", "value", "absent", "void"]) {
      this.element.classList.toggle(`is-${name}`, name === this.state);
    }
    if (mark && mark.uuid) {
      this.receipt("stored", this.words());
    }
  }

  // The mark as a signature lists it.
  listed() {
    return [this.aspect, this.attempt, this.state, this.state === "value" ? this.value : null, this.uuid];
  }

  // Typed by the page itself (the clock), not by hand.
  fill(text) {
    this.input.value = text;
    if (this.choice) {
      this.choice.value = "value";
    }
    return this.leave();
  }

  close() {
    [this.input, this.choice, ...this.radios].filter(Boolean).forEach((one) => {
      one.disabled = true;
    });
  }

  standsAt(current) {
    this.uuid = current ? current.uuid : "";
  }

  words() {
    return this.state === "value" ? word("stored") : `${word(`state_${this.state}`)} · ${word("stored")}`;
  }

  answered(mark, receipt, { resolve }) {
    if (receipt.status === "stored" || receipt.status === "known") {
      if (receipt.reason === "same_value" && this.uuid === mark.uuid) {
        this.standsAt(receipt.current);
      }
      if (this.uuid === mark.uuid || receipt.reason === "same_value") {
        this.receipt("stored", this.words());
      }
      return;
    }
    this.receipt("bad", word(receipt.status));
    this.complain(receipt.message || word(receipt.status));
    const place = this.element.querySelector("[data-choices]");
    place.textContent = "";
    const theirs = receipt.current ? receipt.current.value || word(`state_${receipt.current.state}`) : word("state_none");
    const mine = mark.value || word(`state_${mark.state}`);
    if (receipt.status === "stale") {
      place.append(this.button(word("keep_mine", { value: mine }), () => resolve(true)));
    }
    place.append(this.button(word("keep_theirs", { value: theirs }), () => resolve(false)));
  }

  button(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = text;
    button.addEventListener("click", () => {
      this.clear();
      act();
    });
    return button;
  }

  receipt(name, text) {
    this.element.querySelectorAll("[data-icon]").forEach((icon) => {
      icon.hidden = icon.dataset.icon !== name;
    });
    this.element.querySelector("[data-receipt-text]").textContent = text;
    this.element.dataset.receipt = name;
  }
}
