// The PIN's own pages: what is typed also lets this device check the PIN while there is no network.
import { verifierOf } from "./idle.js";
import { newId } from "./uuid.js";

const form = document.querySelector("main form");

try {
  window.sessionStorage.removeItem("pin-pending");
  form.addEventListener("submit", () => {
    window.localStorage.removeItem("touched");
    window.sessionStorage.setItem("pin-pending", verifierOf(form.querySelector("[name=pin]").value.trim(), newId()));
  });
} catch (problem) {
  // Without storage only the server checks the PIN.
}
