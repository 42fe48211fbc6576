// The rules editor: settings of a newly chosen function appear at once, sums follow while typing.
// Without scripts there is a button for the settings, and the sums stand there after saving.

document.documentElement.classList.add("has-scripts");

document.querySelectorAll("select[data-refresh]").forEach((select) => {
  select.addEventListener("change", () => {
    const form = select.form;
    const ask = form.querySelector(`button[name="refresh"][value="${select.name}"]`);
    if (ask) {
      delete form.dataset.changed; // Not leaving: the same page comes back with everything typed.
      ask.click();
    }
  });
});

const BESIDE = ["bonus", "penalty", "knockout", "time"];

function amount(input) {
  const text = input.value.trim().replace("%", "");
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

function sumOf(inputs) {
  const values = inputs.map(amount).filter((value) => value !== null);
  return values.length ? Math.round(values.reduce((sum, value) => sum + value, 0) * 1e6) / 1e6 : null;
}

function refreshSums(table) {
  const all = Array.from(table.querySelectorAll("input[data-sum]"));
  ["maximum", "weight"].forEach((field) => {
    const top = all.filter((input) => input.dataset.sum === field && input.dataset.parent === "");
    const output = table.querySelector(`output[data-total="${field}"]`);
    const sum = sumOf(top);
    const weighted = field === "maximum" && all.some((one) => one.dataset.sum === "weight" && one.dataset.parent === "" && one.value.trim());
    output.textContent = sum === null || weighted ? "" : String(sum); // Weighted modules are not added as points.
    if (field === "weight") {
      output.classList.toggle("is-wrong", sum !== null && sum !== 100);
    }
  });
  table.querySelectorAll("output[data-sum-of]").forEach((output) => {
    const parts = all.filter(
      (input) =>
        input.dataset.sum === "maximum" &&
        input.dataset.parent === output.dataset.sumOf &&
        !BESIDE.includes(input.dataset.kind)
    );
    const sum = sumOf(parts);
    if (sum !== null) {
      output.textContent = output.textContent.replace(/[\d./]+$/, String(sum));
      const own = all.find((input) => input.dataset.sum === "maximum" && input.dataset.key === output.dataset.sumOf);
      const fits = amount(own) === null || amount(own) === sum;
      output.closest("tr").classList.toggle("is-bad", !fits);
    }
  });
}

document.querySelectorAll("table.scheme").forEach((table) => {
  table.addEventListener("input", () => refreshSums(table));
});
