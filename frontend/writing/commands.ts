// What the toolbar does, and whether it is done where the cursor stands.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState } from "prosemirror-state";
import { isAddress } from "./addresses";
import { markOf, node } from "./schema";

export function isInside(state: EditorState, name: string, level?: string): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const around = $from.node(depth);
    if (around.type === node(name) && (!level || around.attrs.level === level)) return true;
  }
  return false;
}

export function hasMark(state: EditorState, name: string): boolean {
  const { from, to, empty, $from } = state.selection;
  const type = markOf(name);
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

export const marking = (name: string): Command => toggleMark(markOf(name));

/** Makes the block one of `name`, or a paragraph again. */
export const blockOf = (name: string, level?: string): Command => (state, dispatch) =>
  isInside(state, name, level) ? setBlockType(node("paragraph"))(state, dispatch) : setBlockType(node(name), level ? { level } : null)(state, dispatch);

export const quoting: Command = (state, dispatch) => (isInside(state, "blockquote") ? lift(state, dispatch) : wrapIn(node("blockquote"))(state, dispatch));

/** Puts the blocks in a list of that kind; in one already, takes them out, or changes its kind. */
export const listing = (name: string): Command => (state, dispatch) => {
  if (isInside(state, name)) return liftListItem(node("list_item"))(state, dispatch);
  const other = name === "bullet_list" ? "ordered_list" : "bullet_list";
  if (!isInside(state, other)) return wrapInList(node(name))(state, dispatch);
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type !== node(other)) continue;
    dispatch?.(state.tr.setNodeMarkup($from.before(depth), node(name), name === "ordered_list" ? { start: "1" } : {}));
    return true;
  }
  return false;
};

/** The address of the link at the cursor, "" where there is none. */
export function linkAt(state: EditorState): string {
  const { $from, from, to, empty } = state.selection;
  if (empty) return String(markOf("link").isInSet($from.marks())?.attrs.href ?? "");
  let found = "";
  state.doc.nodesBetween(from, to, (each) => void (found ||= String(markOf("link").isInSet(each.marks)?.attrs.href ?? "")));
  return found;
}

/** What is chosen, or else the whole of the link at the cursor. */
function linkedRange(state: EditorState): { from: number; to: number } {
  const { from, to, empty, $from } = state.selection;
  const href = empty && linkAt(state);
  if (!href) return { from, to };
  const ends: number[] = [];
  state.doc.nodesBetween($from.start(), $from.end(), (each, at) => {
    if (markOf("link").isInSet(each.marks)?.attrs.href === href) ends.push(at, at + each.nodeSize);
  });
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

/** What somebody typed as an address, with the web before it where it says nothing else. */
function followable(typed: string): string {
  const address = typed.trim().replace(/\s/g, "%20");
  return isAddress(address) ? address : `https://${address}`;
}

/** Links what is chosen, or writes the address where nothing is; "" takes the link away. */
export const linking = (address: string): Command => (state, dispatch) => {
  const { from, to } = linkedRange(state);
  const href = followable(address);
  if (address && !isAddress(href)) return false;
  const link = markOf("link").create({ href });
  const change = state.tr;
  if (address && from === to) change.insert(from, state.schema.text(address, [link]));
  else change.removeMark(from, to, markOf("link"));
  if (address && from !== to) change.addMark(from, to, link);
  dispatch?.(change);
  return true;
};
