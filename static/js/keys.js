// Single keys for those who work the queue all day. They never fire while somebody types, can be
// switched off in the sheet itself, and every one does what a link or button of the page does.
const sheet = document.getElementById("keys-sheet");
const box = document.getElementById("keys-on");
const STORED = "yichuang-keys";
const PREFIX_MILLISECONDS = 1500;
let isOn = sheet.dataset.keys !== "off";
let prefixedAt = 0;
let lastRow = null;

const find = (selector) => document.querySelector(selector);
const visible = (selector) => [...document.querySelectorAll(selector)].find((each) => each.offsetParent);

function isTyping(target) {
  const field = target.closest("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["checkbox", "radio", "submit", "button"].includes(field.type);
}

function currentRow() {
  const row = document.activeElement.closest("[data-row]") ?? lastRow;
  return row?.isConnected ? row : null;
}

function goRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const here = rows.indexOf(currentRow());
  const place = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  lastRow = rows[Math.min(Math.max(place, 0), rows.length - 1)];
  lastRow.querySelector("[data-open]").focus();
  lastRow.scrollIntoView({ block: "nearest" });
}

function tick() {
  currentRow()?.querySelector("[name=entry]")?.click();
}

// A button of the row one is in, or of the page where there are no rows.
function press(key) {
  const row = currentRow();
  const button = row ? row.querySelector(`[data-key=${key}]`) : find(".app-actions [data-key=" + key + "]");
  button?.click();
}

function handOver() {
  const part = find("#hand-over");
  if (!part?.offsetParent) return;
  const isNothingTicked = !document.querySelector("[name=entry]:checked");
  if (currentRow() && isNothingTicked) tick();
  part.open = true;
  find("#selection-colleague").focus();
}

function goTo(selector) {
  visible(selector)?.click();
}

function openStep(number) {
  const step = document.querySelectorAll("[data-step]")[number];
  if (!step) return;
  step.open = true;
  const first = [...step.querySelectorAll("input, select, textarea, button")].find(
    (field) => field.type !== "hidden" && field.offsetParent,
  );
  (first ?? step).focus();
  step.scrollIntoView({ block: "nearest" });
}

function filter() {
  const field = find("#filter-text");
  field?.focus();
  field?.select();
}

const keys = {
  j: () => goRow(1),
  k: () => goRow(-1),
  x: tick,
  n: () => (find("#take-next") ? find("#take-next").requestSubmit() : goTo("[data-way=next]")),
  c: () => press("c"),
  r: () => press("r"),
  h: handOver,
  f: filter,
  "[": () => goTo("[data-way=previous]"),
  "]": () => goTo("[data-way=next]"),
  a: () => find("#steps")?.focus(),
  "?": openSheet,
};
keys["？"] = keys["?"];

function openSheet() {
  if (!sheet.open) sheet.showModal();
}

function sendOpenStep() {
  const near = document.activeElement.closest("[data-step], details");
  const open = near ?? document.querySelector("details[data-step][open]");
  const form = document.activeElement.closest("form") ?? open?.querySelector("form");
  if (!open || !form) return false;
  const button = [...open.querySelectorAll("button[type=submit]")].find((each) => each.form === form);
  form.requestSubmit(button);
  return true;
}

function closeOpen() {
  const open = document.activeElement.closest("details[open]");
  if (!open) return false;
  open.open = false;
  open.querySelector("summary").focus();
  return true;
}

function act(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return sendOpenStep();
  if (event.key === "Escape") return closeOpen();
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return false;
  if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest("[data-row]")) {
    goRow(event.key === "ArrowDown" ? 1 : -1);
    return true;
  }
  return isOn && single(event.key);
}

function single(key) {
  const isPrefixed = Date.now() - prefixedAt < PREFIX_MILLISECONDS;
  prefixedAt = key === "g" ? Date.now() : 0;
  if (key === "g") return true;
  if (isPrefixed && key === "q") window.location.assign(sheet.dataset.queue);
  else if (/^[1-9]$/.test(key)) openStep(Number(key) - 1);
  else if (keys[key]) keys[key]();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const isComposing = event.isComposing || event.keyCode === 229; // Safari ends it before the key
  if (event.defaultPrevented || isComposing || event.repeat || find("dialog[open]")) return;
  if (act(event)) event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  lastRow = event.target.closest("[data-row]") ?? lastRow;
});
for (const link of document.querySelectorAll("[data-keys-help]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    openSheet();
  });
}
sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());

function switchTo(value) {
  isOn = value;
  box.checked = value;
}

box.addEventListener("change", async () => {
  switchTo(box.checked);
  try {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  } catch {
    // Where nothing can be stored, other windows learn of it when they are drawn anew.
  }
  const form = new FormData(box.form);
  form.set("single_keys", isOn ? "on" : "off");
  await fetch(box.form.action, { method: "POST", body: form, redirect: "manual" }).catch(() => {});
});
window.addEventListener("storage", (event) => {
  if (event.key === STORED) switchTo(event.newValue !== "off");
});
box.form.addEventListener("submit", (event) => event.preventDefault());
