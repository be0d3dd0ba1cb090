// Starts the components of the page; every page is complete without this.
import { initAll } from "../govuk/govuk-frontend.min.js";

initAll();

// A button pressed twice sends once. The server would bear it; people should not have to wonder.
// If the answer takes its time, words say that it is on its way.
const PATIENCE = 600;
const RELEASE = 4000;

function say(form) {
  const line = document.createElement("p");
  line.className = "app-status app-status--saving";
  line.setAttribute("role", "status");
  line.dataset.busyLine = "";
  line.textContent = document.body.dataset.busy;
  form.append(line);
}

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  form.querySelector("[data-busy-line]")?.remove();
}

// Heard at the top, so that forms count too that a list has brought since the page was drawn.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => {
    if (form.dataset.sent && !form.classList.contains("app-inline-form")) say(form);
  }, PATIENCE);
  setTimeout(() => release(form), RELEASE);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});

// Printing is an offer of the browser; the button only appears where it works.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The error summary takes the focus by itself. Who came by a link to one field goes on typing there.
const wanted = location.hash && document.getElementById(location.hash.slice(1));
if (wanted && wanted.matches("input, select, textarea")) {
  wanted.focus();
}
