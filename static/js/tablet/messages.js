// Messages of the chief judge, and talks of the panel: asked for at every contact with the server.
const holder = document.querySelector("[data-messages]");
const EVERY = 30000;

function notice(text, extra, button) {
  const box = document.createElement("div");
  box.className = "notice notice--warn";
  box.setAttribute("role", "status");
  const body = document.createElement("div");
  body.className = "notice__body";
  const line = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = text;
  const small = document.createElement("span");
  small.className = "muted";
  small.textContent = extra ? " " + extra : "";
  line.append(strong, small);
  body.append(line, button);
  box.append(body);
  return box;
}

function show(found, words) {
  const boxes = found.messages.map((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--primary";
    button.textContent = words.read;
    button.addEventListener("click", async () => {
      const body = new URLSearchParams({ csrf_token: holder.dataset.csrf });
      try {
        const answer = await fetch(one.read, { method: "POST", body, credentials: "same-origin" });
        if (answer.ok) {
          ask();
        }
      } catch (error) {
        // Without a network the message stays on the screen and is asked for again.
      }
    });
    return notice(one.text, one.from + ", " + one.at, button);
  });
  if (found.talks && !document.querySelector("[data-talk-page]")) {
    const link = document.createElement("a");
    link.className = "btn btn--primary";
    link.href = holder.dataset.talks;
    link.textContent = words.open;
    boxes.push(notice(words.talk.replace("{n}", found.talks), "", link));
  }
  holder.replaceChildren(...boxes);
}

async function ask() {
  try {
    const answer = await fetch(holder.dataset.messages, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      show(await answer.json(), JSON.parse(holder.dataset.words));
    }
  } catch (error) {
    // No network: what is shown stays.
  }
}

if (holder) {
  ask();
  window.setInterval(ask, EVERY);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      ask();
    }
  });
}
