// Whoever leaves with something unsaved is asked first; work that takes long says so and is begun once.
// Without it, forms are sent and files are made all the same.

const forms = [...document.querySelectorAll("main form[method=post]")].filter(
  (form) => form.id !== "changelist-form" && !form.querySelector("[type=password]"),
);
const sign = document.querySelector("[data-unsaved-sign]");
const saved = sign?.textContent;
const news = document.createElement("p");
news.className = "visually-hidden";
news.setAttribute("role", "status");
document.body.append(news);

const changed = (field) => {
  if (field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") return false;
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field.options) {
    const chosen = [...field.options];
    const first = chosen.some((one) => one.defaultSelected) ? null : chosen[0];
    return chosen.some((one) => one.selected !== (one.defaultSelected || one === first));
  }
  return field.value !== field.defaultValue;
};
// What was sent and not accepted, or put back, is unsaved from the beginning.
const unsaved = (form) =>
  !form.dataset.sent &&
  (form.matches("[data-unsaved], :has([aria-invalid=true], .conflict)") || [...form.elements].some(changed));

const show = () => {
  if (!sign) return;
  const is = unsaved(sign.closest("form"));
  const text = is ? sign.dataset.unsavedSign : saved;
  sign.classList.toggle("is-unsaved", is);
  if (sign.textContent !== text) sign.textContent = text;
};
for (const form of forms) form.addEventListener("input", show);
show();

// What was pressed, with its label.
const busy = new Map();
const words = (pressed) => (pressed.matches("input") ? "value" : "innerHTML");
const begin = (pressed, message) => {
  busy.set(pressed, pressed[words(pressed)]);
  pressed[words(pressed)] = news.textContent = message;
  pressed.setAttribute("aria-disabled", "true");
};
const end = () => {
  for (const [pressed, label] of busy) {
    pressed[words(pressed)] = label;
    pressed.removeAttribute("aria-disabled");
    delete pressed.form?.dataset.sent;
  }
  busy.clear();
  news.textContent = "";
};

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "true";
    // The Enter key presses one that nobody sees.
    const seen = event.submitter?.ariaHidden ? form.querySelector(".save-bar .button") : event.submitter;
    // What the button sends is read first.
    if (seen) setTimeout(() => begin(seen, seen.dataset.busy ?? "送信しています…"));
  });
}

window.addEventListener("beforeunload", (event) => {
  if (!forms.some(unsaved)) return;
  event.preventDefault();
  setTimeout(end); // For those who stay.
});
// Shown again by "back", as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) end();
});

// A file that is made while one waits. What is no file (signed out, an error) is opened as a page.
const nameOf = (response) => {
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const [, encoded, plain] = disposition.match(/filename\*=utf-8''([^;]+)|filename="([^"]+)"/i) ?? [];
  return encoded ? decodeURIComponent(encoded) : plain;
};
for (const link of document.querySelectorAll("a[data-busy]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    if (busy.has(link)) return;
    begin(link, link.dataset.busy);
    try {
      const response = await fetch(link.href);
      const name = response.ok && nameOf(response);
      if (!name) throw new Error();
      const made = document.createElement("a");
      made.href = URL.createObjectURL(await response.blob());
      made.download = name;
      made.click();
      setTimeout(() => URL.revokeObjectURL(made.href), 60_000);
      end();
      news.textContent = `${name}を保存しました。`;
    } catch {
      end();
      location.assign(link.href);
    }
  });
}
