// Counts characters and asks for the progress while one types. Without it, both come with saving.
for (const count of document.querySelectorAll("[data-count]")) {
  const input = document.getElementById(count.dataset.count);
  const number = count.querySelector("[data-count-number]");
  input?.addEventListener("input", () => {
    const lines = input.value.split(/[\r\n]/).map((line) => line.trim());
    number.textContent = Array.from(lines.join("")).length;
  });
}

const targets = Map.groupBy
  ? Map.groupBy(document.querySelectorAll("[data-progress]"), (shown) => shown.dataset.target)
  : new Map();
for (const lines of targets.values()) {
  const inputs = lines.map((shown) => document.getElementById(shown.dataset.from));
  let waiting, asked = 0;
  const ask = async () => {
    const number = ++asked;
    const query = new URLSearchParams();
    lines.forEach((shown, place) => {
      query.append("row", shown.dataset.row);
      query.append("value", inputs[place].value);
    });
    try {
      const response = await fetch(`${lines[0].dataset.progress}?${query}`, { redirect: "error" });
      if (!response.ok) return;
      const { progress } = await response.json();
      if (number === asked) for (const shown of lines) shown.textContent = progress;
    } catch {
      // Signed out or offline: the progress comes with saving.
    }
  };
  for (const input of inputs) {
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 300);
    });
  }
  // Typed before this ran, or put back by the browser.
  if (inputs.some((input) => input.value !== input.defaultValue)) ask();
}
