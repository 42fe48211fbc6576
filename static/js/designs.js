// The layout editor: every change is drawn anew by the server, so the picture is what the printer gets.
const WAIT = 250;

const form = document.querySelector("form[data-live-preview]");
const picture = document.getElementById("live-preview");
const word = document.getElementById("live-preview-word");

function watch() {
  let timer = 0;
  let running = null;

  async function draw() {
    if (running) {
      running.abort();
    }
    running = new AbortController();
    const mine = running;
    word.textContent = word.dataset.busy;
    try {
      const answer = await fetch(form.dataset.livePreview, {
        method: "POST", body: new FormData(form), credentials: "same-origin", signal: mine.signal,
      });
      const kind = answer.headers.get("Content-Type") || "";
      if (answer.ok && kind.startsWith("image/")) {
        const address = URL.createObjectURL(await answer.blob());
        const before = picture.src;
        picture.src = address;
        if (before.startsWith("blob:")) {
          URL.revokeObjectURL(before);
        }
        word.textContent = word.dataset.shown;
        word.classList.remove("bad");
      } else {
        const told = kind.startsWith("application/json") ? await answer.json() : {};
        word.textContent = told.error || word.dataset.lost;
        word.classList.add("bad");
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        word.textContent = word.dataset.lost;
        word.classList.add("bad");
      }
    }
  }

  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(draw, WAIT);
  });
  draw();
}

if (form && picture) {
  watch();
}
