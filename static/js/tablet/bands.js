// The table of points beside a field: the row that what is typed reaches stands out, by colour and by a sign.
// contest/judging/bands.py chooses the same way: of several rows that hold a value the first one counts.
import { readTyped } from "./typed.js";

function end(text) {
  return text === "" ? null : parseInt(text, 10);
}

// rows: [{low, high}] in thousandths, null where there is no end. Returns the place of the row, or -1.
export function reached(rows, milli) {
  return rows.findIndex(({ low, high }) => (low === null || milli >= low) && (high === null || milli <= high));
}

export class Bands {
  constructor(element, limits) {
    this.rows = Array.from(element.querySelectorAll("[data-band]"));
    this.ends = this.rows.map((row) => ({ low: end(row.dataset.low), high: end(row.dataset.high) }));
    this.limits = limits;
  }

  // Points of the row that stands out; empty where none does, or where points lie on a line between two rows.
  points() {
    const row = this.rows.find((one) => one.classList.contains("is-reached"));
    return row ? row.dataset.points : "";
  }

  // text: what stands in the field just now, also while it is typed; nothing stands out while it is no value.
  show(text) {
    const read = readTyped(text, this.limits);
    const place = read.error ? -1 : reached(this.ends, read.milli);
    this.rows.forEach((row, index) => {
      row.classList.toggle("is-reached", index === place);
      row.querySelector("[data-reached]").hidden = index !== place;
    });
  }
}
