// What forms do beyond HTML: ask first, send once, and warn before typed words are lost.

// <form data-confirm="…"> or <button data-confirm="…">: the question is asked before anything is sent.
export function askBeforePosting(root) {
  root.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    const question = (pressed && pressed.dataset.confirm) || event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
}

// <form data-once>: a second press while the first is under way is ignored. Buttons stay enabled,
// because a disabled button would not be sent; the page coming back from the cache starts afresh.
export function sendOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.dataset.once === undefined) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  window.addEventListener("pageshow", () => {
    root.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });
}

// <form data-unsaved>: leaving with changes asks first.
export function warnUnsaved(root) {
  root.querySelectorAll("form[data-unsaved]").forEach((form) => {
    form.addEventListener("input", () => {
      form.dataset.changed = "1";
    });
  });
  window.addEventListener("beforeunload", (event) => {
    const lost = root.querySelector("form[data-changed]:not([data-sent])");
    if (lost) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
}
