// The trade picker: suggestions from the occupation catalogue under the name's field.
// Without scripts name and code are two plain fields, and the catalogue has a page of its own.
const WAIT = 200; // milliseconds after the last key

function setUp(box) {
  const name = box.querySelector("[name=trade_name]");
  const code = box.querySelector("[name=trade_code]");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.className = "picker";
  list.id = "trade-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  said.className = "field__help";
  said.setAttribute("role", "status");
  name.insertAdjacentElement("afterend", list);
  list.insertAdjacentElement("afterend", said);
  name.setAttribute("role", "combobox");
  name.setAttribute("aria-controls", list.id);
  name.setAttribute("aria-expanded", "false");
  let timer = 0;
  let asked = 0;
  let marked = -1;

  function close() {
    list.hidden = true;
    marked = -1;
    name.setAttribute("aria-expanded", "false");
    name.removeAttribute("aria-activedescendant");
  }
  function mark(index) {
    const items = list.children;
    if (!items.length) {
      return;
    }
    marked = (index + items.length) % items.length;
    Array.from(items).forEach((item, place) => item.setAttribute("aria-selected", place === marked ? "true" : "false"));
    name.setAttribute("aria-activedescendant", items[marked].id);
    items[marked].scrollIntoView({ block: "nearest" });
  }
  function pick(row) {
    name.value = row.name;
    code.value = row.code;
    said.textContent = `${row.code} ${row.name}`;
    close();
    name.dispatchEvent(new Event("input", { bubbles: true }));
    window.clearTimeout(timer);
  }
  function show(rows) {
    list.textContent = "";
    rows.forEach((row, place) => {
      const item = document.createElement("li");
      item.id = `trade-${place}`;
      item.setAttribute("role", "option");
      item.innerHTML = "<b></b> <span></span><br><small></small>";
      item.querySelector("b").textContent = row.name;
      item.querySelector("span").textContent = row.code;
      item.querySelector("small").textContent = row.above;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        pick(row);
      });
      item.row = row;
      list.append(item);
    });
    list.hidden = rows.length === 0;
    name.setAttribute("aria-expanded", rows.length ? "true" : "false");
    said.textContent = rows.length ? `${rows.length} ${box.dataset.found}` : box.dataset.none;
    marked = -1;
  }
  async function ask() {
    const text = name.value.trim();
    const turn = ++asked;
    if (!text) {
      close();
      return;
    }
    try {
      const answer = await fetch(`${box.dataset.trades}&q=${encodeURIComponent(text)}`, { credentials: "same-origin" });
      const found = await answer.json();
      if (turn === asked) {
        show(found.results);
      }
    } catch (error) {
      close(); // Without the network the two fields still work as they are.
    }
  }
  name.addEventListener("input", (event) => {
    if (!event.isTrusted) {
      return;
    }
    code.value = ""; // A changed name no longer belongs to the code picked before.
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT);
  });
  name.addEventListener("keydown", (event) => {
    if (list.hidden) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(marked + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && marked >= 0) {
      event.preventDefault();
      pick(list.children[marked].row);
    } else if (event.key === "Escape") {
      close();
    }
  });
  name.addEventListener("blur", close);
}

document.querySelectorAll("[data-trades]").forEach(setUp);
