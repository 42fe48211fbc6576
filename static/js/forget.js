// On pages for people who are not signed in: what a judge before them kept on this device to read goes away.
// Marks that were not sent stay: they belong to that judge and are sent when the judge signs in again.
export function forgetJudgePages(document) {
  if (!document.querySelector("[data-signed-out]")) {
    return;
  }
  if ("caches" in window) {
    caches.delete("judge-pages").catch(() => {});
  }
  try {
    indexedDB.deleteDatabase("judging-known");
    Object.keys(window.localStorage)
      .filter((name) => name === "touched" || name.startsWith("pin"))
      .forEach((name) => window.localStorage.removeItem(name));
  } catch (problem) {
    // A browser without storage kept nothing.
  }
}
