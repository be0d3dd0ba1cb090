// Watches who has a draft: asks every five seconds while the page is seen, and draws the page anew
// when something changed. Where somebody may be typing it only says so.
const EVERY_MILLISECONDS = 5000;
const NOT_MODIFIED = 304;

for (const box of document.querySelectorAll("[data-standing]")) {
  watch(box);
}

function watch(box) {
  const live = box.querySelector("[role=status]");
  let mark = null;
  let timer = setTimeout(ask, 0);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, 0);
  });

  async function ask() {
    if (document.hidden) return;
    try {
      const headers = { Accept: "application/json" };
      if (mark) headers["If-None-Match"] = mark;
      const answer = await fetch(box.dataset.standing, { headers, cache: "no-store" });
      if (answer.ok) {
        if (mark) return changed(await answer.json());
        mark = answer.headers.get("ETag");
      } else if (answer.status !== NOT_MODIFIED && answer.status < 500) {
        return changed(await answer.json().catch(() => ({})));
      }
    } catch {
      // The line is gone for a moment: ask again.
    }
    askLater();
  }

  function askLater() {
    clearTimeout(timer); // an answer that came while the page was hidden begins no second round
    timer = setTimeout(ask, EVERY_MILLISECONDS);
  }

  function changed(answer) {
    if ("reload" in box.dataset) {
      location.reload();
    } else if (answer.sentence || answer.holder === "window") {
      live.textContent = answer.sentence || box.dataset.changed;
    } else {
      mark = null;
      askLater();
    }
  }
}
