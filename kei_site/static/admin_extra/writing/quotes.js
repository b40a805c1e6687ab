/* Quotations, and those that are pulled out of the text to be seen from afar. */
import { Blockquote as AnyBlockquote } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";

export const Blockquote = AnyBlockquote.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      pull: {
        default: false,
        parseHTML: (element) => element.classList.contains("pull"),
        renderHTML: ({ pull }) => (pull ? { class: "pull" } : {}),
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    const { words } = facts(this.editor);
    menu.defineItem({
      name: "pullQuote",
      groups: "insert",
      button: buttons.text("❝", words.pull),
      active: (editor) => editor.isActive("blockquote", { pull: true }),
      enabled: (editor) => editor.isActive("blockquote") || editor.can().toggleBlockquote(),
      command: (editor) => {
        const isPulled = editor.isActive("blockquote", { pull: true });
        const chain = editor.chain().focus();
        if (!editor.isActive("blockquote")) chain.toggleBlockquote();
        chain.updateAttributes("blockquote", { pull: !isPulled }).run();
      },
    });
  },
});
