// Keeps what an officer types for a step as it is typed, and fills in usual reasons.
const PAUSE = 1500;
const AGAIN = 15000;
const timers = new Map();
const states = new Map();

function typed(form) {
  const data = new FormData(form);
  for (const name of ["command_id", "expected_version"]) data.delete(name);
  return new URLSearchParams(data);
}

function tell(form, sentence, time = "") {
  const line = form.querySelector("[data-draft-status]");
  line.textContent = sentence.replace("{time}", time);
}

async function save(form, keepalive = false) {
  clearTimeout(timers.get(form));
  if (form.dataset.sent) return;
  const body = typed(form);
  const state = body.toString();
  if (states.get(form) === state) return;
  const words = form.querySelector("[data-draft-status]").dataset;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      keepalive,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { saved_at: time } = await answer.json();
    states.set(form, state);
    tell(form, time ? words.saved : "", time);
    form.querySelector("[data-draft-clear]").hidden = !time;
  } catch {
    tell(form, words.failed);
    timers.set(form, setTimeout(save, AGAIN, form));
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  states.set(form, typed(form).toString());
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
