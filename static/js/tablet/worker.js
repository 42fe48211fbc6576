// The judge's service worker. The server puts one line before it: `const KIT = {digest, shell: [addresses], offline}`.
// The shell (scripts, styles) is kept by version; pages of the judge are kept for one owner only, and a page is
// answered from the network whenever there is one. Marks never pass through here: the outbox sends them.
"use strict";
const SHELL = `shell-${KIT.digest}`;
const PAGES = "judge-pages";
const OWNER = "/judge/kept-owner";
const PATIENCE = 4000; // milliseconds that a kept page waits for a network that hangs
const PAUSE = 150; // between two pages fetched ahead, so that a hall of tablets does not press the server
const WANTED = /^\/judge\/(?:check|sheets\/[\w-]+(?:\/across\/[\w.-]+)?)?$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(KIT.shell.concat(KIT.offline)))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && url.pathname.startsWith("/judge/")) {
    event.respondWith(page(event, url.pathname));
  } else if (url.pathname.startsWith("/static/")) {
    // Any kept version will do: an older page asks for its own scripts until it was fetched anew.
    event.respondWith(caches.match(event.request, { ignoreVary: true }).then((found) => found || fetch(event.request)));
  }
});

self.addEventListener("message", (event) => {
  const { data } = event;
  if (data.type === "version") {
    event.ports[0].postMessage(KIT.digest);
  } else if (data.type === "keep") {
    event.waitUntil(keepAll(data.owner, data.pages).then(dropOldShells));
  } else if (data.type === "forget") {
    event.waitUntil(forget().then(() => event.ports[0] && event.ports[0].postMessage("forgotten")));
  }
});

async function page(event, path) {
  const kept = await keptPage(path);
  const fetched = fetch(event.request).then((response) => {
    event.waitUntil(learn(path, response.clone()));
    return response;
  });
  if (!kept) {
    return fetched.catch(async () => (await ownSummary(path)) || caches.match(KIT.offline));
  }
  const late = new Promise((resolve) => self.setTimeout(() => resolve(null), PATIENCE));
  event.waitUntil(fetched.catch(() => null));
  const first = await Promise.race([fetched.catch(() => null), late]);
  return first && first.status < 500 ? first : kept;
}

// The server's summary can't be had without a network: the kept sheet makes one from what stands on this device.
async function ownSummary(path) {
  const sheet = (/^(.*)\/submit$/.exec(path) || [])[1];
  const isKept = sheet && (await caches.open(PAGES).then((cache) => cache.match(sheet)));
  return isKept ? Response.redirect(`${sheet}#summary`, 302) : null;
}

// The kept copy says that it is one: its scripts then lay the judge's own later marks over it.
async function keptPage(path) {
  const found = await caches.open(PAGES).then((cache) => cache.match(path));
  if (!found) {
    return null;
  }
  const text = await found.text();
  return new Response(text.replace("<html ", "<html data-kept "), { headers: found.headers });
}

async function learn(path, response) {
  if (response.type === "opaqueredirect") {
    // Sent elsewhere: to sign in, or to type the PIN. Pages of somebody who is signed out are not kept.
    const answer = await fetch("/judge/token", { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.status === 401) {
      await forget();
    }
  } else if (response.ok && WANTED.test(path)) {
    await keep(path, response, null);
  }
}

// One owner at a time: another judge's first page sweeps the pages of the one before. A page with a passing message
// is not kept, because the message would come back with it.
async function keep(path, response, expected) {
  const era = forgotten;
  const text = await response.text();
  const owner = (/data-owner="(\w+)"/.exec(text) || [])[1];
  if (!owner || (expected && owner !== expected) || text.includes('class="flashes"')) {
    return;
  }
  if (era !== forgotten && expected) {
    return; // signed out while the page was on its way
  }
  if ((await keptOwner()) !== owner) {
    await forget();
  }
  const headers = {};
  for (const name of ["Content-Type", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"]) {
    headers[name] = response.headers.get(name) || "";
  }
  const cache = await caches.open(PAGES);
  await cache.put(OWNER, new Response(owner));
  await cache.put(path, new Response(text, { headers }));
}

async function keptOwner() {
  const found = await caches.open(PAGES).then((cache) => cache.match(OWNER));
  return found ? found.text() : null;
}

let forgotten = 0;

async function forget() {
  forgotten += 1;
  await caches.delete(PAGES);
}

// pages: [{path, stamp}]; one whose stamp stands in the kept copy is not fetched again. False: not all could be kept.
async function keepAll(owner, pages) {
  let isWhole = true;
  for (const { path, stamp } of pages) {
    const kept = await caches.open(PAGES).then((cache) => cache.match(path));
    if (kept && (await keptOwner()) === owner && (await kept.text()).includes(`data-stamp="${stamp}"`)) {
      continue;
    }
    try {
      const response = await fetch(path, { credentials: "same-origin", redirect: "manual" });
      if (response.ok) {
        await keep(path, response, owner);
      } else {
        isWhole = false;
      }
    } catch (problem) {
      isWhole = false;
    }
    await new Promise((resolve) => self.setTimeout(resolve, PAUSE));
  }
  await tell({ type: "kept", isWhole });
  return isWhole;
}

// Scripts of older versions go once no kept page asks for them any more.
async function dropOldShells(isWhole) {
  if (isWhole) {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
  }
}

async function tell(message) {
  const windows = await self.clients.matchAll({ type: "window" });
  windows.forEach((window) => window.postMessage(message));
}
