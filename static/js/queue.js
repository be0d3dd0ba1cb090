// Keeps the list of a queue fresh. The same address is asked again with the version that is shown;
// rows are changed one by one, so that focus, ticks, scroll and open menus stay as they are.
const EVERY = 15000;
const PATIENCE = 10000;
const list = document.getElementById("queue-list");
const news = document.getElementById("queue-news");
const updated = document.getElementById("queue-updated");
const words = news.dataset;
const seen = new Set(rowKeys(list));
let version = list.dataset.version;
let lastGood = new Date();
let isCut = false;
let isAsking = false;
let timer = 0;

function rowKeys(scope) {
  return [...scope.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
}

function clock(at) {
  const form = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
  return new Intl.DateTimeFormat("en-GB", form).format(at);
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// What two drawings of the same thing differ in although nothing has changed: one-time numbers.
function plain(element) {
  const copy = element.cloneNode(true);
  for (const input of copy.querySelectorAll("[name=csrf_token], [name=command_id]")) input.remove();
  for (const started of copy.querySelectorAll("[data-govuk-button-init]")) {
    started.removeAttribute("data-govuk-button-init");
  }
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

function focusable(scope) {
  return [...scope.querySelectorAll("a[href], button, input:not([type=hidden])")];
}

function replaceInside(old, fresh) {
  if (plain(old) === plain(fresh)) return;
  const place = focusable(old).indexOf(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (place >= 0) (focusable(old)[place] ?? focusable(old).at(-1))?.focus({ preventScroll: true });
}

function changeRow(old, fresh) {
  const cells = [...fresh.children];
  [...old.children].forEach((cell, place) => {
    if (!cell.matches(".app-tick") && !isOpened(cell)) replaceInside(cell, cells[place]);
  });
}

// A part that somebody has opened, to write in it, waits until they are done.
function isOpened(scope) {
  return scope.querySelector("details[open]") !== null;
}

// The row with the focus is never taken out of the page: the others are put around it.
function changeRows(body, freshRows) {
  const known = new Map([...body.children].map((row) => [row.dataset.row, row]));
  const focused = document.activeElement.closest("[data-row]");
  const wanted = new Set(freshRows.map((row) => row.dataset.row));
  const stays = focused && body.contains(focused) && wanted.has(focused.dataset.row);
  if (focused && body.contains(focused) && !stays) moveFocusOn(focused, wanted);
  for (const [key, row] of known) if (!wanted.has(key)) row.remove();
  let isBefore = Boolean(stays);
  for (const fresh of freshRows) {
    const row = known.get(fresh.dataset.row) ?? fresh;
    if (row !== fresh) changeRow(row, fresh);
    if (stays && row === focused) isBefore = false;
    else if (isBefore) focused.before(row);
    else body.append(row);
  }
}

function moveFocusOn(gone, wanted) {
  const rows = [...gone.parentElement.children];
  const here = rows.indexOf(gone);
  const other = [...rows.slice(here + 1), ...rows.slice(0, here).reverse()].find((row) =>
    wanted.has(row.dataset.row),
  );
  const target = other?.querySelector("[data-open]") ?? document.getElementById("queue-total");
  target?.focus({ preventScroll: true });
}

function changeViews(fresh) {
  for (const item of fresh.querySelectorAll("[data-view]")) {
    const old = list.querySelector(`[data-view="${item.dataset.view}"]`);
    const [link, freshLink] = [old.querySelector("a"), item.querySelector("a")];
    if (link.innerHTML !== freshLink.innerHTML) link.innerHTML = freshLink.innerHTML;
  }
}

// The parts around the rows; one that has the focus waits for the next time. False if it does.
function changePart(name, fresh) {
  const [old, part] = [list.querySelector(name), fresh.querySelector(name)];
  if (old?.contains(document.activeElement)) return false;
  if (old && part) replaceInside(old, part);
  else if (old) old.remove();
  return true;
}

function change(fresh) {
  const body = list.querySelector("#queue-rows");
  const freshBody = fresh.querySelector("#queue-rows");
  const parts = ["[data-part=handed]", "[data-part=assigned]", "[data-part=pages]"];
  const same = parts.every((name) => !fresh.querySelector(name) || list.querySelector(name));
  if (!body || !freshBody || !same) {
    if (body && isOpened(body)) return false;
    const key = document.activeElement.closest("[data-row]")?.dataset.row;
    const ticked = new Set(tickedBoxes().map((box) => box.value));
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...fresh.childNodes);
    for (const box of boxes()) box.checked = ticked.has(box.value);
    const target = key && list.querySelector(`[data-row="${CSS.escape(key)}"] [data-open]`);
    if (hadFocus) (target ?? document.getElementById("queue-total"))?.focus({ preventScroll: true });
    return true;
  }
  changeViews(fresh);
  const isWhole = ["#queue-total", ...parts].map((name) => changePart(name, fresh)).every(Boolean);
  changeRows(body, [...freshBody.children]);
  return isWhole && !isOpened(body);
}

// What stands at the top of the window, or has the focus, stays where it is.
function withoutMoving(act) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const anchor =
    document.activeElement.closest("[data-row]") ??
    rows.find((row) => row.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  const isComplete = act();
  if (anchor?.isConnected && window.scrollY > 0) {
    window.scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
  }
  return isComplete;
}

function announceNew() {
  const fresh = [...list.querySelectorAll("[data-row]")].filter((row) => !seen.has(row.dataset.row));
  for (const row of fresh) {
    seen.add(row.dataset.row);
    row.classList.add("app-queue__new");
    setTimeout(() => row.classList.remove("app-queue__new"), 12000);
  }
  if (fresh.length) news.textContent = fill(words.new, { count: fresh.length });
}

function tellUpdated() {
  lastGood = new Date();
  updated.textContent = fill(words.updated, { time: clock(lastGood) });
  if (isCut) news.textContent = words.back;
  isCut = false;
}

function tellCut(sentence) {
  if (isCut && news.textContent) return;
  isCut = true;
  news.textContent = fill(sentence, { time: clock(lastGood) });
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(window.location.href, {
      headers: { "X-Poll": "1", Accept: "text/html", ...(version && { "If-None-Match": version }) },
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      tellCut(words.signedOut);
    } else if (answer.status === 304) {
      if (version) version = answer.headers.get("ETag") ?? version;
      tellUpdated();
    } else if (answer.ok && answer.headers.has("ETag")) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.headers.get("ETag");
      tellUpdated();
      version = withoutMoving(() => change(page.body)) ? fresh : ""; // what waits is asked for again
      announceNew();
      showSelected();
    } else {
      tellCut(words.cut);
    }
  } catch {
    tellCut(words.cut);
  } finally {
    isAsking = false;
  }
  timer = setTimeout(refresh, EVERY);
}

function boxes() {
  return [...list.querySelectorAll("[name=entry]")];
}

function tickedBoxes() {
  return boxes().filter((box) => box.checked);
}

// Without entries there is nothing to tick; words that are being written there stay.
function showBar() {
  const isEmpty = boxes().length === 0;
  const bar = document.querySelector(".app-selection");
  bar.hidden = isEmpty && !bar.contains(document.activeElement);
  document.getElementById("select-all-part").hidden = isEmpty;
}

function showSelected() {
  showBar();
  const count = tickedBoxes().length;
  const line = document.querySelector("[data-selected]");
  line.hidden = false;
  line.textContent = fill(line.dataset.selected, { count });
  const all = document.getElementById("select-all");
  all.checked = count > 0 && count === boxes().length;
  all.indeterminate = count > 0 && count < boxes().length;
}

document.getElementById("select-all").addEventListener("change", (event) => {
  for (const box of boxes()) box.checked = event.target.checked;
  showSelected();
});
list.addEventListener("change", showSelected);
document.addEventListener("visibilitychange", refresh);
window.addEventListener("online", refresh);
window.addEventListener("pageshow", showSelected);
showSelected();
timer = setTimeout(refresh, EVERY);
