// The why tree as the page sees it, and what can be done to its nodes.
import { computed, signal } from "@preact/signals";
import type { Cause, Finding } from "../protocol";
import { recordsOf, removeWithUndo, run } from "../store";
import { toast } from "../toasts";

export interface Node {
  cause: Cause;
  /** 1 for an answer to the first why. */
  depth: number;
  parent: Node | null;
  children: Node[];
}

/** Stands for the incident itself, above the first why. */
export const PROBLEM = "problem";

export const roots = computed<Node[]>(() => {
  const below = new Map<string | null, Cause[]>();
  for (const cause of recordsOf("causes.cause").values()) {
    if (!cause.removed) below.set(cause.parent, [...(below.get(cause.parent) ?? []), cause]);
  }
  const grow = (parent: Node | null): Node[] =>
    (below.get(parent?.cause.id ?? null) ?? [])
      .sort((a, b) => a.position - b.position || a.id.localeCompare(b.id))
      .map((cause) => {
        const node: Node = { cause, depth: (parent?.depth ?? 0) + 1, parent, children: [] };
        node.children = grow(node);
        return node;
      });
  return grow(null);
});

const withBelow = (node: Node): Node[] => [node, ...node.children.flatMap(withBelow)];

/** Every node, as it stands on the page from top to bottom. */
export const inOrder = computed<Node[]>(() => roots.value.flatMap(withBelow));

const find = (id: string) => inOrder.value.find((node) => node.cause.id === id);
const siblingsOf = (node: Node) => node.parent?.children ?? roots.value;

/** The node that Tab reaches and whose tools are shown. */
export const current = signal<string>(PROBLEM);

export const nodeElement = (id: string) => document.getElementById(`cause-${id}`);

/** Brings the caret into a node's text, once it has been drawn. */
export function write(id: string, caret: "start" | "end" = "end"): void {
  current.value = id;
  queueMicrotask(() => {
    const field = nodeElement(id)?.querySelector("textarea");
    const at = caret === "end" ? (field?.value.length ?? 0) : 0;
    field?.focus();
    field?.setSelectionRange(at, at);
  });
}

/** Goes to the node as a whole. */
export function stand(id: string): void {
  current.value = id;
  queueMicrotask(() => nodeElement(id)?.focus());
}

const between = (before: Node | undefined, after: Node | undefined): number => {
  if (before && after) return (before.cause.position + after.cause.position) / 2;
  if (before) return before.cause.position + 1;
  return after ? after.cause.position - 1 : 0;
};

function add(parent: string | null, position: number): void {
  const id = crypto.randomUUID();
  void run("cause.add", { id, parent, position, text: "" });
  write(id);
}

/** Asks why once more below `id`; an empty answer that waits there already is used. */
export function addBelow(id: string): void {
  const children = id === PROBLEM ? roots.value : (find(id)?.children ?? []);
  const waiting = children.at(-1);
  if (waiting && !waiting.cause.text) return write(waiting.cause.id);
  add(id === PROBLEM ? null : id, between(waiting, undefined));
}

/** Another answer to the same why. */
export function addBeside(id: string): void {
  const node = find(id);
  if (!node) return addBelow(PROBLEM);
  const siblings = siblingsOf(node);
  const next = siblings[siblings.indexOf(node) + 1];
  if (next && !next.cause.text) return write(next.cause.id);
  add(node.cause.parent, between(node, next));
}

function move(node: Node, parent: Node | null, position: number, thenWrite: boolean): void {
  void run("cause.move", { id: node.cause.id, parent: parent?.cause.id ?? null, position });
  (thenWrite ? write : stand)(node.cause.id);
}

export type Direction = "up" | "down" | "in" | "out";

/** Where a node would go; null where it cannot. */
function placeFor(node: Node, direction: Direction): { parent: Node | null; position: number } | null {
  const siblings = siblingsOf(node);
  const at = siblings.indexOf(node);
  if (direction === "up") return at > 0 ? { parent: node.parent, position: between(siblings[at - 2], siblings[at - 1]) } : null;
  if (direction === "down") return at < siblings.length - 1 ? { parent: node.parent, position: between(siblings[at + 1], siblings[at + 2]) } : null;
  if (direction === "in") {
    const host = siblings[at - 1];
    return host ? { parent: host, position: between(host.children.at(-1), undefined) } : null;
  }
  if (!node.parent) return null;
  const aunts = siblingsOf(node.parent);
  return { parent: node.parent.parent, position: between(node.parent, aunts[aunts.indexOf(node.parent) + 1]) };
}

export const canMove = (id: string, direction: Direction): boolean => {
  const node = find(id);
  return Boolean(node && placeFor(node, direction));
};

/** False where the node is already as far as it can go. */
export function moveNode(id: string, direction: Direction, thenWrite = true): boolean {
  const node = find(id);
  const place = node && placeFor(node, direction);
  if (!node || !place) return false;
  move(node, place.parent, place.position, thenWrite);
  return true;
}

export function removeNode(id: string): void {
  const node = find(id);
  if (!node) return;
  const at = inOrder.value.indexOf(node);
  const below = withBelow(node).length - 1;
  const before = inOrder.value[at - 1]?.cause.id ?? PROBLEM;
  removeWithUndo("cause", { id }, below ? `Cause and ${below} below it removed.` : "Cause removed.");
  stand(before);
}

/** The node above or below on the page, or the nearest relative; null at the ends. */
export function neighbour(id: string, key: string): string | null {
  const nodes = inOrder.value;
  const at = nodes.findIndex((node) => node.cause.id === id);
  if (key === "ArrowDown") return nodes[at + 1]?.cause.id ?? null;
  if (key === "ArrowUp") return id === PROBLEM ? null : (nodes[at - 1]?.cause.id ?? PROBLEM);
  if (key === "ArrowLeft") return id === PROBLEM ? null : (nodes[at]?.parent?.cause.id ?? PROBLEM);
  return (id === PROBLEM ? roots.value[0] : nodes[at]?.children[0])?.cause.id ?? null;
}

/** Below an empty node there is nothing to explain yet. */
export function refuseEmpty(): void {
  toast("Write this cause first, then go on from it.");
}

export const findingsOf = (cause: string): Finding[] =>
  [...recordsOf("causes.finding").values()].filter((finding) => finding.cause === cause && !finding.removed);
