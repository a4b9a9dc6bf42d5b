// A text's editor, put where its words were shown.
import { effect, untracked } from "@preact/signals";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin, ySyncPluginKey, yUndoPlugin } from "y-prosemirror";
import { isAddress } from "./addresses";
import { cursors } from "./cursors";
import { shortcuts } from "./keys";
import { mentions } from "./mentions";
import { type YjsDocument, documentOf } from "./yjs_document";
import { schema } from "./schema";
import { toolbar, type Toolbar } from "./toolbar";

export interface Options {
  of: string;
  label: string;
  placeholder: string;
  /** The incident's key. */
  room: string;
  /** The page of the text's versions. */
  history: string;
  /** Whether the cursor should go there, asked when the editor is shown. */
  focus: () => boolean;
  /** Called once the text is here and can be read and written. */
  onShown: () => void;
  /** Called at each change that this person makes. */
  onWriting?: () => void;
}

/** Shows the editor in `box` once the text is here; the answer takes it away again. */
export function mount(box: HTMLElement, options: Options): () => void {
  const paper = documentOf(options.of);
  let editor: Editor | null = null;
  let shown = false;
  let focus = false;
  paper.open();
  const stop = effect(() => {
    const { value: ready } = paper.ready;
    const { value: locked } = paper.locked;
    if (editor) focus = editor.view.hasFocus();
    else if (!shown) focus = options.focus();
    editor?.destroy();
    editor = null;
    if (!ready) return;
    editor = untracked(() => new Editor(box, paper, options, locked));
    options.onShown();
    if (focus) editor.view.focus();
    shown = true;
  });
  return () => {
    stop();
    editor?.destroy();
    paper.flush();
  };
}

class Editor {
  readonly view: EditorView;
  private readonly bar: Toolbar | null;

  constructor(box: HTMLElement, paper: YjsDocument, options: Options, locked: string) {
    const { of, label, placeholder, room } = options;
    this.bar = locked ? null : toolbar(() => this.view, [historyLink(options)]);
    const { doc, mapping } = initProseMirrorDoc(paper.text, schema);
    const open = {
      link: this.bar?.openLink ?? (() => false),
      tools: this.bar?.focus ?? (() => false),
      leave: () => (this.view.dom.blur(), true),
    };
    const plugins = [ySyncPlugin(paper.text, { mapping }), cursors(of), mentions(room), yUndoPlugin(), ...shortcuts(open), follower(this.bar, paper)];
    box.replaceChildren(...(this.bar ? [this.bar.element] : locked ? [reasonOf(locked)] : []));
    this.view = new EditorView(box, {
      state: EditorState.create({ doc, plugins }),
      editable: () => !locked,
      attributes: (state) => ({
        class: `prose${isEmpty(state) ? " is-empty" : ""}`,
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        ...(locked ? { "aria-readonly": "true" } : {}),
        "data-placeholder": placeholder,
      }),
      dispatchTransaction(this: EditorView, change) {
        this.updateState(this.state.apply(change));
        if (change.docChanged && !change.getMeta(ySyncPluginKey)) options.onWriting?.();
      },
      handleClick: (view, _at, event) => opened(view, event),
    });
  }

  destroy(): void {
    this.view.destroy();
  }
}

const isEmpty = ({ doc }: EditorState) => doc.childCount === 1 && doc.firstChild?.type.name === "paragraph" && !doc.firstChild.childCount;

/** Keeps the toolbar up to date, and sends what was typed when the person goes elsewhere. */
const follower = (bar: Toolbar | null, paper: YjsDocument) =>
  new Plugin({
    view: (view) => {
      bar?.update(view.state);
      return {
        update: (now) => bar?.update(now.state),
      };
    },
    props: { handleDOMEvents: { blur: () => paper.flush() } },
  });

function historyLink({ history, label }: Options): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = history;
  const whose = document.createElement("span");
  whose.className = "visually-hidden";
  whose.textContent = ` of ${label}`;
  link.append("History", whose);
  return link;
}

function reasonOf(locked: string): HTMLElement {
  const reason = document.createElement("p");
  reason.className = "meta";
  reason.textContent = locked;
  return reason;
}

/** A link opens on Ctrl or ⌘ and a press, and on any press where nobody writes. */
function opened(view: EditorView, event: MouseEvent): boolean {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
  if (!link || (view.editable && !event.ctrlKey && !event.metaKey)) return false;
  if (isAddress(link.getAttribute("href") ?? "")) window.open(link.href, "_blank", "noopener");
  return true;
}
