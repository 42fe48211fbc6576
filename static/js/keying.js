// Keying from paper: Enter goes to the next field, Shift+Enter back, and after the last one to the button.
const form = document.querySelector("form[data-keying]");

if (form) {
  const fields = Array.from(form.querySelectorAll("[data-key]"));
  const send = form.querySelector(".form-actions button");
  const wrong = form.querySelector("[aria-invalid]");
  (wrong || fields[0] || send).focus();
  fields.forEach((field, index) => {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) {
        return;
      }
      event.preventDefault();
      const next = event.shiftKey ? fields[Math.max(0, index - 1)] : fields[index + 1] || send;
      next.focus();
      if (next.select) {
        next.select();
      }
    });
  });
}
