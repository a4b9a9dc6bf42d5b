// What stands over the page: stays open, with the focus it had, while others' changes redraw what lies below.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface OverlayProps {
  /** The button it belongs to; pressing it again is the button's own affair. */
  beside: () => HTMLElement | null;
  place: (shown: HTMLElement, beside: HTMLElement) => void;
  /** What has the focus first. */
  first: string;
  /** The person went elsewhere, by Tab or by a press. */
  onLeave: () => void;
}

/** For an element with `popover="manual"`. */
export function useOverlay({ beside, place, first, onLeave }: OverlayProps): RefObject<HTMLDivElement> {
  const shown = useRef<HTMLDivElement>(null);
  const focused = useRef<HTMLElement | null>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useLayoutEffect(() => {
    const overlay = shown.current!;
    if (overlay.matches(":popover-open")) return;
    // A row that others moved takes its overlay with it, which closes it and loses the focus.
    overlay.showPopover();
    place(overlay, beside()!);
    const known = focused.current?.isConnected ? focused.current : overlay.querySelector<HTMLElement>(first);
    known?.focus({ preventScroll: true });
  });
  useEffect(() => {
    const overlay = shown.current!;
    const isOurs = (target: EventTarget | null) => target instanceof Node && (overlay.contains(target) || Boolean(beside()?.contains(target)));
    const came = (event: FocusEvent) => {
      if (overlay.contains(event.target as Node)) focused.current = event.target as HTMLElement;
      else if (!isOurs(event.target)) leave.current();
    };
    const pressed = (event: Event) => !isOurs(event.target) && leave.current();
    const scrolled = (event: Event) => !overlay.contains(event.target as Node) && beside() && place(overlay, beside()!);
    addEventListener("focusin", came);
    addEventListener("pointerdown", pressed, true);
    addEventListener("scroll", scrolled, true);
    if (overlay.contains(document.activeElement)) focused.current = document.activeElement as HTMLElement;
    return () => {
      removeEventListener("focusin", came);
      removeEventListener("pointerdown", pressed, true);
      removeEventListener("scroll", scrolled, true);
    };
  }, []);
  return shown;
}
