// Entry while one types: what is not saved is counted and kept on the server, folded rows open in place, keys work.
// Without it, all of it is typed and saved all the same. Rows and their parts may come later (row_panel.js), so
// everything listens on the document.

const DRAFT_DELAY = 700;
const RETRY_DELAY = 10000;

const entryForm = (element) => element.closest("form[data-drafts]");
const rowOf = (element) => element.closest("[data-row]");
const fieldsIn = (element) => [...element.querySelectorAll("input, textarea, select")];

// How many changes are not saved

const countUnsaved = (form) => {
  const typed = fieldsIn(form).filter((field) => changed(field) && !field.closest("[data-unsaved]"));
  return Number(form.dataset.places) + typed.length;
};
const showUnsaved = (form) => {
  const sign = form.querySelector("[data-unsaved-sign]");
  const count = countUnsaved(form);
  const text = count ? sign.dataset.unsavedSign.replace("{}", count) : sign.dataset.saved;
  sign.classList.toggle("is-unsaved", count > 0);
  if (sign.textContent !== text) sign.textContent = text;
  if (!count) form.querySelector("[data-draft-sign]").textContent = "";
};

// Drafts: what is typed is kept on the server, row by row, until it is saved

const waiting = new Map(); // rows whose draft is to be sent, by form
let timer;
let isSending = false;
let isCutOff = false; // the server did not answer

const isSent = (field) => field.name && (!["checkbox", "radio"].includes(field.type) || field.checked);
const draftOf = (form, rows) => {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const row of rows) {
    // The note of a figure stands in a line of its own.
    const more = document.getElementById(`more-${row.dataset.row}`);
    for (const field of [...fieldsIn(row), ...(more ? fieldsIn(more) : [])]) {
      if (field.name.startsWith(`${row.dataset.row}-`) && isSent(field)) data.append(field.name, field.value);
    }
  }
  return data;
};
const sendDraft = async (form, rows) => {
  const sign = form.querySelector("[data-draft-sign]");
  let response, at;
  try {
    response = await fetch(form.dataset.drafts, { method: "POST", body: draftOf(form, rows), redirect: "manual" });
    isCutOff = response.status >= 500;
    // Another answer than the site's, as of a proxy, is none.
    if (response.ok) ({ at } = await response.json());
  } catch {
    isCutOff = true;
  }
  if (isCutOff) {
    sign.textContent = "下書きを保存できません。通信が戻るまで、この画面を閉じないでください。";
    timer = setTimeout(sendDrafts, RETRY_DELAY);
    return;
  }
  // Typed on while it was sent: that follows.
  if (waiting.get(form) === rows) waiting.delete(form);
  if (at) {
    if (!waiting.has(form)) form.dataset.kept = "true";
    if (countUnsaved(form)) sign.textContent = `下書き ${at}`;
  } else if (response.ok) {
    sign.textContent = "文字数が多いため、下書きを保存できません。「保存する」を押してください。";
  } else {
    // Signed out, here or in another tab: what is typed is sent with the form, and waits for the sign-in.
    sign.textContent =
      "下書きを保存できません（ログアウトした場合など）。「保存する」を押すと、ログインの後に、入力した内容に戻ります。";
  }
};
// One after the other, so that no earlier draft arrives last.
const sendDrafts = async () => {
  clearTimeout(timer);
  if (isSending) {
    timer = setTimeout(sendDrafts, DRAFT_DELAY);
    return;
  }
  isSending = true;
  for (const [form, rows] of waiting) if (!form.dataset.sent) await sendDraft(form, rows);
  isSending = false;
};
const draftLater = (form, row) => {
  delete form.dataset.kept;
  waiting.set(form, new Set([...(waiting.get(form) ?? []), row]));
  clearTimeout(timer);
  timer = setTimeout(sendDrafts, DRAFT_DELAY);
};
window.addEventListener("online", sendDrafts);
window.addEventListener("pagehide", () => {
  for (const [form, rows] of waiting) {
    if (!form.dataset.sent) navigator.sendBeacon(form.dataset.drafts, draftOf(form, rows));
  }
});

document.addEventListener("input", (event) => {
  const form = entryForm(event.target);
  if (!form) return;
  showUnsaved(form);
  const more = event.target.closest("[id^='more-']");
  const row = rowOf(event.target) ?? (more && document.getElementById(more.id.slice("more-".length)));
  if (row) draftLater(form, row);
  const count = document.querySelector(`[data-count="${CSS.escape(event.target.id)}"] [data-count-number]`);
  if (count) {
    const lines = event.target.value.split(/[\r\n]/).map((line) => line.trim());
    count.textContent = Array.from(lines.join("")).length;
  }
});
// Typed before this ran, or put back by the browser.
window.addEventListener("load", () => {
  for (const field of document.querySelectorAll("form[data-drafts] :is(input, textarea, select)")) {
    if (changed(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
// The page stays where nothing would be answered.
document.addEventListener("submit", async (event) => {
  const form = entryForm(event.target);
  if (!form || (navigator.onLine && !isCutOff)) return;
  event.preventDefault();
  const pressed = submitterOf(event);
  if (navigator.onLine) await sendDrafts();
  if (navigator.onLine && !isCutOff && pressed) return pressed.click();
  form.querySelector("[data-draft-sign]").textContent =
    "通信できないため、保存していません。入力した内容は、この画面に残っています。";
}, true);

// Parts of another page

const pageAt = async (address) => {
  const response = await fetch(address);
  if (!response.ok || response.redirected) throw new Error(response.status);
  return new DOMParser().parseFromString(await response.text(), "text/html");
};
const type = (field, text) => {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const unfold = async (link) => {
  const row = rowOf(link);
  try {
    const page = await pageAt(link.href);
    const revision = page.querySelector(`[name="${CSS.escape(`${row.dataset.row}-revision`)}"]`);
    if (!revision) throw new Error();
    const parts = [...page.querySelectorAll(".row-page [data-field]")].filter(
      (part) => !row.querySelector(`[data-field="${part.dataset.field}"]`),
    );
    if (!row.querySelector(`[name="${CSS.escape(revision.name)}"]`)) parts.unshift(revision);
    link.closest(".fold").replaceWith(...parts);
    row.classList.remove("thing--folded");
    const first = parts.find((part) => part.dataset.field);
    if (first) first.querySelector("input:not([type=hidden]), textarea, select").focus();
  } catch {
    location.assign(link.href);
  }
};

// The line of a note, which is closed where there is nothing in it to see.
const showNote = (more, isShown) => {
  more.hidden = !isShown;
  document.querySelector(`[data-more="${CSS.escape(more.id)}"]`).setAttribute("aria-expanded", String(isShown));
};
for (const link of document.querySelectorAll("[data-more]")) {
  const more = document.getElementById(link.dataset.more);
  if (more) link.setAttribute("aria-expanded", String(!more.hidden));
}

const copyLastYear = async (button) => {
  const field = document.getElementById(button.dataset.copy);
  if (field.value.trim() && !confirm("入力済みの内容を、前年度の内容に置き換えますか。")) return;
  const response = await fetch(button.dataset.from).catch(() => null);
  if (!response || !response.ok || response.redirected) {
    entryForm(button).querySelector("[data-draft-sign]").textContent =
      "前年度の内容を読み込めませんでした。通信とログインの状態を確かめてください。";
    return;
  }
  type(field, await response.text());
  field.focus();
};

const actions = {
  unfold,
  copy: copyLastYear,
  more: (link) => {
    const more = document.getElementById(link.dataset.more);
    if (!more) return location.assign(link.href);
    showNote(more, more.hidden);
    if (!more.hidden) more.querySelector("textarea").focus();
  },
  // 確定, 速報値, 未集計: the same notation as typed.
  notation: (button) => {
    const field = document.getElementById(button.dataset.of);
    const { notation } = button.dataset;
    const figure = field.value.replace(/[（(].*[）)]|速報値?|暫定値?|見込値?/g, "").trim();
    const isFigure = /[0-9０-９]/.test(figure);
    if (isFigure) field.dataset.figure = figure;
    const known = isFigure ? figure : field.dataset.figure ?? "";
    type(field, notation && !notation.startsWith("（") ? notation : known && known + notation);
    field.focus();
  },
  correct: (link) => {
    const adder = document.querySelector("#add-corrections details");
    if (!adder) return;
    adder.open = true;
    const [target, year] = adder.querySelectorAll("select");
    target.value = link.dataset.correct;
    year.selectedIndex = 1;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    adder.scrollIntoView({ block: "center" });
    adder.querySelector("[name$=-value]").focus({ preventScroll: true });
  },
};
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.shiftKey || event.metaKey) return;
  for (const [name, act] of Object.entries(actions)) {
    const pressed = event.target.closest(`[data-${name}]`);
    if (pressed && !pressed.closest("tr[hidden]")) {
      event.preventDefault();
      return act(pressed);
    }
  }
  const adder = event.target.closest('a[href^="#add-"]');
  if (!adder) return;
  event.preventDefault();
  const details = document.querySelector(adder.hash).querySelector("details");
  details.open = true;
  details.scrollIntoView();
  details.querySelector("select, input:not([type=hidden]), textarea").focus({ preventScroll: true });
});

// Ctrl+S saves

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
  const form = entryForm(document.activeElement) ?? document.querySelector("form[data-drafts]");
  if (!form) return;
  event.preventDefault();
  form.querySelector(".bar__line .button").click();
});
