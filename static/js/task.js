// The case page while it is open: tells colleagues that somebody is here, and counts down the claim.
import { token } from "./session.js";

const HERE_EVERY = 30000;
const COUNT_EVERY = 10000;
const head = document.getElementById("task-head");
// By how much this computer's clock is ahead of the server's.
const ahead = Date.now() - new Date(head.dataset.drawnAt).getTime();

async function stillHere() {
  if (document.hidden || !head.dataset.presence) return;
  try {
    const answer = await fetch(head.dataset.presence, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "manual",
    });
    if (answer.ok) showWatchers((await answer.json()).watchers);
  } catch {
    // Presence is a courtesy: when the line is cut, nobody is told, and nothing else is lost.
  }
}

function showWatchers(watchers) {
  const line = document.getElementById("task-watchers");
  const names = line.querySelector("[data-watchers]");
  const text = watchers.join(" · ");
  if (names.textContent !== text) names.textContent = text;
  line.hidden = watchers.length === 0;
}

function countDown() {
  const claim = document.querySelector("[data-claim-until]");
  if (!claim) return;
  const minutes = Math.floor((new Date(claim.dataset.claimUntil) - Date.now() + ahead) / 60000);
  const text =
    minutes >= 0 ? claim.dataset.words.replace("{minutes}", minutes) : claim.dataset.over;
  if (claim.textContent !== text) claim.textContent = text;
  claim.classList.toggle("app-due--soon", minutes < 5);
}

setInterval(stillHere, HERE_EVERY);
setInterval(countDown, COUNT_EVERY);
document.addEventListener("visibilitychange", stillHere);
countDown();
