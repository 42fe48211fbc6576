// The summary shows what the server holds. While marks of this sheet wait on the device it can't be signed.
import { openDesk } from "./desk.js";
import { Pad } from "./pad.js";

const form = document.querySelector("[data-submit]");

const pad = new Pad(document.querySelector("[data-pad]"));
form.addEventListener("submit", () => {
  form.querySelector("[name=drawing]").value = pad.isEmpty ? "" : pad.path();
});

openDesk({ receipt: () => {} }).then((desk) => {
  const unsent = () => desk.outbox.ofSheet(form.dataset.sheet).length + desk.notebook.ofSheet(form.dataset.sheet, "comment").length;
  desk.start();
  if (unsent() === 0) {
    return;
  }
  document.querySelector("[data-unsent-block]").hidden = false;
  form.querySelector("button.btn--primary").disabled = true;
  const timer = window.setInterval(() => {
    if (unsent() === 0) {
      window.clearInterval(timer);
      window.location.reload();
    }
  }, 500);
});
