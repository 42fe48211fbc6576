// What surrounds the sheet on a tablet: the worker, the report to the hall, the pause, the device that marks.
import { Idle } from "./idle.js";
import { forgetPages, hasWorker, startWorker } from "./kept.js";
import { Reporter } from "./report.js";
import { word } from "./words.js";

const OTHER_APPS = /MicroMessenger|DingTalk|QQ\/|AliApp|Lark|Feishu/i;

function show(name, isShown) {
  const element = document.querySelector(`[data-${name}]`);
  if (element) {
    element.hidden = !isShown;
  }
  return element;
}

// On a device on which the judge only reads, nothing of the sheet can be typed; what was typed before is still sent.
function readOnly(isReading) {
  show("elsewhere", isReading);
  document.querySelectorAll("#sheet, [data-submit]").forEach((form) => {
    if (isReading && form.contains(document.activeElement)) {
      document.activeElement.blur();
    }
    Array.from(form.elements).forEach((field) => {
      if (field.type !== "hidden" && (isReading ? !field.disabled : "reading" in field.dataset)) {
        field.disabled = isReading;
        field.toggleAttribute("data-reading", isReading);
      }
    });
  });
}

function surroundings() {
  const isInside = OTHER_APPS.test(navigator.userAgent);
  show("inside-app", isInside);
  show("no-worker", !isInside && !hasWorker());
}

function askToPersist() {
  if (navigator.storage && navigator.storage.persist) {
    navigator.storage.persist().catch(() => {});
  }
}

export function startApp({ page, owner, outbox, known, sync }) {
  if (!("app" in page)) {
    return { state: () => {}, count: () => {}, start: () => {} }; // the keying desk: an office page, not a tablet
  }
  const isSheet = document.getElementById("sheet") !== null;
  const idle = new Idle({
    owner,
    url: page.idle,
    unlock: page.unlock,
    seconds: parseInt(page.idleSeconds, 10),
    sync,
    mayAsk: () => !isSheet,
  });
  const forget = () => Promise.all([forgetPages(), known.forget(), idle.forget()]);
  let isOut = false;
  const signedOut = (isNow) => {
    if (isNow && !isOut) {
      forget();
    }
    isOut = isNow;
    const note = show("signed-out-note", isNow);
    if (note && isNow) {
      note.querySelector("[data-count]").textContent = word("kept_here", { n: outbox.waiting().length });
    }
  };
  const reporter = new Reporter({
    outbox,
    sync,
    url: page.report,
    on: {
      elsewhere: readOnly,
      said: (kind) => {
        const isBack = kind === "ok" && (!sync.state.online || sync.state.signedOut);
        sync.say({ online: kind !== "network", signedOut: kind === "signed_out" });
        if (isBack) {
          sync.now(); // the server is there again, or the judge has signed in again in another tab
        }
      },
    },
  });
  return {
    forget,
    count: (notebook) => {
      reporter.notebook = notebook;
    },
    state: ({ signedOut: isNow }) => signedOut(isNow),
    start: () => {
      surroundings();
      askToPersist();
      startWorker(page.worker);
      readOnly(page.marksHere === "0");
      show("kept-note", "kept" in page);
      reporter.start();
      idle.start();
    },
  };
}
