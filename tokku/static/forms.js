// Whoever leaves with something unsaved is asked first; work that takes long says so and is begun once.
// Without it, forms are sent and files are made all the same.

const asked = (form) =>
  form.closest("main, .panel") && form.id !== "changelist-form" && !form.querySelector("[type=password]");
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
// What was sent and not accepted, or put back, is unsaved from the beginning; not what the server keeps as a draft.
const unsaved = (form) =>
  !form.dataset.sent &&
  !form.dataset.kept &&
  (form.querySelector("[aria-invalid=true], .conflict") || [...form.elements].some(changed));

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
    if (pressed.form) delete pressed.form.dataset.sent;
  }
  busy.clear();
  news.textContent = "";
};

// Safari before 15.4 does not say which button sends a form. The Enter key presses one, too.
let lastPressed;
document.addEventListener("click", (event) => {
  lastPressed = event.target.closest("button, input[type=submit]");
}, true);
const submitterOf = (event) =>
  event.submitter ?? (lastPressed && lastPressed.form === event.target ? lastPressed : null);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  // The Enter key presses one that nobody sees.
  const pressed = submitterOf(event);
  const isHidden = !pressed || pressed.getAttribute("aria-hidden");
  const seen = isHidden ? form.querySelector(".bar__line .button, .save-bar .button") : pressed;
  // What the button sends is read first.
  if (seen) setTimeout(() => begin(seen, seen.dataset.busy ?? "送信しています…"));
});

window.addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[method=post]")].filter(asked);
  if (!forms.some(unsaved)) return;
  event.preventDefault();
  event.returnValue = "";
  setTimeout(end); // For those who stay.
});
// Shown again by "back", as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) end();
});

// A menu closes by a click elsewhere and by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest(".menu[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
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
      setTimeout(() => URL.revokeObjectURL(made.href), 60000);
      end();
      news.textContent = `${name}を保存しました。`;
    } catch {
      end();
      location.assign(link.href);
    }
  });
}
