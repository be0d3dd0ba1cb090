// Keeps what an officer types for a step as it is typed, and fills in usual reasons.
import { secured } from "./session.js";

const PAUSE = 1500;
const AGAIN = 15000;
const timers = new Map();
const states = new Map();

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

async function save(form, keepalive = false) {
  clearTimeout(timers.get(form));
  if (form.dataset.sent) return;
  const state = told(form);
  if (states.get(form) === state) return;
  const words = form.querySelector("[data-draft-status]").dataset;
  try {
    const answer = await secured(form.dataset.draft, () => typed(form), { keepalive });
    if (!answer.ok) throw new Error(String(answer.status));
    const { saved_at: time } = await answer.json();
    states.set(form, state);
    tell(form, time ? words.saved : "", time);
    form.querySelector("[data-draft-clear]").hidden = !time;
  } catch (reason) {
    tell(form, words.failed);
    if (reason.why !== "signed-out") timers.set(form, setTimeout(save, AGAIN, form));
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  states.set(form, told(form));
  const later = () => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(save, PAUSE, form));
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
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
