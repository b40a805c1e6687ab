/* A video, recording or chart from elsewhere: in the text it is its address and what it is called. */
import { Node, gettext, mergeAttributes, updateAttrsDialog } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ href: { rendered: false }, title: { default: "", rendered: false } }),
  parseHTML: () => [{
    tag: "figure.embed",
    priority: 110,
    getAttrs: (element) => {
      const link = element.querySelector("a[href]");
      return link ? { href: link.getAttribute("href"), title: link.textContent } : false;
    },
  }],
  renderHTML: ({ node, HTMLAttributes }) => [
    "figure",
    mergeAttributes(HTMLAttributes, { class: "embed" }),
    ["a", { href: node.attrs.href }, node.attrs.title || node.attrs.href],
  ],

  addMenuItems({ menu, buttons }) {
    const { words } = facts(this.editor);
    menu.defineItem({
      name: "embed",
      groups: "insert",
      button: buttons.text("▶", words.embed),
      active: (editor) => editor.isActive("embed"),
      command: (editor) => ask(editor, words),
    });
  },
});

async function ask(editor, words) {
  const isThere = editor.isActive("embed");
  const dialog = updateAttrsDialog(
    {
      href: { type: "string", format: "url", required: true, title: words.embedAddress, description: words.embedProviders },
      title: { type: "string", title: words.embedTitle },
    },
    { title: words.embed, submitText: isThere ? gettext("Update") : words.insert },
  );
  const attrs = await dialog(editor, isThere ? editor.getAttributes("embed") : {});
  if (!attrs || !/^https?:\/\//.test(attrs.href)) return;
  if (isThere) editor.chain().focus().updateAttributes("embed", attrs).run();
  else editor.chain().focus().insertContent({ type: "embed", attrs }).run();
}
