/* Links, with a search in the site's own publications: these are linked by number, not by address. */
import { Link as AnyLink, crel } from "django-prose-editor/editor";
import { choose, facts } from "writing/dialogs";

export const Link = AnyLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        if (editor.state.selection.empty && !editor.isActive("link")) return false;
        open(editor);
        return true;
      },
    };
  },
});

async function open(editor) {
  const { words, urls } = facts(editor);
  const known = editor.getAttributes("link");
  const answer = await choose({
    editor,
    title: words.link,
    label: words.findWork,
    url: urls.works,
    more: {
      href: { label: words.address, value: known.href },
      title: { label: words.linkTitle, value: known.title },
    },
    show: (each) => [
      crel("span", {}, [crel("b", { textContent: each.title }), crel("small", { textContent: each.detail })]),
    ],
  });
  if (!answer) return;
  const href = answer.choice ? answer.choice.url : answer.href;
  const chain = editor.chain().focus().extendMarkRange("link");
  if (href) chain.setLink({ href, title: answer.title || null }).run();
  else chain.unsetLink().run();
}
