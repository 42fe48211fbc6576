// Tells the server how much waits on this device and since when, and hears whether the judge marks here.
const EVERY = 30000;
const SOON = 2500;

export class Reporter {
  // on: {elsewhere(isElsewhere), said(kind)} with kind: ok, signed_out, network, server
  constructor({ outbox, sync, url, on }) {
    Object.assign(this, { outbox, sync, url, on });
    this.notebook = null; // opened a moment later
    this.told = "";
    this.busy = false;
  }

  start() {
    window.setInterval(() => this.send(), EVERY);
    window.setInterval(() => this.whenChanged(), SOON);
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.send());
    this.send();
  }

  count() {
    const waiting = this.outbox.waiting();
    const notes = this.notebook ? this.notebook.waiting().length : 0;
    const oldest = waiting.length ? Math.max(0, Math.round((Date.now() - Date.parse(waiting[0].typed_at)) / 1000)) : null;
    return { unsent: waiting.length, notes, held: this.outbox.held().length, oldest_s: oldest };
  }

  static gist({ unsent, notes, held }) {
    return `${unsent > 0} ${notes > 0} ${held}`;
  }

  // The chief's board should not wait half a minute to see that a queue began or is empty again.
  whenChanged() {
    if (Reporter.gist(this.count()) !== this.told) {
      this.send();
    }
  }

  async send() {
    if (!this.busy && document.visibilityState !== "hidden") {
      this.busy = true;
      await this.exchange().finally(() => {
        this.busy = false;
      });
    }
  }

  async exchange() {
    const found = this.count();
    this.told = Reporter.gist(found);
    try {
      const response = await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.sync.token },
        body: JSON.stringify(Object.assign(found, { now: Date.now() })),
      });
      if (response.ok) {
        const body = await response.json();
        this.on.elsewhere(!body.marks_here);
        this.on.said("ok");
      } else if (response.status === 400) {
        const answer = await this.sync.renewToken();
        this.on.said(answer === "signed_out" ? "signed_out" : "server");
      } else {
        this.on.said(response.status === 401 || response.type === "opaqueredirect" ? "signed_out" : "server");
      }
    } catch (problem) {
      this.on.said("network");
    }
  }
}
