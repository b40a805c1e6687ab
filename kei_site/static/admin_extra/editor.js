/* Names for the text boxes of the rich-text editor, which has none of its own. */
"use strict";

document.addEventListener("prose-editor:ready", (event) => {
  const { textarea, editor } = event.detail;
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
  const box = editor.view.dom;
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  if (!label) return;
  label.id ||= `${textarea.id}_label`;
  box.setAttribute("aria-labelledby", label.id);
  const help = document.getElementById(`${textarea.id}_helptext`);
  if (help) box.setAttribute("aria-describedby", help.id);
  label.addEventListener("click", () => box.focus());
});
