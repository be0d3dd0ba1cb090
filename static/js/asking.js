// Beside each answer of a case that may be returned: a button that puts it on the list. Without
// this script the list is filled in by choosing places.
const list = document.querySelector("#step-return");
const places = () => [...(list?.querySelectorAll("select[name^='place-']") ?? [])];

function ask(path) {
  const chosen = places().find((place) => place.value === path);
  const place = chosen ?? places().find((each) => !each.value);
  list.closest("details")?.setAttribute("open", "");
  if (!place) {
    list.querySelector("[name=add_places]").focus();
    return;
  }
  place.value = path;
  const words = place.closest("fieldset").querySelector("textarea");
  words.focus();
  words.scrollIntoView({ block: "center" });
}

for (const button of document.querySelectorAll("[data-ask]")) {
  const { ask: path } = button.dataset;
  const isOffered = places()[0]?.querySelector(`option[value="${CSS.escape(path)}"]`);
  if (!isOffered) continue;
  button.hidden = false;
  button.addEventListener("click", () => ask(path));
}
