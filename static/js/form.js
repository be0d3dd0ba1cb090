// Questions that depend on another answer are hidden until it is given; without this script they
// are all there, each with a sentence that says when it is to be filled in.
function fieldsNamed(group, name) {
  const scope = group.closest("[data-line]") ?? document;
  return [...scope.querySelectorAll("input, select")].filter((field) =>
    field.name.endsWith(`-${name}`),
  );
}

function chosen(fields) {
  const ticked = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;
  return fields.filter((field) => ticked(field) && field.value).map((field) => field.value);
}

for (const group of document.querySelectorAll("[data-condition]")) {
  const fields = fieldsNamed(group, group.dataset.condition);
  const { conditionSign: sign, conditionValue: value } = group.dataset;
  const asked = (answer) => (sign === "==" ? answer === value : answer !== value);
  const show = () => {
    group.hidden = fields.length > 0 && !chosen(fields).some(asked);
  };
  for (const field of fields) {
    field.addEventListener("change", show);
  }
  show();
}

// A long list of boxes gets a box to filter it by words or code.
for (const list of document.querySelectorAll("[data-filter]")) {
  const box = document.createElement("input");
  box.type = "search";
  box.className = "govuk-input app-filter";
  box.setAttribute("aria-label", list.dataset.filter);
  box.placeholder = list.dataset.filter;
  const none = document.createElement("p");
  none.className = "govuk-hint";
  none.textContent = list.dataset.filterNone;
  none.hidden = true;
  list.before(box);
  list.append(none);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  const filter = () => {
    const wanted = box.value.trim().toLowerCase();
    let found = 0;
    for (const item of list.querySelectorAll(".govuk-checkboxes__item")) {
      const text = `${item.textContent} ${item.querySelector("input").value}`.toLowerCase();
      const fits = text.includes(wanted);
      item.hidden = !fits && !item.querySelector("input").checked;
      found += fits ? 1 : 0;
    }
    none.hidden = found > 0;
  };
  for (const name of ["input", "compositionend"]) {
    box.addEventListener(name, (event) => event.isComposing || filter());
  }
}
