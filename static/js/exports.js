// Asks how far files are while one is being written, and changes only what has changed: focus and
// scroll stay. Stops when nothing is waited for any more.
const EVERY = 2000;
const LATER = 10000;
const EAGER = 30; // so many times at the short pace
const PATIENCE = 10000;
const words = document.getElementById("exports-words").dataset;
const news = document.getElementById("exports-news");
let asked = 0;
let timer = 0;

function live() {
  return document.getElementById("exports");
}

function parts(scope) {
  return new Map([...scope.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

// What two drawings of the same thing differ in although nothing has changed: one-time numbers.
function plain(element) {
  const copy = element.cloneNode(true);
  for (const input of copy.querySelectorAll("[name=csrf_token], [name=command_id]")) input.remove();
  for (const button of copy.querySelectorAll("[data-govuk-button-init]")) {
    button.removeAttribute("data-govuk-button-init");
  }
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

function replaceInside(old, fresh) {
  if (plain(old) === plain(fresh)) return;
  const focusable = () => [...old.querySelectorAll("a[href], button")];
  const place = focusable().indexOf(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (place >= 0) (focusable()[place] ?? focusable().at(-1))?.focus({ preventScroll: true });
}

function change(fresh) {
  const known = parts(live());
  const wanted = parts(fresh);
  if ([...wanted.keys()].join() !== [...known.keys()].join()) {
    live().replaceChildren(...fresh.childNodes);
  } else {
    for (const [name, part] of known) replaceInside(part, wanted.get(name));
  }
  Object.assign(live().dataset, { version: fresh.dataset.version, waiting: fresh.dataset.waiting });
}

function tell(wereReady, wereFailed) {
  const [ready, failed] = counts();
  if (failed > wereFailed) news.textContent = words.failed;
  else if (ready > wereReady) news.textContent = words.ready;
  else news.textContent = "";
}

function counts() {
  return ["green", "red"].map((colour) => live().querySelectorAll(`.govuk-tag--${colour}`).length);
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden || live().dataset.waiting !== "yes") return;
  asked += 1;
  try {
    const answer = await fetch(window.location.href, {
      headers: { "X-Poll": "1", Accept: "text/html", "If-None-Match": live().dataset.version },
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      news.textContent = words.signedOut;
    } else if (answer.ok && answer.headers.has("ETag")) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const before = counts();
      change(page.getElementById("exports"));
      tell(...before);
    } else if (answer.status !== 304) {
      news.textContent = words.cut;
    }
  } catch {
    news.textContent = words.cut;
  }
  timer = setTimeout(refresh, asked < EAGER ? EVERY : LATER);
}

document.addEventListener("visibilitychange", refresh);
window.addEventListener("online", refresh);
timer = setTimeout(refresh, EVERY);
