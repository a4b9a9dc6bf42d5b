// Shortcuts and what typing at the start of a line does.
import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import type { Command } from "prosemirror-state";
import { redo, undo } from "y-prosemirror";
import { isInside } from "./commands";
import { markOf, node } from "./schema";

const lineBreak: Command = (state, dispatch) => {
  if (state.selection.$head.parent.type !== node("paragraph")) return false;
  dispatch?.(state.tr.replaceSelectionWith(node("hard_break").create()).scrollIntoView());
  return true;
};

/** In a list, Tab goes deeper as far as it can and then stays; elsewhere it leaves the text. */
const inList = (command: Command): Command => (state, dispatch) => isInside(state, "list_item") && (command(state, dispatch) || true);

export const shortcuts = (open: { link: Command; tools: Command; leave: Command }) => [
  keymap({
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Mod-b": toggleMark(markOf("strong")),
    "Mod-i": toggleMark(markOf("em")),
    "Mod-e": toggleMark(markOf("code")),
    "Mod-Shift-x": toggleMark(markOf("strike")),
    "Mod-k": open.link,
    "Alt-F10": open.tools,
    "Mod-Alt-0": setBlockType(node("paragraph")),
    "Mod-Alt-2": setBlockType(node("heading"), { level: "2" }),
    "Mod-Alt-3": setBlockType(node("heading"), { level: "3" }),
    "Mod-Shift-7": wrapInList(node("ordered_list")),
    "Mod-Shift-8": wrapInList(node("bullet_list")),
    "Mod-Shift-9": wrapIn(node("blockquote")),
    "Shift-Enter": chainCommands(exitCode, lineBreak),
    "Mod-Enter": exitCode,
    Enter: splitListItem(node("list_item")),
    Tab: inList(sinkListItem(node("list_item"))),
    "Shift-Tab": inList(liftListItem(node("list_item"))),
    Escape: open.leave,
  }),
  keymap(baseKeymap),
  inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,3})\s$/, node("heading"), (match) => ({ level: String(match[1]!.length) })),
      textblockTypeInputRule(/^```$/, node("code_block")),
      wrappingInputRule(/^\s*[-*]\s$/, node("bullet_list")),
      wrappingInputRule(/^(\d{1,4})\.\s$/, node("ordered_list"), (match) => ({ start: match[1]! })),
      wrappingInputRule(/^\s*>\s$/, node("blockquote")),
    ],
  }),
];
