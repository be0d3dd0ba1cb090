// One's session under a page that stays open: a warning before it ends, signing in again in place,
// and nothing sent into the void. Other modules send through `secured`.
import { forgetOld, forgetAll } from "./shadows.js";

const root = document.querySelector("#session");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("yichuang-session") : null;
const WARN_SECONDS = 5 * 60;
const LAST_SECONDS = 60;
const TRUSTED_MILLISECONDS = 10_000; // after an answer of the server nobody asks again
const PATIENCE_MILLISECONDS = 10_000;
const TYPING_MILLISECONDS = 4 * 60_000; // typing counts as an act, told this often
const AGAIN_MILLISECONDS = 15_000; // while the server does not answer
const SPOKEN_SECONDS = [300, 120, 60, 30];

const owner = root?.dataset.owner ?? "";
const ends = { idle: Infinity, hard: Infinity };
let heardAt = Date.now();
let remindAt = WARN_SECONDS; // once the warning was put away it comes back for the last minute
let isAsking = false;
let signingIn = null;
let isPutAway = false; // "not now": the page asks again only when something is sent
let lastSpoken = Infinity;
let askAgainAt = 0;

export class NotSent extends Error {
  // why: "offline", "signed-out" or "other"
  constructor(why) {
    super(why);
    this.why = why;
  }
}

function note(idleSeconds, endSeconds, isNews = true) {
  heardAt = Date.now();
  ends.idle = heardAt + idleSeconds * 1000;
  ends.hard = heardAt + endSeconds * 1000;
  if (secondsLeft() > WARN_SECONDS) remindAt = WARN_SECONDS;
  isPutAway = false;
  if (isNews) channel?.postMessage({ owner, is: "alive", idleSeconds, endSeconds });
}

function secondsLeft() {
  return Math.ceil((Math.min(ends.idle, ends.hard) - Date.now()) / 1000);
}

function part(name) {
  return document.querySelector(`#session-${name}`);
}

async function fetched(url, options = {}) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), options.patience ?? PATIENCE_MILLISECONDS);
  try {
    const answer = await fetch(url, {
      ...options,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: waiting.signal,
    });
    const [idle, end, whose] = (answer.headers.get("Session-Seconds") ?? "").split(",");
    if (whose === owner) note(Number(idle), Number(end)); // another account's session is not ours
    return answer;
  } catch {
    throw new NotSent("offline");
  } finally {
    clearTimeout(timer);
  }
}

async function state() {
  const answer = await fetched(root.dataset.stateUrl);
  if (!answer.ok) throw new NotSent("offline");
  return answer.json();
}

export function token() {
  return document.querySelector("input[name=csrf_token]").value;
}

function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
}

// Signed in as the person of this page, now or after the dialog; otherwise NotSent.
async function ensure() {
  const facts = await state();
  if (facts.owner === owner) return renew(facts.csrf_token);
  if (facts.owner !== null) throw new NotSent("other");
  renew(facts.csrf_token);
  if (!(await signIn())) throw new NotSent("signed-out");
}

// Sends `body()` and gives the answer; a session that has ended is begun again in place first.
export async function secured(url, body, options = {}) {
  const send = () => fetched(url, { method: "POST", body: body(), ...options });
  const answer = await send();
  if (!root || (answer.status !== 401 && answer.status !== 400)) return answer;
  const refusal = await answer.clone().json().catch(() => ({}));
  if (!["not_signed_in", "forged"].includes(refusal.code)) return answer;
  await ensure();
  return send();
}

function signIn() {
  signingIn ??= new Promise((resolve) => {
    const dialog = part("sign-in");
    part("warning").close();
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        signingIn = null;
        isPutAway = dialog.returnValue !== "signed-in";
        resolve(!isPutAway);
        dialog.returnValue = "";
      },
      { once: true },
    );
  });
  return signingIn;
}

function signedIn(token) {
  renew(token);
  part("sign-in").close("signed-in");
  document.dispatchEvent(new CustomEvent("session:renewed"));
}

async function begin(form) {
  const say = (sentence) => {
    const error = form.querySelector("[data-error]");
    error.textContent = sentence;
    error.hidden = !sentence;
  };
  const password = form.querySelector("[name=password]");
  const send = () => fetched(form.action, { method: "POST", body: new FormData(form) });
  say("");
  try {
    let answer = await send();
    if (answer.status === 400) {
      const facts = await state();
      if (facts.owner === owner) return signedIn(facts.csrf_token);
      renew(facts.csrf_token);
      answer = await send();
    }
    const facts = await answer.json();
    if (answer.ok) {
      password.value = "";
      channel?.postMessage({ owner, is: "renewed" });
      return signedIn(facts.csrf_token);
    }
    say([facts.sentence, facts.status === 403 ? facts.advice : ""].filter(Boolean).join(" "));
  } catch {
    say(root.dataset.noAnswer);
  }
  password.select();
  password.focus();
}

function tell(why) {
  const dialog = part("trouble");
  dialog.querySelector("[data-text]").textContent = root.dataset[why] ?? root.dataset.offline;
  if (!dialog.open) dialog.showModal();
}

// A form leaves the page only while its person is signed in and the server answers.
async function check(event) {
  const form = event.target;
  if (form.method !== "post" || form.closest("dialog") || form.action.endsWith("/sign-out")) return;
  if (form.dataset.checked) {
    delete form.dataset.checked;
    return;
  }
  if (Date.now() - heardAt < TRUSTED_MILLISECONDS && secondsLeft() > 0 && navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.checking) return;
  form.dataset.checking = "yes";
  try {
    await ensure();
    form.dataset.checked = "yes";
    form.requestSubmit(event.submitter);
  } catch (reason) {
    if (reason.why !== "signed-out") tell(reason.why);
  } finally {
    delete form.dataset.checking;
  }
}

function count(left) {
  const warning = part("warning");
  const isLast = ends.hard <= ends.idle + 1000;
  for (const [name, isShown] of [["idle", !isLast], ["end", isLast]]) {
    warning.querySelector(`[data-part=${name}]`).hidden = !isShown;
  }
  warning.querySelector("[data-extend]").hidden = isLast;
  warning.querySelector("[data-understood]").hidden = !isLast;
  const minutes = Math.floor(left / 60);
  const pattern = minutes > 0 ? root.dataset.leftMinutes : root.dataset.leftSeconds;
  const words = pattern.replace("{m}", minutes).replace("{s}", left % 60);
  warning.querySelector("[data-countdown]").textContent = words;
  const mark = SPOKEN_SECONDS.findLast((seconds) => left <= seconds) ?? Infinity;
  if (mark < lastSpoken) {
    lastSpoken = mark;
    warning.querySelector("[data-spoken]").textContent = words;
  }
}

function warn(left) {
  const warning = part("warning");
  if (!warning.open && !signingIn && !document.querySelector("dialog[open]")) {
    lastSpoken = Infinity;
    warning.showModal();
    warning.querySelector("button:not([hidden])").focus();
  }
  count(left);
}

async function look() {
  if (isAsking || signingIn || isPutAway) return;
  const warning = part("warning");
  if (secondsLeft() > remindAt) {
    if (warning.open && secondsLeft() > WARN_SECONDS) warning.close();
    return;
  }
  if ((!warning.open || secondsLeft() <= 0) && Date.now() >= askAgainAt) {
    isAsking = true; // another window or device may have gone on meanwhile
    try {
      const facts = await state();
      if (facts.owner === owner) note(facts.idle_seconds, facts.end_seconds, false);
      else ends.idle = Date.now();
    } catch {
      askAgainAt = Date.now() + AGAIN_MILLISECONDS; // our own clock counts meanwhile
    } finally {
      isAsking = false;
    }
  }
  const left = secondsLeft();
  if (left > 0 && left <= remindAt) warn(left);
  if (left <= 0 && navigator.onLine && Date.now() >= askAgainAt) ensure().catch(tellOnce);
}

// Said once; the page asks again when something is to be sent.
function tellOnce(reason) {
  if (reason.why !== "other") return;
  isPutAway = true;
  tell("other");
}

const prolong = () => secured(root.dataset.extendUrl, () => new URLSearchParams({ csrf_token: token() }));

async function extend() {
  try {
    await prolong();
    part("warning").close();
  } catch (reason) {
    if (reason.why !== "signed-out") tell(reason.why);
  }
}

function watch() {
  note(Number(root.dataset.idleSeconds), Number(root.dataset.endSeconds));
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("submit", check, true);
  document.addEventListener("input", (event) => {
    const isStale = Date.now() - heardAt > TYPING_MILLISECONDS && secondsLeft() > 0;
    if (event.isTrusted && isStale && !isAsking && !event.target.closest("dialog")) {
      heardAt = Date.now();
      prolong().catch(tellOnce); // whoever types is not stopped by a line that is cut
    }
  });
  const warning = part("warning");
  warning.querySelector("[data-extend]").addEventListener("click", extend);
  warning.querySelector("[data-understood]").addEventListener("click", () => warning.close());
  warning.addEventListener("close", () => {
    if (secondsLeft() <= WARN_SECONDS) remindAt = LAST_SECONDS;
  });
  part("sign-in").querySelector("[data-later]").addEventListener("click", () => part("sign-in").close());
  part("trouble").querySelector("[data-close]").addEventListener("click", () => part("trouble").close());
  root.querySelector("[data-session-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    begin(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/sign-out")) return;
    forgetAll();
    channel?.postMessage({ owner, is: "signed-out" });
  });
  // Another module met the end of the session and says how to go on.
  document.addEventListener("yichuang:session-ended", (event) => {
    ensure()
      .then(() => event.detail?.retry?.())
      .catch((reason) => reason.why !== "signed-out" && tell(reason.why));
  });
  channel?.addEventListener("message", ({ data }) => hear(data));
}

// What another window of this browser has done.
function hear(news) {
  if (news.owner !== owner) return;
  if (news.is === "alive") note(news.idleSeconds, news.endSeconds, false);
  if (news.is === "signed-out") ends.idle = Date.now();
  if (news.is === "renewed" && signingIn) {
    state()
      .then((facts) => facts.owner === owner && signedIn(facts.csrf_token))
      .catch(() => {});
  }
}

forgetOld();
if (root) watch();
