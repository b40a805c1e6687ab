// Leads from a finding of the checklist into fields that hide behind another control.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("#checklist a[href^='#id_']");
  if (!link) {
    return;
  }
  const field = document.getElementById(link.hash.slice(1));
  if (!field) {
    return;
  }
  const box = field.closest(".prose-editor, .related-widget-wrapper") || field.parentElement;
  const shown = box.querySelector(".tiptap, .select2-selection") || field;
  event.preventDefault();
  const closed = field.closest("details:not([open])");
  if (closed) {
    closed.open = true;
  }
  shown.scrollIntoView({ block: "center" });
  shown.focus({ preventScroll: true });
});
