// <input type="file">: the chosen file's name and size appear beside it, so a wrong file is noticed early.
function describe(file) {
  const kilobytes = Math.max(1, Math.round(file.size / 1024));
  return kilobytes < 1024 ? `${file.name} · ${kilobytes} KB` : `${file.name} · ${(kilobytes / 1024).toFixed(1)} MB`;
}

export function showChosenFiles(root) {
  root.querySelectorAll('input[type="file"]').forEach((input) => {
    const line = document.createElement("p");
    line.className = "field__help";
    line.setAttribute("role", "status");
    line.hidden = true;
    input.insertAdjacentElement("afterend", line);
    input.addEventListener("change", () => {
      line.textContent = Array.from(input.files).map(describe).join("，");
      line.hidden = input.files.length === 0;
    });
  });
}
