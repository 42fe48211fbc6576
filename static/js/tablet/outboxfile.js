// The last resort: this judge's waiting marks, comments, photos and signatures as a file or a text, sealed, for the desk.
// Works without a network.
import { bytesOf, hex, hmac, sha256 } from "./sha256.js";
import { plain } from "./sync.js";
import { word } from "./words.js";

function base64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let start = 0; start < view.length; start += 0x8000) {
    text += String.fromCharCode.apply(null, view.subarray(start, start + 0x8000));
  }
  return window.btoa(text);
}

// A note as the server reads it; the bytes of a photo as text.
function plainNote(note) {
  const kept = Object.assign({}, note);
  for (const name of ["owner", "sequence", "refused", "settled", "bytes"]) {
    delete kept[name];
  }
  return note.kind === "photo" ? Object.assign(kept, { picture: base64(note.bytes) }) : kept;
}

// Marks first, then what was made beside them, in the order it was made: a signature after all it stands on.
export function outboxText(outbox, notebook, { owner, device, seal }, hasPhotos = true) {
  const marks = outbox.waiting().concat(outbox.held()).map(plain);
  const made = notebook.mine().filter((note) => hasPhotos || note.kind !== "photo");
  const payload = JSON.stringify({ owner, device, made_at: new Date().toISOString(), marks, notes: made.map(plainNote) });
  return JSON.stringify({
    format: "contest-outbox-1",
    payload,
    digest: hex(sha256(bytesOf(payload))),
    seal: hex(hmac(bytesOf(seal), bytesOf(payload))),
  });
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Shown while something waits. The marks stay in the outbox: sending them later as well is harmless.
export function offerFile(outbox, notebook, owner) {
  const box = document.querySelector("[data-last-resort]");
  const { device, seal } = document.documentElement.dataset;
  if (!box || !device) {
    return () => {};
  }
  const text = (hasPhotos) => outboxText(outbox, notebook, { owner, device, seal }, hasPhotos);
  const stamp = () => new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  const told = box.querySelector("[data-told]");
  box.querySelector("[data-save-file]").addEventListener("click", () => {
    save(text(true), `marks-${device}-${stamp()}.json`);
    told.textContent = word("file_saved");
  });
  box.querySelector("[data-show-text]").addEventListener("click", () => {
    const area = box.querySelector("textarea");
    area.value = text(false); // pictures are too long to paste
    area.hidden = false;
    area.focus();
    area.select();
    const photos = notebook.mine().filter((note) => note.kind === "photo").length;
    const copied = word(document.execCommand("copy") ? "text_copied" : "text_shown");
    told.textContent = photos ? `${copied} ${word("text_without_photos", { n: photos })}` : copied;
  });
  return () => {
    box.hidden = outbox.waiting().length + outbox.held().length + notebook.mine().length === 0;
  };
}
