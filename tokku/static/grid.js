// The grid of figures: keys go by cells, a range of a spreadsheet is pasted over several, and what is typed is compared
// with last year at once. Without it, figures are typed one by one, and compared when saved.

const grid = document.querySelector("[data-grid]");
const lines = grid ? [...grid.querySelectorAll("tr[data-row]")] : [];
const valueIn = (line) => line.querySelector(".figures__value input[type=text]");
const noteOf = (line) => document.querySelector(`[id="more-${line.dataset.row}"] textarea[name$="-note"]`);
const editable = lines.filter(valueIn);
// The columns in which one types, in their order.
const COLUMNS = [valueIn, noteOf];
const COLUMN_NAMES = ["実績", "備考"];
const lineOf = (field) => {
  const more = field.closest("[id^='more-']");
  const line = more ? document.getElementById(more.id.slice("more-".length)) : field.closest("tr[data-row]");
  return editable.indexOf(line);
};
const nameOfLine = (line) => {
  const name = line.closest("tbody").querySelector("th").firstChild.textContent.trim();
  return name + (line.querySelector(".figures__who")?.textContent ?? "");
};

// What is said beside figures

const asking = new Map(); // by target
const ask = async (target) => {
  const of = editable.filter((line) => line.dataset.target === target);
  const query = new URLSearchParams();
  for (const line of of) {
    query.append("row", line.dataset.row);
    query.append("value", valueIn(line).value);
  }
  const number = (asking.get(target)?.number ?? 0) + 1;
  asking.set(target, { number });
  try {
    const response = await fetch(`${grid.dataset.progress}?${query}`, { redirect: "error" });
    if (!response.ok || asking.get(target).number !== number) return;
    const { rows } = await response.json();
    if (asking.get(target).number !== number) return;
    for (const line of of) {
      const said = rows[line.dataset.row];
      const says = line.querySelector(".says");
      says.textContent = said.sentence;
      says.className = `says${said.level ? ` says--${said.level}` : ""}`;
      line.querySelector(".progress").textContent = said.progress;
      line.querySelector(".figures__value").classList.toggle("is-odd", said.level === "caution");
      valueIn(line).setAttribute("aria-invalid", String(said.level === "error"));
      line.querySelector(".figures__says .errorlist")?.remove();
    }
  } catch {
    // Signed out or offline: it comes with saving.
  }
};
for (const line of editable) {
  valueIn(line).addEventListener("input", () => {
    const { target } = line.dataset;
    const earlier = asking.get(target);
    if (earlier?.timer) clearTimeout(earlier.timer);
    asking.set(target, { number: (earlier?.number ?? 0) + 1, timer: setTimeout(() => ask(target), 300) });
  });
}

// Keys

const go = (place) => {
  const line = editable[place];
  if (!line) return;
  valueIn(line).focus();
  valueIn(line).select();
};
grid?.addEventListener("keydown", (event) => {
  const field = event.target;
  // Safari ends a conversion before it tells of the key, which has this code.
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || !field.matches("input, textarea")) return;
  const place = lineOf(field);
  if (event.key === "F2" && event.shiftKey) {
    event.preventDefault();
    editable[place].querySelector("[data-more]").click();
  } else if (field.matches(".figures__value input") && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    if (event.shiftKey) go(place - 1);
    else if (place + 1 < editable.length) go(place + 1);
    else if (event.key === "Enter") field.form.querySelector(".bar__line .button").focus();
  } else if (field.matches(".figures__value input") && event.key === "ArrowUp") {
    event.preventDefault();
    go(place - 1);
  } else if (event.key === "Escape" && field.matches("textarea")) {
    showNote(field.closest("tr"), false);
    valueIn(editable[place]).focus();
  }
});

// Pasting a range

// Rows of cells as spreadsheets put them on the clipboard: tabs and line ends between. Quotes are around cells of Excel
// with a line end or a tab inside; Calc puts a space for these. Other quotes are the cell's own.
const cellsOf = (text) => {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*[\t\r\n](?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y;
  for (;;) {
    const match = cell.exec(text);
    if (!match) return rows;
    rows[rows.length - 1].push(match[1] === undefined ? match[2] : match[1].replace(/""/g, '"'));
    if (match[3] === "") break;
    if (match[3] !== "\t") rows.push([]);
  }
  // A range ends with a line end.
  const last = rows[rows.length - 1];
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return rows;
};

let pasted = []; // what the last paste replaced
const notice = document.querySelector("[data-pasted]");
const tint = (field, is) => {
  field.closest("td").classList.toggle("is-pasted", is);
};
// What was typed over since stays.
const undo = () => {
  const untouched = pasted.filter(({ field, words }) => field.value === words);
  for (const { field, before } of untouched) {
    tint(field, false);
    type(field, before);
    const more = field.closest(".figures__more");
    if (more && !before) showNote(more, false);
  }
  const stays = pasted.length - untouched.length;
  notice.textContent = `貼り付ける前に戻しました。${stays ? `後から書き直した${stays}件は、そのままです。` : ""}`;
  untouched[0]?.field.focus();
  pasted = [];
};
const say = (count, left, blanks) => {
  notice.hidden = false;
  const [first, last] = [pasted[0], pasted[pasted.length - 1]];
  const where = first ? `（「${first.name}」${count > 1 ? `から「${last.name}」まで` : ""}）` : "";
  const parts = [`${count}件を貼り付けました${where}。まだ保存していません。`];
  if (blanks) parts.push(`空のセル${blanks}件の欄は、そのままです。`);
  if (left.length) parts.push(`入らなかったもの：${left.slice(0, 10).join("、")}${left.length > 10 ? `ほか${left.length - 10}件` : ""}`);
  notice.textContent = parts.join("");
  if (!count) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small button--outline";
  button.textContent = "元に戻す";
  button.addEventListener("click", undo);
  notice.append(button);
};
grid?.addEventListener("paste", (event) => {
  const field = event.target;
  if (!field.matches(".figures__value input, .figures__more textarea")) return;
  const text = event.clipboardData.getData("text/plain");
  const rows = cellsOf(text);
  // One cell goes where the cursor is, as anywhere.
  if (rows.length === 1 && rows[0].length === 1) return;
  // Lines of text pasted into a note are one text.
  if (field.matches("textarea") && !text.includes("\t")) return;
  event.preventDefault();
  const [startLine, startColumn] = [lineOf(field), field.matches("textarea") ? 1 : 0];
  const left = [];
  let blanks = 0;
  for (const { field: earlier } of pasted) tint(earlier, false);
  pasted = [];
  rows.forEach((row, down) => row.forEach((cell, right) => {
    const words = cell.trim();
    const line = editable[startLine + down];
    const into = line && COLUMNS[startColumn + right]?.(line);
    if (!words) blanks += into ? 1 : 0;
    else if (!into || (into.matches("input") && /[\r\n]/.test(words))) {
      left.push(`${down + 1}行${right + 1}列「${words.length > 20 ? `${words.slice(0, 20)}…` : words}」`);
    } else {
      pasted.push({ field: into, before: into.value, words, name: `${nameOfLine(line)}の${COLUMN_NAMES[startColumn + right]}` });
      if (into.matches("textarea")) showNote(into.closest("tr"), true);
      type(into, words);
      tint(into, true);
    }
  }));
  say(pasted.length, left, blanks);
});
document.addEventListener("keydown", (event) => {
  if (!pasted.length || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  if (pasted.some(({ field, words }) => field === document.activeElement && field.value === words)) {
    event.preventDefault();
    undo();
  }
});
