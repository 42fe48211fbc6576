// Marks that the server has not acknowledged yet, kept in IndexedDB so that a closed tab loses nothing.
// Where a browser refuses IndexedDB the marks stay in memory and `isDurable` says so.
import { done, opened } from "./storage.js";

const NAME = "judging-outbox";

export class Outbox {
  static async open(owner) {
    const box = new Outbox(owner);
    try {
      box.database = await opened(NAME, "marks");
    } catch (problem) {
      box.database = null;
    }
    await box.load();
    return box;
  }

  constructor(owner) {
    this.owner = owner;
    this.database = null;
    this.marks = new Map();
    this.unkept = new Set(); // ids that the device could not keep, e.g. because its storage is full
    this.sequence = 0;
  }

  get isDurable() {
    return this.database !== null && this.unkept.size === 0;
  }

  async load() {
    if (!this.database) {
      return;
    }
    const transaction = this.database.transaction("marks", "readonly");
    const request = transaction.objectStore("marks").getAll();
    await done(transaction);
    for (const mark of request.result) {
      this.marks.set(mark.uuid, mark);
      this.sequence = Math.max(this.sequence, mark.sequence);
    }
  }

  // Resolves when the mark is on the disk of this device (or throws: then the page must say so).
  async put(mark) {
    this.sequence = Math.max(this.sequence + 1, Date.now());
    const kept = Object.assign({ owner: this.owner, sequence: this.sequence, refused: null }, mark);
    this.marks.set(kept.uuid, kept);
    this.unkept.add(kept.uuid);
    await this.write(kept);
    this.unkept.delete(kept.uuid);
    return kept;
  }

  async write(mark) {
    if (!this.database) {
      throw new Error("no storage");
    }
    const transaction = this.database.transaction("marks", "readwrite");
    transaction.objectStore("marks").put(mark);
    await done(transaction);
  }

  // The server holds it (stored or known): it may go from here.
  async settle(uuid) {
    this.marks.delete(uuid);
    this.unkept.delete(uuid);
    if (this.database) {
      const transaction = this.database.transaction("marks", "readwrite");
      transaction.objectStore("marks").delete(uuid);
      await done(transaction);
    }
  }

  // The server refused it or has a newer one: kept and shown until the judge decides, but not sent again.
  async hold(uuid, receipt) {
    const mark = this.marks.get(uuid);
    if (mark) {
      mark.refused = receipt;
      await this.write(mark).catch(() => {});
    }
  }

  all() {
    return Array.from(this.marks.values()).sort((a, b) => a.sequence - b.sequence);
  }

  // Those to be sent now, oldest first; another judge's marks on a shared tablet wait for that judge.
  waiting() {
    return this.all().filter((mark) => mark.owner === this.owner && !mark.refused);
  }

  held() {
    return this.all().filter((mark) => mark.owner === this.owner && mark.refused);
  }

  ofOthers() {
    return this.all().filter((mark) => mark.owner !== this.owner);
  }

  ofSheet(sheet) {
    return this.all().filter((mark) => mark.owner === this.owner && mark.sheet === sheet);
  }
}
