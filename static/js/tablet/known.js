// Marks of this judge that the server holds, as its receipts told: laid over a kept page that is older than they are.
// A database of its own, so that no open tab of an older version can block the outbox.
const NAME = "judging-known";
const SLACK = 30000; // milliseconds: a mark stored while the page was being made may be missing from it

function wait(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Known {
  static async open(owner) {
    const known = new Known(owner);
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("marks", { keyPath: ["owner", "sheet", "place"] });
      known.database = await wait(request);
    } catch (problem) {
      known.database = null;
    }
    return known;
  }

  constructor(owner) {
    this.owner = owner;
    this.database = null;
  }

  store(mode) {
    return this.database.transaction("marks", mode).objectStore("marks");
  }

  // current: {uuid, state, value} as the receipt tells it; at: the server's clock, ISO text.
  async put(mark, current, at) {
    if (!this.database || !current) {
      return;
    }
    const row = { owner: this.owner, sheet: mark.sheet, place: `${mark.aspect}.${mark.attempt}`, at: Date.parse(at) };
    try {
      await wait(this.store("readwrite").put(Object.assign(row, { mark: current })));
    } catch (problem) {
      // A full storage: the mark is on the server, and a page fetched anew shows it.
    }
  }

  // Marks of a sheet that are newer than a page made at `rendered`: [{place, mark}].
  async since(sheet, rendered) {
    if (!this.database) {
      return [];
    }
    const rows = await wait(this.store("readonly").getAll());
    const from = Date.parse(rendered) - SLACK;
    return rows.filter((row) => row.owner === this.owner && row.sheet === sheet && row.at >= from);
  }

  async forget() {
    if (this.database) {
      await wait(this.store("readwrite").clear()).catch(() => {});
    }
  }
}
