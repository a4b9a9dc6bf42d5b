// A menu behind a button: arrows move, a letter jumps, Escape leaves.
import { useOverlay } from "./overlay";

export interface MenuItem {
  label: string;
  run: () => void;
  /** Set for one choice of several; true for the present one. */
  chosen?: boolean;
  danger?: boolean;
}

export interface MenuGroup {
  title?: string;
  items: MenuItem[];
}

interface MenuProps {
  label: string;
  groups: MenuGroup[];
  /** Something was chosen, or the person wants back. */
  onClose: () => void;
  /** The person went elsewhere. */
  onLeave: () => void;
}

export function Menu({ label, groups, onClose, onLeave }: MenuProps) {
  const menu = useOverlay({ beside: () => menu.current?.parentElement ?? null, place: placeBeside, first: "[role^=menuitem]", onLeave });
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = targetOf(event, all, at);
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (to) to.focus();
    else if (event.key !== " " && event.key !== "Enter") return;
    event.stopPropagation();
    if (event.key !== " " && event.key !== "Enter") event.preventDefault();
  };
  return (
    <div class="menu card" popover="manual" role="menu" aria-label={label} ref={menu} onKeyDown={onKeyDown}>
      {groups.filter((group) => group.items.length).map((group) => <Group key={group.title ?? ""} group={group} onClose={onClose} />)}
    </div>
  );
}

const Group = ({ group, onClose }: { group: MenuGroup; onClose: () => void }) => (
  <div role="group" aria-label={group.title}>
    {group.title && <small aria-hidden="true">{group.title}</small>}
    {group.items.map((item) => <Item key={item.label} item={item} onClose={onClose} />)}
  </div>
);

function Item({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  const choose = () => {
    onClose();
    item.run();
  };
  const choice = item.chosen !== undefined;
  return (
    <button type="button" tabIndex={-1} role={choice ? "menuitemradio" : "menuitem"} aria-checked={choice ? item.chosen : undefined} class={item.danger ? "broke" : undefined} onClick={choose}>
      {item.label}{item.chosen && <span aria-hidden="true"> ✓</span>}
    </button>
  );
}

const EDGE_PX = 8;

/** Below its button, or above where there is more room; in the top layer, so that nothing covers it. */
function placeBeside(menu: HTMLElement, beside: HTMLElement): void {
  const button = beside.getBoundingClientRect();
  const [below, above] = [innerHeight - button.bottom - EDGE_PX, button.top - EDGE_PX];
  const goesBelow = menu.scrollHeight <= below || below >= above;
  menu.style.maxBlockSize = `${goesBelow ? below : above}px`;
  menu.style.insetBlockStart = goesBelow ? `${button.bottom}px` : "auto";
  menu.style.insetBlockEnd = goesBelow ? "auto" : `${innerHeight - button.top}px`;
  menu.style.insetInlineStart = `${Math.max(EDGE_PX, Math.min(button.right, innerWidth - EDGE_PX) - menu.offsetWidth)}px`;
}

function targetOf(event: KeyboardEvent, all: HTMLElement[], at: number): HTMLElement | undefined {
  if (event.key === "ArrowDown") return all[(at + 1) % all.length];
  if (event.key === "ArrowUp") return all[(at - 1 + all.length) % all.length];
  if (event.key === "Home") return all[0];
  if (event.key === "End") return all.at(-1);
  if (event.key.length !== 1 || event.key === " ") return undefined;
  const later = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return later.find((item) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
}
