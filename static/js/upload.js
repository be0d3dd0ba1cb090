// Papers: drop files, see them arrive, put right what went wrong. The page's own forms do all the
// sending; without this script they are sent by their buttons.
import { token } from "./session.js";

const papers = document.querySelector("[data-papers]");
const words = JSON.parse(papers?.dataset.words ?? "{}");
const announcer = papers?.querySelector("[data-announcer]");
const POLL_MILLISECONDS = 3000;
const ENDINGS = { pdf: ["pdf"], jpeg: ["jpg", "jpeg"], png: ["png"] };

const queue = [];
const stopped = new Set();
const looks = new Map();
let current = null;

function say(key, name, more = {}) {
  const text = { name, ...more };
  return (words[key] ?? "").replaceAll(/\{(\w+)\}/g, (_, part) => text[part] ?? "");
}

function announce(text) {
  announcer.textContent = text;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// One file on its way: its line in the list, and what can be done with it.
class Upload {
  constructor(paper, form, file) {
    this.paper = paper;
    this.form = form;
    this.file = file;
    this.line = element("li", "app-files__file");
    this.words = element("p", "app-files__name", say("waiting", file.name));
    this.bar = element("progress", "app-progress-bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", say("uploading", file.name));
    this.buttons = element("div", "app-files__buttons");
    this.line.append(this.words, this.bar, this.buttons);
    this.offer("cancel", () => this.cancel());
    const list = paper.querySelector("[data-queue]");
    list.hidden = false;
    list.append(this.line);
  }

  // The buttons of a line; the focus stays in it.
  offerOnly(buttons) {
    const hadFocus = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren();
    for (const [key, act] of Object.entries(buttons)) this.offer(key, act);
    if (hadFocus) this.buttons.firstElementChild.focus();
  }

  offer(key, act) {
    const button = element("button", "app-link-button", words[key]);
    button.type = "button";
    button.append(element("span", "govuk-visually-hidden", ` ${this.file.name}`));
    button.addEventListener("click", act);
    this.buttons.append(button);
  }

  start() {
    this.state = "sending";
    this.offerOnly({ cancel: () => this.cancel() });
    this.bar.hidden = false;
    this.line.removeAttribute("data-state");
    this.words.textContent = say("uploading", this.file.name);
    announce(this.words.textContent);
    const body = new FormData();
    // The token is read now: signing in again on this page renews it.
    body.append("csrf_token", token());
    body.append("files", this.file, this.file.name);
    this.request = new XMLHttpRequest();
    this.request.open("POST", this.form.action);
    this.request.setRequestHeader("Accept", "application/json");
    this.request.upload.addEventListener("progress", (event) => this.progress(event));
    this.request.addEventListener("load", () => this.answered());
    this.request.addEventListener("error", () => this.lost());
    this.request.send(body);
  }

  progress(event) {
    if (!event.lengthComputable) return;
    this.bar.value = Math.round((event.loaded / event.total) * 100);
    const key = event.loaded < event.total ? "uploading" : "checking";
    this.words.textContent =
      say(key, this.file.name) + (key === "uploading" ? ` ${this.bar.value} %` : "");
  }

  answered() {
    let answer = {};
    try {
      answer = JSON.parse(this.request.responseText);
    } catch {
      answer = {};
    }
    if ("html" in answer) show(this.paper, answer);
    const { status } = this.request;
    if (status === 200) {
      announce(say(answer.state === "received" ? "received" : "done", this.file.name));
      this.leave();
    } else if (status === 401 || answer.code === "forged") {
      this.wait(words.signed_out);
      this.signInOnce();
    } else if (status >= 500 || !answer.sentence) {
      this.wait(words.broken);
    } else if (status === 429) {
      this.wait(answer.sentence);
    } else {
      this.refuse([answer.sentence, answer.advice].filter(Boolean).join(" "));
    }
    next();
  }

  // By itself it tries once: a page whose forms are refused for good must not send without end.
  signInOnce() {
    if (this.hasSignedIn) return;
    this.hasSignedIn = true;
    const detail = { retry: () => retry(this) };
    document.dispatchEvent(new CustomEvent("yichuang:session-ended", { bubbles: true, detail }));
  }

  again() {
    this.hasSignedIn = false;
    retry(this);
  }

  lost() {
    this.wait(say("lost", this.file.name));
    next();
  }

  // It may be tried again as it is.
  wait(text) {
    this.state = "lost";
    stopped.add(this);
    this.bar.hidden = true;
    this.words.textContent = text;
    this.offerOnly({ retry: () => this.again(), cancel: () => this.cancel() });
    announce(text);
  }

  // It will not do: the sentence stays beside its name until it was read.
  refuse(sentence) {
    this.state = "refused";
    this.bar.hidden = true;
    this.line.dataset.state = "refused";
    this.words.replaceChildren(element("strong", "", this.file.name));
    this.line.querySelector(".govuk-error-message")?.remove();
    this.words.after(element("p", "govuk-error-message app-files__refusal", sentence));
    this.offerOnly({ dismiss: () => this.leave() });
    announce(`${say("failed", this.file.name)} ${sentence}`);
    // The page itself shows a file that was written down as refused: one line of it is enough.
    const names = [...this.paper.querySelectorAll("[data-files] [data-state=refused] strong")];
    if (names.some((each) => each.textContent === this.file.name)) this.leave();
  }

  cancel() {
    const wasCurrent = this === current;
    this.state = "cancelled";
    stopped.delete(this);
    this.request?.abort();
    announce(say("cancelled", this.file.name));
    this.leave();
    if (wasCurrent) next();
  }

  leave() {
    const list = this.line.parentElement;
    const hadFocus = this.line.contains(document.activeElement);
    this.line.remove();
    if (list) list.hidden = list.children.length === 0;
    if (hadFocus) this.paper.querySelector("input[type=file]")?.focus();
  }
}

function retry(upload) {
  if (!stopped.delete(upload)) return;
  upload.state = "queued";
  queue.push(upload);
  if (!current) next();
}

// One after another: the last answer then shows the paper as it is.
function next() {
  current = null;
  while (queue.length > 0 && !current) {
    const upload = queue.shift();
    if (upload.state === "cancelled") continue;
    current = upload;
    upload.start();
  }
}

function objection(paper, file, isReplacing) {
  const { types, typesWords, maximumBytes, sizeWords, maximumFiles } = paper.dataset;
  const ending = file.name.split(".").pop().toLowerCase();
  if (file.size === 0) return words.empty;
  if (file.size > Number(maximumBytes)) return say("too_large", file.name, { size: sizeWords });
  if (!types.split(" ").some((kind) => ENDINGS[kind].includes(ending)))
    return say("wrong_type", file.name, { types: typesWords });
  const onTheWay = [...queue, current].filter((each) => each?.paper === paper).length;
  if (!isReplacing && onTheWay >= Number(paper.dataset.room))
    return say("too_many", file.name, { count: maximumFiles });
  return null;
}

function take(paper, form, files) {
  const isReplacing = Boolean(form.closest("[data-files]"));
  for (const file of isReplacing ? files.slice(0, 1) : files) {
    const upload = new Upload(paper, form, file);
    const sentence = objection(paper, file, isReplacing);
    if (sentence) {
      upload.refuse(sentence);
    } else {
      upload.state = "queued";
      queue.push(upload);
    }
  }
  if (!current) next();
}

// What the server says of a paper, as it would draw it.
function show(paper, answer) {
  const files = paper.querySelector("[data-files]");
  const hadFocus = files.contains(document.activeElement);
  files.innerHTML = answer.html;
  paper.querySelector("[data-status]").innerHTML = answer.status_html;
  paper.dataset.room = answer.room;
  prepareForms(paper);
  if (hadFocus) paper.querySelector("input[type=file]")?.focus();
  if (answer.line_status === "checking") lookLater(paper);
}

function lookLater(paper) {
  clearTimeout(looks.get(paper));
  looks.set(paper, setTimeout(look, POLL_MILLISECONDS, paper));
}

async function look(paper) {
  if (document.hidden) {
    lookLater(paper);
    return;
  }
  try {
    const answer = await fetch(paper.dataset.url, { headers: { "X-Poll": "1", Accept: "application/json" } });
    if (answer.ok) show(paper, await answer.json());
  } catch {
    lookLater(paper);
  }
}

async function remove(paper, form) {
  const name = form.closest("[data-file]").querySelector(".app-files__name > *").textContent;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(answer.status);
    show(paper, await answer.json());
    announce(say("removed", name));
  } catch {
    form.dataset.plain = "yes"; // the page's own way tells what is wrong
    form.requestSubmit();
  }
}

function prepareForms(paper) {
  for (const form of paper.querySelectorAll("form[data-upload]:not([data-ready])")) {
    form.dataset.ready = "yes";
    const field = form.querySelector("input[type=file]");
    form.querySelector("button[type=submit]").hidden = true;
    field.addEventListener("change", () => {
      const files = [...field.files];
      field.value = "";
      take(paper, form, files);
    });
  }
  for (const form of paper.querySelectorAll("form[data-remove]:not([data-ready])")) {
    form.dataset.ready = "yes";
    form.addEventListener("submit", (event) => {
      if (form.dataset.plain) return;
      event.preventDefault();
      remove(paper, form);
    });
  }
}

function prepareDrop(paper) {
  const zone = paper.querySelector(".app-drop");
  const form = zone?.closest("form");
  if (!form) return;
  zone.prepend(element("p", "app-drop__words", words.drop));
  let depth = 0;
  const mark = (change) => {
    depth = Math.max(depth + change, 0);
    zone.classList.toggle("app-drop--over", depth > 0);
  };
  zone.addEventListener("dragenter", () => mark(1));
  zone.addEventListener("dragleave", () => mark(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(0);
    take(paper, form, [...event.dataTransfer.files]);
  });
}

if (papers) {
  for (const paper of papers.querySelectorAll("[data-paper]")) {
    prepareForms(paper);
    prepareDrop(paper);
    if (paper.querySelector("[data-state=received]")) lookLater(paper);
  }
  // A file dropped beside its place must not replace the page.
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => event.preventDefault());
  }
  window.addEventListener("beforeunload", (event) => {
    if (current) event.preventDefault();
  });
  window.addEventListener("online", () => {
    for (const upload of [...stopped]) retry(upload);
  });
}
