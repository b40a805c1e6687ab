/* The form of an issue: its publications in order by buttons and by dragging (numbers work without
   this file), and a warning before leaving what was not saved. */
"use strict";

const items = document.querySelector(".items");
const form = document.getElementById("issue_form");
let isChanged = false;

function rows() {
  return [...items.querySelectorAll("tr.form-row:not(.empty-form)")];
}

/* There is no way up from the first row and none down from the last. */
function limit() {
  const all = rows();
  all.forEach((row, at) => {
    const [up, down] = row.querySelectorAll(".items__move button");
    if (!up) return;
    up.disabled = at === 0;
    down.disabled = at === all.length - 1;
  });
}

/* Rows that nobody filled in keep an empty number: the server leaves them out. */
function number() {
  rows().forEach((row, at) => {
    const field = row.querySelector(".field-position input");
    if (row.querySelector(".field-publication select")?.value) field.value = at + 1;
  });
  isChanged = true;
  limit();
}

function move(row, step, button) {
  const all = rows();
  const other = all[all.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number();
  (button.disabled ? row.querySelector(".items__move button:enabled") : button)?.focus();
}

function moveButton(row, step, sign, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", name);
  button.title = name;
  button.addEventListener("click", () => move(row, step, button));
  return button;
}

function dragHandle(row) {
  const handle = document.createElement("span");
  handle.className = "items__drag";
  handle.textContent = "⠿";
  handle.title = items.dataset.drag;
  handle.draggable = true;
  handle.setAttribute("aria-hidden", "true");
  handle.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(row, 0, 0);
    row.classList.add("is-dragged");
  });
  handle.addEventListener("dragend", () => {
    row.classList.remove("is-dragged");
    number();
  });
  return handle;
}

/* On a phone a cell stands alone and needs the name that is else on top of its column. */
function nameCells(row) {
  for (const cell of row.querySelectorAll("td:not(.original)")) {
    const field = cell.querySelector("[aria-label]:not(button)");
    if (field && !cell.dataset.name) cell.dataset.name = field.getAttribute("aria-label");
  }
}

function equip(row) {
  const cell = row.querySelector(".field-position");
  if (!cell?.querySelector("input") || cell.querySelector(".items__move")) return;
  const tools = document.createElement("div");
  tools.className = "items__move";
  tools.append(
    moveButton(row, -1, "↑", items.dataset.up),
    moveButton(row, 1, "↓", items.dataset.down),
    dragHandle(row),
  );
  cell.append(tools);
  nameCells(row);
}

function equipAll() {
  rows().forEach(equip);
  limit();
}

if (items) {
  items.addEventListener("dragover", (event) => {
    const dragged = items.querySelector(".is-dragged");
    const over = event.target.closest("tr.form-row:not(.empty-form)");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  items.addEventListener("drop", (event) => event.preventDefault());
  document.addEventListener("formset:added", equipAll);
  document.addEventListener("formset:removed", equipAll);
  /* Behind the desk's own names for fields, which wait in the same line. */
  window.django.jQuery(equipAll);
}

/* The buttons over the form know only what was saved. */
if (form) {
  const note = () => { isChanged = true; };
  form.addEventListener("input", note);
  window.django.jQuery(form).on("change", note);
  form.addEventListener("submit", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
