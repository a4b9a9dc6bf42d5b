// Collaborative text: its words at first; the editor, a script of its own, once somebody begins to write.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Options } from "../writing/editor";
import { line } from "./connection";
import { followTexts, waiting } from "./store";

interface TogetherProps extends Omit<Options, "focus" | "onShown"> {
  html: string;
}

/** Texts whose editor was opened on this page open at once when they are shown again. */
const opened = new Set<string>();

export function CollaborativeText({ html, ...text }: TogetherProps) {
  const { of, label, placeholder } = text;
  const box = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(opened.has(of) || isUnsent(of));
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => (wanted ? undefined : followTexts({ heard: (updates) => updates.some((each) => each.of === of) && setWanted(true) })), [wanted]);
  useEffect(() => {
    if (!wanted || (failed && line.value !== "open")) return undefined;
    let leave: (() => void) | null = null;
    let gone = false;
    import("../writing/editor").then(
      ({ mount }) => {
        if (gone) return;
        setFailed(false);
        opened.add(of);
        leave = mount(box.current!, { ...text, focus: () => first.current !== null && document.activeElement === first.current, onShown: () => setShown(true) });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      leave?.();
    };
  }, [wanted, failed && line.value]);
  return (
    <div class="together">
      {!shown && (
        <div class={`prose${html ? "" : " is-empty"}`} ref={first} role="textbox" tabIndex={0} aria-multiline aria-label={label} aria-busy={wanted} data-placeholder={placeholder}
          onFocus={() => setWanted(true)} dangerouslySetInnerHTML={{ __html: html }} />
      )}
      <div ref={box} />
      {failed && <small role="status">The editor could not be loaded. It is tried again once you are back online.</small>}
    </div>
  );
}

const isUnsent = (of: string) => waiting.value.some(({ args }) => args.of === of);
