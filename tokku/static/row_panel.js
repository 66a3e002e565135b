// The page of a row beside the document, the checks and the list of what is missing, without leaving them.
// Without it, a link to a row leads to its page.

const ROW_LINKS = "a.edit-link, a[href*='/entry/row/']";

const panel = document.createElement("aside");
panel.className = "panel work-page";
panel.hidden = true;
panel.setAttribute("aria-label", "行の入力");
document.body.append(panel);
let opener, address;

// Of the row: evaluations.actual/3. The form's addresses have it in short.
const keyOf = (url) => {
  const { pathname, searchParams } = new URL(url);
  const item = searchParams.get("item");
  return item ? item.slice(0, item.lastIndexOf("/")) : pathname.split("/entry/row/")[1].slice(0, -1);
};
// The link of the page that leads to what the panel shows: the one that was pressed, also where it was made anew.
const choose = (link) => {
  opener?.classList.remove("is-open");
  const links = [...document.querySelectorAll(ROW_LINKS)].filter(
    (each) => !panel.contains(each) && keyOf(each.href) === keyOf(address),
  );
  opener = links.find((each) => each === link) ?? links.find((each) => each.id === link?.id) ?? links[0];
  opener?.classList.add("is-open");
};

const mayLeave = () => {
  const form = panel.querySelector("form");
  if (!form || form.dataset.sent || ![...form.elements].some(changed)) return true;
  return confirm(
    form.dataset.kept
      ? "保存していない変更があります。下書きとして残し、閉じますか。"
      : "保存していない変更があります。閉じますか。",
  );
};
const close = () => {
  if (!mayLeave()) return;
  panel.hidden = true;
  panel.textContent = "";
  document.body.classList.remove("has-panel");
  opener?.classList.remove("is-open");
  (opener ?? document.querySelector("main")).focus();
};

// The main part of a page; another page than one of a row is opened as a page.
const show = async (response, hash = "") => {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  if (!page.querySelector(".row-page, .refused") || !main) return location.assign(response.url + hash);
  address = response.url;
  const closing = document.createElement("button");
  closing.type = "button";
  closing.className = "button button--plain panel__close";
  closing.textContent = "閉じる";
  closing.addEventListener("click", close);
  panel.replaceChildren(closing, ...main.childNodes);
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add("has-panel");
  const ways = [
    "[aria-invalid=true], .conflict input",
    hash && `[id="${CSS.escape(decodeURIComponent(hash.slice(1)))}"]`,
    ".is-missing :is(input:not([type=hidden]), textarea, select)",
    "textarea, input[type=text], select",
  ];
  for (const way of ways.filter(Boolean)) {
    panel.querySelector(way)?.focus();
    if (panel.contains(document.activeElement)) return;
  }
  closing.focus();
};
const open = async (link) => {
  if (!mayLeave()) return;
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(response.status);
    await show(response, link.hash || link.id.replace("from-", "#"));
    choose(link);
    opener?.scrollIntoView({ block: "nearest" }); // The page is narrower now.
  } catch {
    location.assign(link.href);
  }
};

// What the page itself says, anew after saving.
const refresh = async () => {
  const response = await fetch(location.href);
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const anew = page.getElementById(part.id);
    if (anew && !fieldsIn(part).some(changed)) part.replaceChildren(...anew.childNodes);
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest(ROW_LINKS);
  if (!link || event.ctrlKey || event.shiftKey || event.metaKey || link.dataset.leave !== undefined) return;
  event.preventDefault();
  open(link);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && panel.contains(document.activeElement)) {
    close();
  }
});
// Before forms.js says that it is being sent.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!panel.contains(form) || event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "true";
  const data = new FormData(form);
  const pressed = submitterOf(event);
  if (pressed?.name) data.append(pressed.name, pressed.value);
  if (pressed && !pressed.getAttribute("aria-hidden")) begin(pressed, pressed.dataset.busy ?? "送信しています…");
  try {
    const response = await fetch(form.getAttribute("action") || address, { method: "POST", body: data });
    if (response.status >= 500) throw new Error(response.status);
    waiting.delete(form);
    await show(response);
    await refresh();
    choose(opener);
    opener?.scrollIntoView({ block: "nearest" });
    if (!panel.contains(form)) end();
  } catch {
    end();
    delete form.dataset.sent;
    const sign = form.querySelector("[data-draft-sign]");
    if (sign) sign.textContent = "保存できませんでした。通信を確かめて、もう一度保存してください。入力した内容は、この画面に残っています。";
  }
}, true);
