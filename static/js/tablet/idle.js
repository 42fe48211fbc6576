// After a pause the list asks for the PIN. An open sheet never does, and typed marks are sent all the while.
import { bytesOf, hex, sha256 } from "./sha256.js";
import { word } from "./words.js";

const TOUCHED = "touched";
const ROUNDS = 2000;
const TRIES = 5;

function kept(name) {
  try {
    return window.localStorage.getItem(name);
  } catch (problem) {
    return null;
  }
}

function keep(name, value) {
  try {
    if (value === null) {
      window.localStorage.removeItem(name);
    } else {
      window.localStorage.setItem(name, value);
    }
  } catch (problem) {
    // Without storage there is no pause to measure: nothing is asked.
  }
}

// What lets this device check the PIN without a network. It keeps a passer-by out, not somebody with tools.
export function verifierOf(pin, salt) {
  let bytes = bytesOf(`${salt}:${pin}`);
  for (let round = 0; round < ROUNDS; round += 1) {
    bytes = sha256(bytes);
  }
  return `${salt}:${hex(bytes)}`;
}

export class Idle {
  constructor({ owner, url, unlock, seconds, sync, mayAsk }) {
    Object.assign(this, { owner, url, unlock, sync, mayAsk, limit: seconds * 1000 });
    this.offline = `pin:${owner}`;
    this.wanted = `pin-wanted:${owner}`;
  }

  start() {
    this.promote();
    const isAway = kept(TOUCHED) !== null && Date.now() - parseInt(kept(TOUCHED), 10) > this.limit;
    if (this.mayAsk() && (isAway || kept(this.wanted))) {
      this.ask();
    }
    this.touch();
    for (const name of ["pointerdown", "keydown", "touchstart"]) {
      document.addEventListener(name, () => this.touch(), { passive: true });
    }
    window.setInterval(() => this.look(), Math.min(15000, this.limit));
    window.addEventListener("online", () => kept(this.wanted) && this.ask());
  }

  touch() {
    if (!this.touched || Date.now() - this.touched > 1000) {
      this.touched = Date.now();
      keep(TOUCHED, String(this.touched));
    }
  }

  look() {
    const last = parseInt(kept(TOUCHED) || "0", 10);
    if (this.mayAsk() && !kept(this.wanted) && Date.now() - Math.max(last, this.touched) > this.limit) {
      this.ask();
    }
  }

  // The PIN page left what it needs to check the PIN here; being back means that the server took it.
  promote() {
    try {
      const pending = window.sessionStorage.getItem("pin-pending");
      if (pending) {
        keep(this.offline, pending);
        keep(this.wanted, null);
        window.sessionStorage.removeItem("pin-pending");
      }
    } catch (problem) {
      // Then the PIN is checked by the server only.
    }
  }

  async ask() {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": this.sync.token },
      });
      if (response.ok && (await response.json()).pin) {
        this.touch();
        window.location.replace(`${this.unlock}?next=${encodeURIComponent(window.location.pathname)}`);
      }
    } catch (problem) {
      this.cover();
    }
  }

  // Without a network: a cover over the page, opened by the PIN as this device knows it.
  cover() {
    const cover = document.querySelector("[data-cover]");
    if (!cover || !kept(this.offline) || !cover.hidden) {
      return;
    }
    keep(this.wanted, kept(this.wanted) || "0");
    cover.hidden = false;
    this.show(false);
    const input = cover.querySelector("input");
    input.focus();
    cover.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.tryPin(cover, input);
    });
  }

  show(isOpen) {
    document.querySelectorAll("main, header").forEach((part) => {
      part.hidden = !isOpen;
    });
  }

  tryPin(cover, input) {
    const salt = kept(this.offline).split(":")[0];
    const tries = parseInt(kept(this.wanted) || "0", 10);
    const line = cover.querySelector("[data-cover-error]");
    if (tries < TRIES && verifierOf(input.value.trim(), salt) === kept(this.offline)) {
      keep(this.wanted, null);
      cover.hidden = true;
      this.show(true);
      this.touch();
    } else {
      keep(this.wanted, String(tries + 1));
      line.textContent = word(tries + 1 >= TRIES ? "pin_offline_spent" : "pin_offline_wrong");
    }
    input.value = "";
  }

  forget() {
    [this.offline, this.wanted, TOUCHED].forEach((name) => keep(name, null));
  }
}
