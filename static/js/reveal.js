// The hall's screen: one key press, one name. Where it stands is kept in the address, so a reload shows the same.
const root = document.querySelector("[data-reveal]");
const slides = Array.from(root.querySelectorAll("[data-slide]"));
const SIZES = ["is-small", "is-usual", "is-large"]; // see screen.css
let size = 1;
const marks = []; // every state of the screen: [slide, names shown]
slides.forEach((slide, index) => {
  const names = slide.querySelectorAll("[data-step]").length;
  for (let shown = 0; shown <= names; shown += 1) {
    marks.push([index, shown]);
  }
});

function at() {
  const place = parseInt(window.location.hash.slice(1), 10);
  return Number.isNaN(place) ? 0 : Math.min(Math.max(place, 0), marks.length - 1);
}

function show() {
  const [slide, shown] = marks[at()];
  slides.forEach((one, index) => {
    one.hidden = index !== slide;
    one.querySelectorAll("[data-step]").forEach((name, number) => {
      name.hidden = number >= shown;
    });
  });
}

function go(step) {
  const next = Math.min(Math.max(at() + step, 0), marks.length - 1);
  window.history.replaceState(null, "", `#${next}`);
  show();
}

const KEYS = { " ": 1, ArrowRight: 1, PageDown: 1, Enter: 1, ArrowLeft: -1, PageUp: -1, Backspace: -1 };
document.addEventListener("keydown", (event) => {
  if (KEYS[event.key]) {
    event.preventDefault();
    go(KEYS[event.key]);
  } else if (event.key === "f" || event.key === "F") {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else if (document.documentElement.requestFullscreen) {
      document.documentElement.requestFullscreen();
    }
  } else if (event.key === "+" || event.key === "=" || event.key === "-") {
    size = Math.min(Math.max(size + (event.key === "-" ? -1 : 1), 0), SIZES.length - 1);
    SIZES.forEach((name, index) => document.body.classList.toggle(name, index === size));
  } else if (event.key === "b" || event.key === "B") {
    document.body.classList.toggle("is-black");
  }
});
// On a touch screen the left quarter goes back.
root.addEventListener("click", (event) => go(event.clientX < window.innerWidth / 4 ? -1 : 1));
window.addEventListener("hashchange", show);
show();
