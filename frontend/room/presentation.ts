// The room on a big screen: the step alone, larger, led by whoever presents.
import { signal } from "@preact/signals";

export const presenting = signal(false);

/** Fills the screen where the browser allows it; Escape or the same key comes back. */
export function togglePresenting(): void {
  presenting.value = !presenting.value;
  if (presenting.value) document.documentElement.requestFullscreen?.().catch(() => undefined);
  else if (document.fullscreenElement) void document.exitFullscreen();
}

document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) presenting.value = false;
});
