// On pages for people who are not signed in: pages that a judge before them kept on this device go away.
export function forgetJudgePages(document) {
  if (document.querySelector("[data-signed-out]") && "caches" in window) {
    caches.delete("judge-pages").catch(() => {});
  }
}
