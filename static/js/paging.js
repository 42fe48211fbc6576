// A list on a big screen: as many rows as fit, page after page; the space bar holds it, arrows turn the page. After
// the last page the list is asked for again, so that a corrected or withdrawn one shows by itself.
const SECONDS = 12;
const root = document.querySelector("[data-paging]");
const rows = Array.from(root.querySelectorAll("[data-row]"));
const told = document.querySelector("[data-page]");
const SIZES = ["is-small", "is-usual", "is-large", "is-huge"]; // see screen.css
let size = 1;
let page = 0;
let pages = [];
let isHeld = false;
let known = "";

function divide() {
  rows.forEach((row) => {
    row.hidden = false;
  });
  const foot = 60; // pixels kept free for the page's number
  const top = rows.length ? rows[0].getBoundingClientRect().top + window.scrollY : 0;
  const room = Math.max(80, window.innerHeight - top - foot);
  pages = [[]];
  let used = 0;
  rows.forEach((row) => {
    const height = row.getBoundingClientRect().height;
    if (used + height > room && pages[pages.length - 1].length) {
      pages.push([]);
      used = 0;
    }
    pages[pages.length - 1].push(row);
    used += height;
  });
  page = Math.min(page, pages.length - 1);
}

function show() {
  rows.forEach((row) => {
    row.hidden = pages[page].indexOf(row) < 0;
  });
  const words = root.dataset.word.replace("{page}", page + 1).replace("{pages}", pages.length);
  told.textContent = isHeld ? `${words} · ${root.dataset.held}` : words;
}

function turn(step) {
  page = (page + step + pages.length) % pages.length;
  show();
}

async function askAgain() {
  try {
    const answer = await fetch(window.location.href, { cache: "no-cache" });
    const validator = answer.headers.get("ETag") || "";
    if (answer.ok && known && validator !== known) {
      window.location.reload();
    }
    known = validator || known;
  } catch (error) {
    // Without a network the list stays as it is.
  }
}

function tick() {
  if (isHeld) {
    return;
  }
  if (page === pages.length - 1) {
    askAgain();
  }
  turn(1);
}

document.addEventListener("keydown", (event) => {
  if (event.key === " ") {
    event.preventDefault();
    isHeld = !isHeld;
    show();
  } else if (event.key === "ArrowRight" || event.key === "PageDown") {
    turn(1);
  } else if (event.key === "ArrowLeft" || event.key === "PageUp") {
    turn(-1);
  } else if (event.key === "+" || event.key === "=" || event.key === "-") {
    size = Math.min(Math.max(size + (event.key === "-" ? -1 : 1), 0), SIZES.length - 1);
    SIZES.forEach((name, index) => document.body.classList.toggle(name, index === size));
    divide();
    show();
  } else if ((event.key === "f" || event.key === "F") && document.documentElement.requestFullscreen) {
    document.documentElement.requestFullscreen();
  }
});
window.addEventListener("resize", () => {
  divide();
  show();
});
divide();
show();
askAgain();
window.setInterval(tick, SECONDS * 1000);
