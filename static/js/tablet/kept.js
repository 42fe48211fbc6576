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

// pages: [{path, stamp}]. Resolves with whether all of them can now be opened without a network.
export async function keepPages(owner, pages) {
  if (!isPossible) {
    return false;
  }
  const { active } = await navigator.serviceWorker.ready;
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
    await new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      window.setTimeout(resolve, 1000);
      worker.postMessage({ type: "forget" }, [channel.port2]);
    });
  }
  if ("caches" in window) {
    await caches.delete("judge-pages");
  }
}
