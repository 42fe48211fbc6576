// The device check: each test says what it found; the whole is told to the server, for the organisers.
import { hasWorker, startWorker } from "./kept.js";
import { openDesk } from "./desk.js";
import { word } from "./words.js";

const LARGEST_SKEW = 60000; // milliseconds: marks count all the same, only the times shown beside them are off
const LEAST_ROOM = 20; // megabytes for marks, photos and kept pages

function found(state, key, params) {
  return { state, value: word(key, params) };
}

async function network(sync) {
  const times = [];
  for (let n = 0; n < 5; n += 1) {
    const begun = performance.now();
    const response = await fetch(sync.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    times.push(performance.now() - begun);
  }
  const slowest = Math.round(Math.max(...times));
  return found(slowest < 1000 ? "good" : "warn", "check_ms", { n: slowest });
}

async function clock(sync, report) {
  const begun = Date.now();
  const response = await fetch(report, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": sync.token },
    body: JSON.stringify({ unsent: 0, held: 0, oldest_s: null, now: begun }),
  });
  const body = await response.json();
  const skew = Math.round((begun + (Date.now() - begun) / 2 - Date.parse(body.at)) / 1000);
  const size = Math.abs(skew);
  return found(size * 1000 < LARGEST_SKEW ? "good" : "warn", size < 120 ? "check_off_s" : "check_off_min", {
    n: size < 120 ? skew : Math.round(skew / 60),
  });
}

async function storage() {
  const name = "judging-check";
  const text = `probe ${Date.now()}`;
  const opening = indexedDB.open(name, 1);
  const database = await new Promise((resolve, reject) => {
    opening.onupgradeneeded = () => opening.result.createObjectStore("probe");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const turn = (mode, act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction("probe", mode);
      const request = act(transaction.objectStore("probe"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  await turn("readwrite", (store) => store.put(text, 1));
  const isSame = (await turn("readonly", (store) => store.get(1))) === text;
  database.close();
  indexedDB.deleteDatabase(name);
  return found(isSame ? "good" : "bad", isSame ? "check_yes" : "check_no");
}

async function lasting() {
  if (!navigator.storage || !navigator.storage.persisted) {
    return found("warn", "check_unknown");
  }
  const isKept = (await navigator.storage.persisted()) || (await navigator.storage.persist());
  return found(isKept ? "good" : "warn", isKept ? "check_yes" : "check_not_sure");
}

async function room() {
  if (!navigator.storage || !navigator.storage.estimate) {
    return found("warn", "check_unknown");
  }
  const { quota, usage } = await navigator.storage.estimate();
  const free = Math.floor((quota - usage) / 1048576);
  return found(free >= LEAST_ROOM ? "good" : "bad", "check_mb", { n: free });
}

async function worker(page) {
  const registration = hasWorker() ? await startWorker(page.worker) : null;
  return registration ? found("good", "check_yes") : found("warn", "check_only_here");
}

function screenSize() {
  const { clientWidth, clientHeight } = document.documentElement;
  const size = `${clientWidth} × ${clientHeight}`;
  return { state: clientWidth >= 360 && clientHeight >= 400 ? "good" : "warn", value: size };
}

function touch() {
  const isTouch = navigator.maxTouchPoints > 0 || "ontouchstart" in window;
  return found("good", isTouch ? "check_touch" : "check_keys");
}

function browser() {
  const agent = navigator.userAgent;
  const inside = /MicroMessenger|DingTalk|QQ\/|AliApp|Lark|Feishu/i.test(agent);
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(agent);
  const safari = /Version\/(\d+)[\d.]* .*Safari/.exec(agent);
  const name = chrome ? `Chromium ${chrome[1]}` : safari ? `Safari ${safari[1]}` : word("check_unknown");
  const isOld = (chrome && parseInt(chrome[1], 10) < 87) || (safari && !chrome && parseInt(safari[1], 10) < 14);
  if (inside) {
    return found("warn", "check_inside");
  }
  return { state: isOld ? "warn" : "good", value: name };
}

function draw(name, result) {
  const row = document.querySelector(`[data-test="${name}"]`);
  row.dataset.state = result.state;
  row.querySelectorAll("[data-when]").forEach((icon) => {
    icon.hidden = icon.dataset.when !== result.state;
  });
  row.querySelector("[data-value]").textContent = result.value;
}

async function run({ sync }) {
  const page = document.documentElement.dataset;
  const tests = {
    network: () => network(sync),
    clock: () => clock(sync, page.report),
    storage,
    lasting,
    room,
    worker: () => worker(page),
    screen: screenSize,
    touch,
    browser,
  };
  const results = {};
  for (const name of Object.keys(tests)) {
    try {
      results[name] = await tests[name]();
    } catch (problem) {
      results[name] = found("bad", "check_no");
    }
    draw(name, results[name]);
  }
  await tell(sync, results);
}

async function tell(sync, results) {
  const line = document.querySelector("[data-told]");
  try {
    const response = await fetch(window.location.pathname, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": sync.token },
      body: JSON.stringify({ results }),
    });
    line.textContent = word(response.ok ? "check_told" : "check_not_told");
  } catch (problem) {
    line.textContent = word("check_not_told");
  }
}

openDesk({ receipt: () => {} }).then((desk) => {
  desk.start();
  const again = document.querySelector("[data-again]");
  again.hidden = false;
  again.addEventListener("click", () => run(desk));
  return run(desk);
});
