/* Small comforts; every page works without them. */
"use strict";

const field = document.getElementById("q");
const menu = document.getElementById("menu");

/* "/" goes to the search box, as long as nobody is writing. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  const busy = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || busy || !field) return;
  event.preventDefault();
  showSearch();
});

/* On a phone the search box opens from its button. */
const opener = document.getElementById("find-link");
if (opener && field) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    showSearch();
  });
}

function showSearch() {
  document.getElementById("find").classList.add("find--open");
  field.focus();
  field.select();
}

/* A button beside each citation. */
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const words = text.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words);
    button.textContent = text.dataset.copied;
    setTimeout(() => { button.textContent = text.dataset.copy; }, 2000);
  });
  text.append(" ", button);
}
