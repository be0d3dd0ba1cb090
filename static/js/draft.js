// The form saves itself as it is typed, says so, and lets nothing go: what cannot be sent stays in
// this browser until it can. Without this script the buttons save, as ever.
import { secured, token } from "./session.js";
import { Shadow, arePossible } from "./shadows.js";

const bar = document.querySelector("[data-save-bar]");
const form = bar?.closest("form");
const OWN = new Set(["csrf_token", "revision", "writer", "sequence"]);
const TYPING_MILLISECONDS = 1000;
const LEAVING_MILLISECONDS = 100;
const SHADOW_MILLISECONDS = 250;
const SHOWN_AFTER_MILLISECONDS = 500; // a save that is quicker is not announced as going on
const LONGEST_WAIT_SECONDS = 60;
const LARGEST_LAST_WORD = 60_000; // what a browser takes from a page that is going away

const words = bar?.dataset ?? {};
const writer = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");
let revision = 0;
let sequence = 0;
let saved = ""; // the text that the server has
let under_way = null;
let timer = 0;
let shadowTimer = 0;
let failures = 0;
let stopped = ""; // why nothing is sent by itself now
let shadow = null;
let isKept = arePossible; // whether what was typed last is kept in this browser

function entries() {
  return [...new FormData(form)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
}

const text = () => JSON.stringify(entries());
const isDirty = () => text() !== saved;

// What the page said when it came, whatever the browser has filled in since.
function asDrawn() {
  const found = [];
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || field.disabled || ["submit", "button", "file"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) {
      if (field.defaultChecked) found.push([field.name, field.value]);
    } else if (field.tagName === "SELECT") {
      const options = [...field.options];
      const chosen = options.find((option) => option.defaultSelected) ?? options[0];
      if (chosen) found.push([field.name, chosen.value]);
    } else {
      found.push([field.name, field.defaultValue]);
    }
  }
  return JSON.stringify(found);
}

function body(sent) {
  const own = { csrf_token: token(), revision, writer, sequence };
  const typed = JSON.parse(sent).map(([name, value]) => [name, value.replace(/\r?\n/g, "\r\n")]);
  return new URLSearchParams([...typed, ...Object.entries(own)]); // line ends as a button sends them
}

// One line says how things stand; what needs somebody is an alert, said once.
function show(kind, sentence, buttons = []) {
  const status = bar.querySelector("[data-save-status]");
  const alarm = bar.querySelector("[data-save-alert]");
  const isAlarm = kind === "failed" || kind === "offline";
  for (const [line, isUsed] of [[status, !isAlarm], [alarm, isAlarm]]) {
    const says = isUsed ? sentence : "";
    line.className = `app-status app-status--${kind}`;
    if (line.textContent !== says) line.textContent = says;
    line.hidden = !says;
  }
  for (const button of bar.querySelectorAll("[data-save-button]")) {
    button.hidden = !buttons.includes(button.dataset.saveButton);
  }
  bar.hidden = false;
  keepFocusInSight();
}

// The bar stays at the foot of the screen; it may not cover the field that is being filled in.
function keepFocusInSight() {
  const { height, top } = bar.getBoundingClientRect();
  document.documentElement.style.scrollPaddingBottom = `${Math.ceil(height) + 16}px`;
  const field = document.activeElement;
  const isAbove = form.contains(field) && !bar.contains(field) && top > window.innerHeight / 4;
  const covered = isAbove ? field.getBoundingClientRect().bottom + 16 - top : 0;
  if (covered > 0 && covered < window.innerHeight) window.scrollBy({ top: covered });
}

const filled = (pattern, at) => pattern.replace("{at}", at ?? "");
const offline = () => (isKept ? words.offline : words.offlineNoCopy);

function schedule(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

function changed(milliseconds) {
  if (!isDirty()) return;
  clearTimeout(shadowTimer);
  shadowTimer = setTimeout(keepCopy, SHADOW_MILLISECONDS);
  if (stopped === "large") stopped = "";
  if (!stopped) schedule(milliseconds);
}

// The browser may have no room for it: then nobody is told that there is a copy.
async function keepCopy() {
  clearTimeout(shadowTimer);
  if (isDirty()) isKept = await shadow.write({ fields: entries(), revision });
}

function stop(why, sentence, buttons, kind = "failed") {
  stopped = why;
  show(kind, sentence, buttons);
  return false;
}

// True once the server has what is on the page.
function save() {
  clearTimeout(timer);
  under_way ??= send().finally(() => {
    under_way = null;
    if (!stopped && failures === 0 && isDirty()) schedule(TYPING_MILLISECONDS);
  });
  return under_way;
}

async function send() {
  const sent = text();
  if (sent === saved) return true;
  sequence += 1;
  const slow = setTimeout(() => show("saving", words.saving), SHOWN_AFTER_MILLISECONDS);
  try {
    const answer = await secured(words.url, () => body(sent));
    const facts = await answer.json().catch(() => ({}));
    if (answer.ok && !Number.isInteger(facts.revision)) return notSent("offline"); // not our answer
    return answer.ok ? taken(sent, facts) : refused(answer, facts);
  } catch (reason) {
    return notSent(reason.why);
  } finally {
    clearTimeout(slow);
  }
}

function taken(sent, facts) {
  saved = sent;
  revision = facts.revision;
  form.elements.revision.value = revision;
  failures = 0;
  stopped = "";
  if (isDirty()) {
    keepCopy();
    return false;
  }
  clearTimeout(shadowTimer);
  shadow.remove();
  show("saved", filled(words.saved, facts.saved_at));
  return true;
}

function refused(answer, facts) {
  const sentence = [facts.sentence, facts.advice].filter(Boolean).join(" ");
  if (facts.code === "changed_elsewhere") {
    bar.dataset.theirs = facts.revision;
    return stop("changed", filled(words.changed, facts.saved_at), ["mine", "theirs"]);
  }
  if (answer.status === 413) return stop("large", words.large, []);
  if (answer.status === 404) return stop("gone", words.gone, ["again"]);
  if (answer.status === 429 || answer.status >= 500) {
    later(Number(answer.headers.get("Retry-After")) || 0);
    return stop("", filled(words.broken), ["again"]);
  }
  return stop("refused", sentence || words.broken, ["again"]);
}

function notSent(why) {
  if (why === "signed-out") return stop("signed-out", isKept ? words.signedOut : words.signedOutNoCopy, ["sign-in"]);
  if (why === "other") return stop("other", words.other, ["again"]);
  later(0);
  return stop("", offline(), ["again"], "offline");
}

function later(seconds) {
  failures += 1;
  const wait = Math.max(seconds, Math.min(2 ** failures, LONGEST_WAIT_SECONDS));
  schedule(wait * 1000 * (0.75 + Math.random() / 2));
}

// A button leaves the page only after the server has what was typed.
async function leave(event) {
  if (!isDirty() && !under_way) {
    form.elements.writer.value = writer;
    form.elements.sequence.value = sequence + 1;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.leaving) return;
  form.dataset.leaving = "yes";
  if (under_way) await under_way;
  if (bar.dataset.conflict) revision = Number(bar.dataset.theirs); // the page says that it does
  const isSaved = (stopped !== "changed" || bar.dataset.conflict) && (await save());
  delete form.dataset.leaving;
  if (isSaved) form.requestSubmit(event.submitter);
  else bar.scrollIntoView({ block: "nearest" });
}

function lastWord() {
  if (!isDirty() || stopped) return;
  sequence += 1;
  const last = body(text());
  if (String(last).length < LARGEST_LAST_WORD) {
    fetch(words.url, { method: "POST", body: last, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
  }
}

function put(fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || ["submit", "button"].includes(field.type)) continue;
    const wanted = values.get(field.name) ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else if (field.type !== "hidden") field.value = wanted.shift() ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const lines = (fields) => fields.find(([name]) => name === "line_count")?.[1];

function offer(part, actions) {
  const banner = document.querySelector(`[data-found=${part}]`);
  for (const [name, act] of Object.entries(actions)) {
    banner.querySelector(`[data-${name}]`).addEventListener("click", () => {
      banner.hidden = true;
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      act();
    });
  }
  banner.hidden = false;
  return banner;
}

async function lookForCopy() {
  const copy = await shadow.read();
  if (!copy || bar.dataset.conflict) return;
  if (JSON.stringify(copy.fields) === text()) return shadow.remove();
  const before = entries();
  const isSameShape = lines(copy.fields) === lines(before);
  if (copy.revision === revision && isSameShape && !isDirty()) {
    put(copy.fields);
    offer("back", { undo: () => put(before) });
    return changed(LEAVING_MILLISECONDS);
  }
  const at = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const banner = offer("older", {
    use: () => (isSameShape ? put(copy.fields) : bring(copy.fields)),
    drop: () => shadow.remove(),
  });
  banner.querySelector("[data-at]").textContent = at;
}

// Lines that this page does not have: the server keeps them, and draws the page anew.
async function bring(fields) {
  sequence += 1;
  try {
    const answer = await secured(words.url, () => body(JSON.stringify(fields)));
    if (answer.ok) {
      await shadow.remove();
      location.reload();
    } else refused(answer, await answer.json().catch(() => ({})));
  } catch (reason) {
    notSent(reason.why);
  }
}

function begin() {
  revision = Number(form.elements.revision.value);
  for (const name of ["writer", "sequence"]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name });
    form.append(field);
  }
  shadow = new Shadow(words.owner, words.place, words.key);
  saved = asDrawn();
  for (const name of ["input", "compositionend"]) {
    form.addEventListener(name, (event) => event.isComposing || changed(TYPING_MILLISECONDS));
  }
  form.addEventListener("change", () => changed(LEAVING_MILLISECONDS));
  form.addEventListener("focusout", () => changed(LEAVING_MILLISECONDS));
  form.addEventListener("submit", leave, true);
  window.addEventListener("online", () => failures > 0 && save());
  window.addEventListener("offline", () => isDirty() && show("offline", offline(), ["again"]));
  window.addEventListener("pagehide", lastWord);
  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && (failures > 0 || stopped) && !isKept) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (isDirty() && !stopped) save();
  });
  document.addEventListener("session:renewed", () => isDirty() && !under_way && again());
  const act = { again, "sign-in": again, mine, theirs: () => leaveForTheirs() };
  for (const button of bar.querySelectorAll("[data-save-button]")) {
    button.addEventListener("click", () => act[button.dataset.saveButton]());
  }
  if (bar.dataset.conflict) {
    saved = "";
    bar.dataset.theirs = revision;
    stop("changed", filled(words.changed, bar.dataset.conflict), ["mine", "theirs"]);
  } else if (isDirty()) changed(TYPING_MILLISECONDS);
  lookForCopy();
}

function again() {
  stopped = "";
  save();
}

function mine() {
  revision = Number(bar.dataset.theirs);
  again();
}

async function leaveForTheirs() {
  stopped = "theirs";
  saved = text();
  await shadow.remove();
  location.assign(words.page);
}

if (form) begin();
