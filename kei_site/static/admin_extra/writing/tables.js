/* Tables with a caption, and with a first row that names the columns. */
import { Table as AnyTable, gettext, updateAttrsDialog } from "django-prose-editor/editor";
import { facts } from "writing/dialogs";

export const Table = AnyTable.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: "",
        rendered: false,
        parseHTML: (element) => element.querySelector(":scope > caption")?.textContent || "",
      },
    };
  },

  parseHTML() {
    return [...(this.parent?.() || [{ tag: "table" }]), { tag: "caption", ignore: true }];
  },

  renderHTML({ node, HTMLAttributes }) {
    const rows = ["tbody", 0];
    const { caption } = node.attrs;
    return caption ? ["table", HTMLAttributes, ["caption", caption], rows] : ["table", HTMLAttributes, rows];
  },

  /* The package's view knows no caption. */
  addNodeView() {
    const build = this.parent?.();
    return (facts_) => {
      const view = build(facts_);
      const show = (node) => {
        view.table.deleteCaption();
        if (node.attrs.caption) view.table.createCaption().textContent = node.attrs.caption;
      };
      const update = view.update;
      view.update = (node) => {
        const taken = update(node);
        if (taken) show(node);
        return taken;
      };
      show(facts_.node);
      return view;
    };
  },

  addCommands() {
    return {
      ...this.parent?.(),
      insertTableWithOptions: () => ({ editor }) => {
        editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run();
        return true;
      },
    };
  },

  addMenuItems({ editor, menu, buttons }) {
    this.parent?.({ editor: this.editor, menu, buttons });
    const { words } = facts(this.editor);
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: buttons.text(words.tableCaption),
      hidden: (each) => !each.isActive("table"),
      command: async (each) => {
        const ask = updateAttrsDialog(
          { caption: { type: "string", title: words.tableCaption } },
          { title: words.tableCaption, submitText: gettext("Update") },
        );
        const answer = await ask(each, each.getAttributes("table"));
        if (answer) each.chain().focus().updateAttributes("table", { caption: answer.caption.trim() }).run();
      },
    });
  },
});
