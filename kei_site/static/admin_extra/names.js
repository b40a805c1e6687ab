/* Names that screen readers say for fields which Django's admin and the editor leave without. */
"use strict";

/* The words that stand for a field: its label, or the head of its column in a table. */
function nameOf(field) {
  const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) return label.textContent.trim().replace(/:$/, "");
  const cell = field.closest("td");
  const head = cell && cell.closest("table").tHead;
  return head ? columnName(head, cell) : "";
}

/* Heads span several columns, and the first cell of a row is hidden: go by class name. */
function columnName(head, cell) {
  if (cell.classList.contains("delete")) return head.rows[0].lastElementChild.textContent.trim();
  const field = [...cell.classList].find((name) => name.startsWith("field-"));
  const column = field && head.querySelector(`.column-${CSS.escape(field.slice(6))}`);
  return column ? column.firstChild.textContent.trim() : "";
}

function nameRows(scope) {
  for (const field of scope.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
    const name = nameOf(field);
    if (name && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", name);
  }
}

function nameChoosers(scope) {
  for (const select of scope.querySelectorAll("select.admin-autocomplete")) {
    const name = select.getAttribute("aria-label") || nameOf(select);
    const box = select.parentElement.querySelector(".select2-selection");
    if (!name || !box) continue;
    const value = box.querySelector(".select2-selection__rendered");
    value.removeAttribute("role");
    value.removeAttribute("aria-readonly");
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", name);
    box.setAttribute("aria-describedby", value.id);
  }
}

function nameAll(scope) {
  nameRows(scope);
  nameChoosers(scope);
}

document.addEventListener("prose-editor:ready", (event) => {
  const { textarea, editor } = event.detail;
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
  const box = editor.view.dom;
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  if (!label) return;
  box.setAttribute("aria-label", nameOf(textarea));
  label.addEventListener("click", () => box.focus());
});

document.addEventListener("formset:added", (event) => nameAll(event.target));

function nameFiles() {
  for (const file of document.querySelectorAll("fieldset fieldset input[type=file]")) {
    const legend = file.closest("fieldset").querySelector("legend");
    if (legend) file.setAttribute("aria-label", legend.textContent.trim().replace(/:$/, ""));
  }
}

/* The hidden or last column of a table of rows has a head without words: make it a plain cell. */
function dropEmptyHeads() {
  for (const head of document.querySelectorAll(".tabular thead th:empty")) {
    const cell = document.createElement("td");
    cell.className = head.className;
    head.replaceWith(cell);
  }
}

function nameSearch() {
  const field = document.getElementById("searchbar");
  const picture = document.querySelector('label[for="searchbar"] img');
  if (field && picture) field.setAttribute("aria-label", picture.alt);
}

/* Django names the magnifying glass of its two boxes, but does not say that it is a picture. */
function namePictures() {
  for (const picture of document.querySelectorAll("span.search-label-icon[aria-label]")) {
    picture.setAttribute("role", "img");
  }
}

/* The choosers are built when jQuery is ready; this waits in the same line, behind them. */
const whenReady = window.django?.jQuery ?? ((run) => run());
whenReady(() => {
  nameAll(document);
  nameFiles();
  nameSearch();
  dropEmptyHeads();
});
/* The two boxes are built last of all. */
addEventListener("load", () => setTimeout(namePictures));
