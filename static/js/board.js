// The chief judge's board keeps itself up to date: it listens for server-sent events, and where these don't come
// (an old proxy, all streams taken) it asks every ten seconds. Only "something changed" travels; the page then
// fetches its own part anew, with the reader's rights.

const ASK_EVERY = 10000;
const AT_LEAST = 2000;
// A board that takes long to make is asked for less often, so that marks come first.
const REST = 5;

function start(status) {
  const region = document.getElementById("board");
  const words = JSON.parse(status.dataset.words);
  const text = status.querySelector("[data-live-text]");
  let shown = region.querySelector("[data-pulse-now]").dataset.pulseNow;
  let wanted = shown;
  let timer = 0;
  let asking = 0;
  let way = "asking";
  let pause = AT_LEAST;

  function tell(word) {
    status.hidden = false;
    status.dataset.state = word;
    text.textContent = words[word];
  }

  // An open menu or a field being filled is left alone; the change is shown afterwards.
  function isBusy() {
    const field = document.activeElement;
    return region.querySelector("details[open]") !== null ||
      (region.contains(field) && field.matches("input, textarea, select"));
  }

  async function refresh() {
    timer = 0;
    if (wanted === shown) {
      return;
    }
    if (isBusy()) {
      tell("held");
      timer = window.setTimeout(refresh, pause);
      return;
    }
    const begun = Date.now();
    try {
      const answer = await fetch(status.dataset.live, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) {
        throw new Error(String(answer.status));
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const inner = fresh.querySelector("[data-pulse-now]");
      if (!inner) {
        throw new Error("no board");
      }
      const focused = document.activeElement && region.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute("href") : null;
      region.replaceChildren(document.adoptNode(inner));
      shown = inner.dataset.pulseNow;
      pause = Math.max(AT_LEAST, REST * (Date.now() - begun));
      if (focused) {
        const again = document.getElementById(focused) || Array.from(region.querySelectorAll("a")).find((link) => link.getAttribute("href") === focused);
        if (again) {
          again.focus();
        }
      }
      tell(way);
    } catch (error) {
      tell("off");
      timer = window.setTimeout(refresh, ASK_EVERY);
    }
  }

  function heard(pulse) {
    wanted = pulse;
    if (wanted !== shown && !timer) {
      timer = window.setTimeout(refresh, pause);
    } else if (wanted === shown) {
      tell(way);
    }
  }

  async function ask() {
    try {
      const answer = await fetch(status.dataset.pulse, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      heard((await answer.json()).pulse);
    } catch (error) {
      tell("off");
    }
  }

  function askFromNowOn() {
    way = "asking";
    tell(way);
    if (!asking) {
      asking = window.setInterval(ask, ASK_EVERY);
      ask();
    }
  }

  function listen() {
    const source = new EventSource(status.dataset.stream);
    let failures = 0;
    source.addEventListener("pulse", (event) => {
      failures = 0;
      way = "live";
      heard(event.data);
    });
    source.addEventListener("full", () => {
      source.close();
      askFromNowOn();
    });
    // A stream ends by itself after a while and comes back; only three failures in a row mean that it can't.
    source.onerror = () => {
      failures += 1;
      if (failures >= 3 || source.readyState === EventSource.CLOSED) {
        source.close();
        askFromNowOn();
      }
    };
    window.addEventListener("pagehide", () => source.close());
  }

  if (typeof EventSource === "function") {
    listen();
  } else {
    askFromNowOn();
  }
}

const status = document.querySelector("[data-live]");
if (status) {
  start(status);
}
