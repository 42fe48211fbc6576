// What makes the pages open without a network: the worker, and which pages it is asked to keep.
// On plain HTTP and inside other apps' web views there is no worker; then only the outbox protects what is typed.
const isPossible = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

export function hasWorker() {
  return isPossible;
}

// Resolves with the worker's registration, or null where there can be none.
export async function startWorker(address) {
  if (!isPossible || !address) {
    return null;
  }
  try {
    return await navigator.serviceWorker.register(address, { scope: "/judge/" });
  } catch (problem) {
    return null;
  }
}

function asked(worker, type) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    window.setTimeout(() => resolve(null), 1000);
    worker.postMessage({ type }, [channel.port2]);
  });
}

// The worker of this page's version: pages fetched by an older one would go with that one's scripts.
async function presentWorker(digest) {
  const registration = await navigator.serviceWorker.ready;
  if ((await asked(registration.active, "version")) !== digest) {
    await registration.update().catch(() => {});
    const coming = registration.installing || registration.waiting;
    if (coming) {
      await new Promise((resolve) => {
        coming.addEventListener("statechange", () => ["activated", "redundant"].includes(coming.state) && resolve());
        window.setTimeout(resolve, 30000);
      });
    }
  }
  return registration.active;
}

// pages: [{path, stamp}]. Resolves with whether all of them can now be opened without a network.
export async function keepPages(owner, digest, pages) {
  if (!isPossible) {
    return false;
  }
  const active = await presentWorker(digest);
  return new Promise((resolve) => {
    const heard = (event) => {
      if (event.data.type === "kept") {
        navigator.serviceWorker.removeEventListener("message", heard);
        resolve(event.data.isWhole);
      }
    };
    navigator.serviceWorker.addEventListener("message", heard);
    navigator.serviceWorker.startMessages();
    active.postMessage({ type: "keep", owner, pages });
  });
}

// Nothing of this judge's pages stays behind: at sign-out, and when the server no longer knows the sign-in.
export async function forgetPages() {
  const worker = isPossible && navigator.serviceWorker.controller;
  if (worker) {
    await asked(worker, "forget");
  }
  if ("caches" in window) {
    await caches.delete("judge-pages");
  }
}
