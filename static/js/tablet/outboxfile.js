// The last resort: this judge's waiting marks as a file or a text, sealed, for the desk. Works without a network.
import { bytesOf, hex, hmac, sha256 } from "./sha256.js";
import { plain } from "./sync.js";
import { word } from "./words.js";

export function outboxText(outbox, { owner, device, seal }) {
  const marks = outbox.waiting().concat(outbox.held()).map(plain);
  const payload = JSON.stringify({ owner, device, made_at: new Date().toISOString(), marks });
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
export function offerFile(outbox, owner) {
  const box = document.querySelector("[data-last-resort]");
  const { device, seal } = document.documentElement.dataset;
  if (!box || !device) {
    return () => {};
  }
  const text = () => outboxText(outbox, { owner, device, seal });
  const stamp = () => new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  const told = box.querySelector("[data-told]");
  box.querySelector("[data-save-file]").addEventListener("click", () => {
    save(text(), `marks-${device}-${stamp()}.json`);
    told.textContent = word("file_saved");
  });
  box.querySelector("[data-show-text]").addEventListener("click", () => {
    const area = box.querySelector("textarea");
    area.value = text();
    area.hidden = false;
    area.focus();
    area.select();
    told.textContent = word(document.execCommand("copy") ? "text_copied" : "text_shown");
  });
  return () => {
    box.hidden = outbox.waiting().length + outbox.held().length === 0;
  };
}
