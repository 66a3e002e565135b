// Beside the document the table of contents is open; above it, on a narrow screen, it starts folded.
if (!window.matchMedia("(min-width: 64rem)").matches) {
  document.querySelector(".contents details").open = false;
}
