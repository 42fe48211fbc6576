// Small behaviours of office and public pages. Each one only improves a page that works without it.
import { closeMenusOutside } from "./menus.js";
import { forgetJudgePages } from "./forget.js";
import { askBeforePosting, sendOnce, warnUnsaved } from "./forms.js";
import { showChosenFiles } from "./uploads.js";
import { tickAll } from "./ticks.js";

closeMenusOutside(document);
askBeforePosting(document);
sendOnce(document);
warnUnsaved(document);
showChosenFiles(document);
tickAll(document);
forgetJudgePages(document);

// A form that came back with errors starts at its list of errors.
const errors = document.querySelector("[data-focus]");
if (errors) {
  errors.focus();
}
