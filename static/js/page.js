// Starts the components of the page; every page is complete without this.
import { initAll } from "../govuk/govuk-frontend.min.js";

initAll();

// A button pressed twice sends once. The server would bear it; people should not have to wonder.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }, 4000);
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
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
