// The clock of a time aspect. Its state follows from the presses alone, so it goes on after a reload, without a
// network and on another device. What it shows becomes the mark only when the judge confirms it.
import { word } from "./words.js";

// presses: [{timing, cause, seconds, at}] in order → milliseconds run, seconds given back, since when it runs (or 0)
export function reckoned(presses) {
  let state = { run: 0, extra: 0, since: 0 };
  for (const press of presses) {
    if (press.timing === "reset") {
      state = { run: 0, extra: 0, since: 0 };
    } else if (press.timing === "start" && !state.since) {
      state.since = press.at;
    } else if (press.timing === "stop" && state.since) {
      state.run += Math.max(0, press.at - state.since);
      state.since = 0;
    } else if (press.timing === "extra") {
      state.extra += press.seconds;
    }
  }
  return state;
}

// Whole seconds used: what ran, less what was given back; never below 0.
export function used(state, now) {
  const run = state.run + (state.since ? Math.max(0, now - state.since) : 0);
  return Math.max(0, Math.floor(run / 1000) - state.extra);
}

export function clockText(seconds) {
  const rest = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}

export class Clock {
  // presses: what the server holds and what waits here; note(fields): keeps a press; fill(text): types the mark
  constructor(element, { presses, note, fill }) {
    Object.assign(this, { element, note, fill });
    this.presses = presses.slice().sort((a, b) => a.at - b.at);
    this.pressedAt = 0;
    this.part = (name) => element.querySelector(`[data-clock-${name}]`);
    element.hidden = false;
    this.part("start").addEventListener("click", () => this.press("start"));
    this.part("stop").addEventListener("click", () => this.open("causes"));
    this.part("extra").addEventListener("click", () => this.open("giving"));
    this.part("use").addEventListener("click", () => this.fill(clockText(used(this.state(), Date.now()))));
    element.querySelectorAll("[data-clock-cause]").forEach((button) => {
      button.addEventListener("click", () => this.stop(button.dataset.clockCause));
    });
    this.part("give").addEventListener("click", () => this.give());
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.stopPropagation();
      }
    });
    this.draw();
    window.setInterval(() => this.tick(), 250);
  }

  state() {
    return reckoned(this.presses);
  }

  // The clock stands at the instant of the first press; choosing the cause may take its time.
  open(name) {
    this.pressedAt = Date.now();
    for (const other of ["causes", "giving"]) {
      this.part(other).hidden = other !== name || !this.part(other).hidden;
    }
    const first = this.part(name).querySelector("button, select");
    if (!this.part(name).hidden && first) {
      first.focus();
    }
  }

  stop(cause) {
    const text = this.part("words").value.trim();
    if (cause === "other" && text === "") {
      this.part("words").focus();
      this.say(word("note_timing_words_missing"));
      return;
    }
    const seconds = Math.floor((this.state().run + this.pressedAt - this.state().since) / 1000);
    this.press("stop", { cause, text, seconds, at: this.pressedAt });
  }

  give() {
    const minutes = parseInt(this.part("minutes").value, 10);
    const cause = this.part("why").value;
    const text = this.part("reason").value.trim();
    if (!(minutes >= 1 && minutes <= 180)) {
      this.say(word("note_seconds"));
      return;
    }
    if (cause === "other" && text === "") {
      this.say(word("note_timing_words_missing"));
      return;
    }
    this.press("extra", { cause, text, seconds: minutes * 60 });
    this.part("minutes").value = "";
    this.part("reason").value = "";
  }

  press(timing, { cause = "", text = "", seconds = 0, at = Date.now() } = {}) {
    const made = new Date(at).toISOString();
    this.presses.push({ timing, cause, seconds, at });
    this.note({ kind: "timing", timing, cause, seconds, text, made_at: made });
    this.part("causes").hidden = true;
    this.part("giving").hidden = true;
    this.part("words").value = "";
    this.say("");
    this.draw();
  }

  answered(receipt) {
    if (receipt.status === "refused") {
      this.say(receipt.message);
    }
  }

  say(text) {
    this.part("problem").textContent = text;
  }

  tick() {
    const text = clockText(used(this.state(), Date.now()));
    if (this.part("face").textContent !== text) {
      this.part("face").textContent = text;
    }
  }

  draw() {
    const state = this.state();
    const isRunning = state.since > 0;
    const isClosed = this.element.dataset.closed === "1";
    this.element.classList.toggle("is-running", isRunning);
    this.part("start").hidden = isRunning || isClosed;
    this.part("start").querySelector("span").textContent = word(state.run ? "clock_on" : "clock_start");
    this.part("stop").hidden = !isRunning || isClosed;
    this.part("extra").hidden = isClosed;
    this.part("use").hidden = isRunning || isClosed || (!state.run && !state.extra);
    this.part("use").querySelector("span").textContent = word("clock_use", { time: clockText(used(state, Date.now())) });
    const log = this.part("log");
    log.textContent = "";
    for (const press of this.presses) {
      const line = document.createElement("li");
      line.textContent = this.line(press);
      log.append(line);
    }
    this.tick();
  }

  line(press) {
    const at = new Date(press.at);
    const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
    const cause = press.cause ? word(`cause_${press.cause}`) : "";
    const size = press.timing === "extra" || press.timing === "stop" ? clockText(press.seconds) : "";
    return [time, word(`timing_${press.timing}`), cause, size].filter(Boolean).join(" · ");
  }
}
