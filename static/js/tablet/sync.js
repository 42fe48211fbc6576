// Sends what waits, oldest first, until the server has answered for each mark. Sending twice is harmless:
// the server knows a mark by its id. Nothing leaves the outbox without a receipt.
const BATCH = 200;
const LONGEST_WAIT = 30000;
const TIMEOUT = 20000;

export class Sync {
  // on: {receipt(mark, receipt), state({online, busy, signedOut})}
  constructor(outbox, { url, tokenUrl, token, device, known, on }) {
    Object.assign(this, { outbox, url, tokenUrl, token, device, known, on });
    this.running = null;
    this.wait = 1000;
    this.timer = 0;
    this.state = { online: navigator.onLine !== false, busy: false, signedOut: false };
  }

  start() {
    window.addEventListener("online", () => this.now());
    window.addEventListener("offline", () => this.say({ online: false }));
    window.addEventListener("pageshow", () => this.now());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.now();
      }
    });
    this.now();
  }

  say(change) {
    Object.assign(this.state, change);
    this.on.state(this.state);
  }

  now() {
    this.wait = 1000;
    return this.flush();
  }

  later() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  // One run at a time; a mark typed meanwhile goes with the next round of the same run.
  flush() {
    if (!this.running) {
      this.running = this.run().finally(() => {
        this.running = null;
        this.say({ busy: false });
        if (this.outbox.waiting().length > 0 && !this.state.signedOut) {
          this.later();
        }
      });
    }
    return this.running;
  }

  async run() {
    window.clearTimeout(this.timer);
    let fresh = false;
    for (;;) {
      const batch = this.outbox.waiting().slice(0, BATCH);
      if (batch.length === 0) {
        return;
      }
      this.say({ busy: true });
      const answer = await this.send(batch);
      if (answer.kind === "token" && !fresh) {
        fresh = true;
        answer.kind = await this.renewToken();
        if (answer.kind === "renewed") {
          continue;
        }
      }
      if (answer.kind !== "receipts") {
        this.say({ online: answer.kind !== "network", signedOut: answer.kind === "signed_out" });
        return;
      }
      this.wait = 1000;
      this.say({ online: true, signedOut: false });
      if (!(await this.take(batch, answer.receipts, answer.at))) {
        return;
      }
    }
  }

  async take(batch, receipts, at) {
    const byId = new Map(receipts.map((receipt) => [receipt.uuid, receipt]));
    let answered = 0;
    for (const mark of batch) {
      const receipt = byId.get(mark.uuid);
      if (!receipt) {
        continue; // no answer for it: it stays and is sent again
      }
      answered += 1;
      if (this.known) {
        await this.known.put(mark, receipt.current, at);
      }
      if (receipt.status === "stored" || receipt.status === "known") {
        await this.outbox.settle(mark.uuid);
      } else {
        await this.outbox.hold(mark.uuid, receipt);
      }
      this.on.receipt(mark, receipt);
    }
    return answered > 0;
  }

  async send(batch) {
    const control = new AbortController();
    const timer = window.setTimeout(() => control.abort(), TIMEOUT);
    try {
      const response = await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        signal: control.signal,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ device: this.device, sent_at: new Date().toISOString(), marks: batch.map(plain) }),
      });
      return await read(response);
    } catch (problem) {
      return { kind: "network" };
    } finally {
      window.clearTimeout(timer);
    }
  }

  // The page's safety token died with an older session; the present one gives a new token.
  async renewToken() {
    try {
      const response = await fetch(this.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!response.ok) {
        return response.status === 401 ? "signed_out" : "server";
      }
      this.token = (await response.json()).token;
      return "renewed";
    } catch (problem) {
      return "network";
    }
  }
}

// A mark as the server takes it.
export function plain(mark) {
  const { uuid, sheet, aspect, attempt, state, value, replaces, comment, typed_at } = mark;
  return { uuid, sheet, aspect, attempt, state, value, replaces, comment, typed_at };
}

async function read(response) {
  if (response.type === "opaqueredirect" || response.status === 401) {
    return { kind: "signed_out" };
  }
  if (response.status === 400) {
    const body = await response.json().catch(() => ({}));
    return { kind: body.error === "csrf" ? "token" : "server" };
  }
  if (!response.ok) {
    return { kind: "server" };
  }
  const body = await response.json();
  return Array.isArray(body.receipts) ? { kind: "receipts", receipts: body.receipts, at: body.at } : { kind: "server" };
}
