// Keeps what an officer types for a step as it is typed, and fills in usual reasons.
import { secured } from "./session.js";

const PAUSE = 1500;
const AGAIN = 15000;
const timers = new Map();
const states = new Map();
const underWay = new Set();

function typed(form) {
  const data = new FormData(form);
  for (const name of ["command_id", "expected_version"]) data.delete(name);
  return new URLSearchParams(data);
}

// Without the token, which signing in again may renew.
function told(form) {
  const data = typed(form);
  data.delete("csrf_token");
  return data.toString();
}

function tell(form, sentence, time = "") {
  const line = form.querySelector("[data-draft-status]");
  line.textContent = sentence.replace("{time}", time);
}

function saveIn(form, milliseconds) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, milliseconds, form));
}

// One after the other, so that an older text never comes after a newer one.
async function save(form, keepalive = false) {
  clearTimeout(timers.get(form));
  if (form.dataset.sent) return;
  if (underWay.has(form) && !keepalive) {
    saveIn(form, PAUSE);
    return;
  }
  const state = told(form);
  if (states.get(form) === state) return;
  const words = form.querySelector("[data-draft-status]").dataset;
  underWay.add(form);
  try {
    const answer = await secured(form.dataset.draft, () => typed(form), { keepalive });
    if (!answer.ok) {
      refused(form, answer.status);
      return;
    }
    const { saved_at: time } = await answer.json();
    states.set(form, state);
    tell(form, time ? words.saved : "", time);
    form.querySelector("[data-draft-clear]").hidden = !time;
  } catch (reason) {
    const isLost = !["signed-out", "other"].includes(reason.why);
    tell(form, isLost ? words.failed : words.refused);
    if (isLost) saveIn(form, AGAIN);
  } finally {
    underWay.delete(form);
  }
}

// What the server will not take is not sent again and again: that would keep the session alive.
function refused(form, status) {
  const words = form.querySelector("[data-draft-status]").dataset;
  const mayPass = status === 429 || status >= 500;
  tell(form, mayPass ? words.failed : words.refused);
  if (mayPass) saveIn(form, AGAIN);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  states.set(form, told(form));
  const later = (event) => event.isComposing || saveIn(form, PAUSE);
  for (const name of ["input", "change", "compositionend"]) form.addEventListener(name, later);
  form.addEventListener("submit", () => clearTimeout(timers.get(form)));
}
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const form of timers.keys()) save(form, true);
});

document.addEventListener("session:renewed", () => {
  for (const form of states.keys()) save(form);
});

function fill(select) {
  const box = document.getElementById(select.dataset.fills);
  const basis = document.getElementById(select.dataset.basis);
  const texts = [...select.options].map((option) => option.dataset.text).filter(Boolean);
  const { text = "", basis: law = "" } = select.selectedOptions[0].dataset;
  const written = texts.reduce((rest, each) => rest.replace(each, ""), box.value).trim();
  box.value = [text, written].filter(Boolean).join("\n");
  basis.textContent = law ? basis.dataset.words + law : "";
  basis.hidden = !law;
}

for (const select of document.querySelectorAll("[data-fills]")) {
  select.addEventListener("change", () => fill(select));
}
