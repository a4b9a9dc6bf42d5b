// Where others write, with their names; and telling them where this person does.
import { effect } from "@preact/signals";
import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { send } from "../room/connection";
import type { Person, Said } from "../room/protocol";
import { saying, you } from "../room/store";
import { fromBase64, toBase64 } from "./base64";

const REPEAT_MS = 4_000;
const PAUSE_MS = 120;
const key = new PluginKey<Said[]>("cursors");

/** Shows the others' cursors in the text `of` and says where this one is while the editor has the focus. */
export const cursors = (of: string) =>
  new Plugin<Said[]>({
    key,
    state: { init: () => [], apply: (transaction, known) => (transaction.getMeta(key) as Said[] | undefined) ?? known },
    props: { decorations: (state) => DecorationSet.create(state.doc, (key.getState(state) ?? []).flatMap((said) => drawn(said, state))) },
    view: (view) => watched(view, of),
  });

function watched(view: EditorView, of: string) {
  let timer = 0;
  const stop = effect(() => {
    const there = saying.value.filter((said) => said.kind === "cursor" && said.on.startsWith(`${of} `) && said.by.id !== you.value?.id);
    queueMicrotask(() => !view.isDestroyed && view.dispatch(view.state.tr.setMeta(key, there)));
  });
  const say = () => {
    timer = 0;
    if (view.hasFocus()) send({ t: "say", kind: "cursor", on: `${of} ${placeOf(view.state)}` });
  };
  const again = window.setInterval(say, REPEAT_MS);
  const leave = () => send({ t: "say", kind: "cursor", on: of });
  view.dom.addEventListener("blur", leave);
  view.dom.addEventListener("focus", say);
  return {
    update: (_: EditorView, before: EditorState) => {
      if (before.selection.eq(view.state.selection) && before.doc.eq(view.state.doc)) return;
      timer ||= window.setTimeout(say, PAUSE_MS);
    },
    destroy: () => {
      stop();
      clearInterval(again);
      clearTimeout(timer);
    },
  };
}

const bindingOf = (state: EditorState) => ySyncPluginKey.getState(state) as { doc: Y.Doc; type: Y.XmlFragment; binding: { mapping: never } };

function placeOf(state: EditorState): string {
  const { type, binding } = bindingOf(state);
  const ends = [state.selection.anchor, state.selection.head];
  return ends.map((at) => toBase64(Y.encodeRelativePosition(absolutePositionToRelativePosition(at, type, binding.mapping)))).join(" ");
}

function drawn({ on, by }: Said, state: EditorState): Decoration[] {
  const [anchor, head] = on.split(" ").slice(1).map((place) => positionOf(place, state));
  if (head === undefined || head === null) return [];
  const cursor = Decoration.widget(head, () => flag(by), { key: `${by.id}`, side: 10 });
  if (anchor === null || anchor === undefined || anchor === head) return [cursor];
  return [Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), { class: `chosen-by hue-${by.hue}` }), cursor];
}

function positionOf(place: string, state: EditorState): number | null {
  const { doc, type, binding } = bindingOf(state);
  try {
    const at = relativePositionToAbsolutePosition(doc, type, Y.decodeRelativePosition(fromBase64(place)), binding.mapping);
    return at === null ? null : Math.min(at, state.doc.content.size);
  } catch {
    return null;
  }
}

function flag(by: Person): HTMLElement {
  const cursor = document.createElement("span");
  cursor.className = `cursor hue-${by.hue}`;
  cursor.dataset.name = by.name.split(" ")[0];
  return cursor;
}
