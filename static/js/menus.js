// <details data-menu> opens and closes by itself; this only closes it on Escape or a tap elsewhere.
export function closeMenusOutside(root) {
  root.addEventListener("click", (event) => {
    root.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.removeAttribute("open");
      }
    });
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    root.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });
}
