// A popover: a button that opens a panel over everything; Escape or a click elsewhere closes it.
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { useOverlay } from "./overlay";

interface OpenerProps {
  /** What the panel is for. */
  label: string;
  /** Draws the panel; `close` leaves it and returns to the button. */
  panel: (close: () => void) => ComponentChildren;
  popup?: "listbox" | "dialog";
  class?: string;
  tabIndex?: number;
  children: ComponentChildren;
}

export function Popover({ label, panel, popup = "dialog", class: look = "btn small", tabIndex, children }: OpenerProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button type="button" ref={button} class={look} tabIndex={tabIndex} aria-haspopup={popup} aria-expanded={open} title={label} onClick={() => setOpen(!open)}>{children}</button>
      {open && <Panel label={label} beside={button.current!} onLeave={() => setOpen(false)} onEscape={close}>{panel(close)}</Panel>}
    </>
  );
}

interface PanelProps {
  label: string;
  beside: HTMLElement;
  onLeave: () => void;
  onEscape: () => void;
  children: ComponentChildren;
}

function Panel({ label, beside, onLeave, onEscape, children }: PanelProps) {
  const panel = useOverlay({ beside: () => beside, place: putBeside, first: "input, button", onLeave });
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onEscape();
  };
  return <div class="panel card" role="group" aria-label={label} ref={panel} popover="manual" tabIndex={-1} onKeyDown={keys}>{children}</div>;
}

const EDGE_PX = 8;

/** Below the button, or above it where there is more room. */
function putBeside(shown: HTMLElement, beside: HTMLElement): void {
  const button = beside.getBoundingClientRect();
  const below = innerHeight - button.bottom - EDGE_PX;
  const above = button.top - EDGE_PX;
  const under = below >= Math.min(shown.offsetHeight, 320) || below >= above;
  shown.style.maxBlockSize = `${Math.min(400, Math.max(under ? below : above, 160))}px`;
  shown.style.left = `${Math.max(EDGE_PX, Math.min(button.left, innerWidth - shown.offsetWidth - EDGE_PX))}px`;
  shown.style.top = `${under ? button.bottom + 4 : button.top - shown.offsetHeight - 4}px`;
}
