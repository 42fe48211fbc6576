// What a judge records beside the marks – comments, presses on the clock, problems, photos, signatures – kept in
// IndexedDB until the server has answered for it, as the outbox keeps marks. Pictures are kept as bytes.
import { done, opened } from "./storage.js";

const NAME = "judging-notes";
const LASTING = ["comment", "timing"]; // laid over a kept page that is older than they are
const LONGEST_KEPT = 2 * 24 * 3600 * 1000;

export class Notebook {
  static async open(owner) {
    const book = new Notebook(owner);
    try {
      book.database = await opened(NAME, "notes");
      const transaction = book.database.transaction("notes", "readonly");
      const request = transaction.objectStore("notes").getAll();
      await done(transaction);
      for (const note of request.result) {
        book.notes.set(note.uuid, note);
        book.sequence = Math.max(book.sequence, note.sequence);
        if (note.settled && note.settled < Date.now() - LONGEST_KEPT) {
          await book.forget(note.uuid);
        }
      }
    } catch (problem) {
      book.database = null;
    }
    return book;
  }

  constructor(owner) {
    this.owner = owner;
    this.database = null;
    this.notes = new Map();
    this.sequence = 0;
  }

  // Resolves when the note is on the disk of this device (or throws: then the page must say so).
  async put(note) {
    this.sequence = Math.max(this.sequence + 1, Date.now());
    const kept = Object.assign({ owner: this.owner, sequence: this.sequence, refused: null }, note);
    this.notes.set(kept.uuid, kept);
    await this.write(kept);
    return kept;
  }

  async write(note) {
    if (this.database) {
      const transaction = this.database.transaction("notes", "readwrite");
      transaction.objectStore("notes").put(note);
      await done(transaction);
    }
  }

  // The server holds it. Comments and presses stay for a while, so that a page kept for lack of a network shows them.
  async settle(uuid) {
    const note = this.notes.get(uuid);
    if (note && LASTING.includes(note.kind)) {
      note.settled = Date.now();
      await this.write(note);
    } else {
      await this.forget(uuid);
    }
  }

  async forget(uuid) {
    this.notes.delete(uuid);
    if (this.database) {
      const transaction = this.database.transaction("notes", "readwrite");
      transaction.objectStore("notes").delete(uuid);
      await done(transaction);
    }
  }

  // Refused: kept and shown until the judge has read why, but not sent again.
  async hold(uuid, receipt) {
    const note = this.notes.get(uuid);
    if (note) {
      note.refused = receipt;
      await this.write(note);
    }
  }

  all() {
    return Array.from(this.notes.values())
      .filter((note) => note.owner === this.owner)
      .sort((a, b) => a.sequence - b.sequence);
  }

  mine() {
    return this.all().filter((note) => !note.settled);
  }

  // What this device made for a sheet lately, sent or not, oldest first; what was refused is left out.
  lately(sheet, kind) {
    return this.all().filter((note) => note.sheet === sheet && note.kind === kind && !note.refused);
  }

  waiting() {
    return this.mine().filter((note) => !note.refused);
  }

  ofSheet(sheet, kind) {
    return this.mine().filter((note) => note.sheet === sheet && (!kind || note.kind === kind));
  }
}
