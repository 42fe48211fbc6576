// <input type="checkbox" data-ticks="name">: ticks every box of that name in the same form.
export function tickAll(root) {
  root.querySelectorAll("input[data-ticks]").forEach((master) => {
    const scope = master.form || root;
    master.addEventListener("change", () => {
      scope.querySelectorAll(`input[type="checkbox"][name="${master.dataset.ticks}"]`).forEach((box) => {
        box.checked = master.checked;
      });
    });
  });
}
