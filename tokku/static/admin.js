// A list to choose from that is searched has no name of its own: it takes that of its label.
// Once Django has made it: what is ready later comes later.
window.django?.jQuery?.(() => {
  for (const label of document.querySelectorAll("label[for]")) {
    const shown = document.getElementById(`select2-${label.htmlFor}-container`);
    if (!shown) continue;
    if (!label.id) label.id = `label-${label.htmlFor}`;
    shown.setAttribute("aria-labelledby", label.id);
    shown.parentElement.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
});
