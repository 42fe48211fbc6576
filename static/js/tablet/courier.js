// Sends the notebook: words and presses in batches, pictures one by one, a signature only after its sheet's marks.
const BATCH = 100;
const TIMEOUT = 60000;
const LONGEST_WAIT = 30000;

export class Courier {
  // urls: {notes, photos}; sync: the sender of marks, which knows the safety token; on(note, receipt)
  constructor(notebook, outbox, sync, urls, on) {
    Object.assign(this, { notebook, outbox, sync, urls, on });
    this.running = null;
    this.timer = 0;
    this.wait = 1000;
  }

  start() {
    ["online", "pageshow"].forEach((name) => window.addEventListener(name, () => this.now()));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.now();
      }
    });
    this.now();
  }

  now() {
    this.wait = 1000;
    return this.flush();
  }

  flush() {
    if (!this.running) {
      this.running = this.run()
        .catch(() => false)
        .then(() => {
          this.running = null;
          if (this.notebook.waiting().length > 0) {
            window.clearTimeout(this.timer);
            this.timer = window.setTimeout(() => this.flush(), this.wait);
            this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
          }
        });
    }
    return this.running;
  }

  ready() {
    return this.notebook
      .waiting()
      .filter((note) => note.kind !== "signature" || this.outbox.ofSheet(note.sheet).length === 0);
  }

  async run() {
    window.clearTimeout(this.timer);
    const tried = new Set();
    for (;;) {
      const ready = this.ready().filter((note) => !tried.has(note.uuid));
      if (ready.length === 0) {
        return;
      }
      const photo = ready[0].kind === "photo";
      const batch = photo ? [ready[0]] : ready.filter((note) => note.kind !== "photo").slice(0, BATCH);
      batch.forEach((note) => tried.add(note.uuid));
      const receipts = await (photo ? this.sendPhoto(batch[0]) : this.sendNotes(batch));
      if (!receipts) {
        return;
      }
      await this.take(batch, receipts);
    }
  }

  async take(batch, receipts) {
    const byId = new Map(receipts.map((receipt) => [receipt.uuid, receipt]));
    for (const note of batch) {
      const receipt = byId.get(note.uuid);
      if (!receipt || receipt.status === "later") {
        continue; // it stays and is sent again
      }
      if (receipt.status === "stored" || receipt.status === "known") {
        await this.notebook.settle(note.uuid);
      } else {
        await this.notebook.hold(note.uuid, receipt);
      }
      this.on(note, receipt);
    }
  }

  sendNotes(batch) {
    const plain = batch.map((note) => Object.assign({}, note, { owner: undefined, sequence: undefined, refused: undefined }));
    const body = JSON.stringify({ device: this.sync.device, notes: plain });
    return this.post(this.urls.notes, () => body, "application/json");
  }

  sendPhoto(note) {
    return this.post(this.urls.photos, () => {
      const form = new FormData();
      for (const name of ["uuid", "sheet", "aspect", "attempt", "made_at", "photo"]) {
        form.append(name, note[name]);
      }
      form.append("device", this.sync.device);
      form.append("picture", new Blob([note.bytes], { type: "image/jpeg" }), "photo.jpg");
      return form;
    });
  }

  // Receipts, or null when there was no answer to work with.
  async post(url, body, type) {
    for (const again of [false, true]) {
      const control = new AbortController();
      const timer = window.setTimeout(() => control.abort(), TIMEOUT);
      try {
        const headers = { Accept: "application/json", "X-CSRFToken": this.sync.token };
        if (type) {
          headers["Content-Type"] = type;
        }
        const options = { method: "POST", credentials: "same-origin", redirect: "manual", signal: control.signal };
        const response = await fetch(url, Object.assign(options, { headers, body: body() }));
        if (response.status === 400 && !again && (await this.sync.renewToken()) === "renewed") {
          continue;
        }
        return response.ok ? (await response.json()).receipts : null;
      } catch (problem) {
        return null;
      } finally {
        window.clearTimeout(timer);
      }
    }
    return null;
  }
}
