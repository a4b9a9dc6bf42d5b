// One fact of the impact: its value, whether it is an estimate, and what the record suggests.
import { computed } from "@preact/signals";
import { useEffect, useId, useState } from "preact/hooks";
import { closed, sayWriting } from "../agenda";
import { useDraft } from "../draft";
import { InlineEdit, WritingHere } from "../inline_edit";
import type { Impact } from "../protocol";
import { derived, recordsOf, run } from "../store";
import { toast } from "../toasts";
import { readNumber, shown, type FactField } from "./fields";

export const impact = computed<Impact | undefined>(() => recordsOf("incidents.impact").values().next().value);
export const worked = computed(() => derived.value?.impact);

const versionOf = () => impact.value?.version ?? 1;
const change = (name: string, value: unknown, base: number | null) => void run("impact.change", { [name]: value }, base);

/** A suggestion of the record and why. */
export interface Suggestion {
  value: number;
  words: string;
}

export function Fact({ field, suggestion }: { field: FactField; suggestion?: Suggestion }) {
  const id = useId();
  return (
    <div class={field.words ? "fact wide" : "fact"}>
      <label for={id}>{field.label}</label>
      {field.words ? <WordsField field={field} id={id} /> : <NumberField field={field} id={id} />}
      <Estimate field={field} />
      {field.help && !closed.value && <small>{field.help}</small>}
      {suggestion && !closed.value && <Suggested field={field} suggestion={suggestion} />}
      <WritingHere spot={spotOf(field)} />
    </div>
  );
}

const spotOf = (field: FactField) => `impact:${field.name}`;

/** What was typed and cannot be saved, by field: it waits there while other steps are looked at. */
const refused = new Map<string, string>();

function problemOf(text: string | undefined, field: FactField): string {
  const read = text === undefined ? null : readNumber(text, field);
  return typeof read === "string" ? read : "";
}

export function NumberField({ field, id, bare }: { field: FactField; id?: string; bare?: boolean }) {
  const [problem, setProblem] = useState(problemOf(refused.get(field.name), field));
  const save = (text: string, base: number) => {
    const read = readNumber(text, field);
    setProblem(typeof read === "string" ? read : "");
    if (typeof read === "string") refused.set(field.name, text);
    else change(field.name, read, base);
    return typeof read !== "string";
  };
  const draft = useDraft(shown(impact.value?.[field.name]), versionOf(), save, refused.get(field.name));
  useEffect(() => () => void (refused.has(field.name) && toast(`“${refused.get(field.name)}” is not saved as ${field.label.toLowerCase()}. It waits in Impact.`)), []);
  const write = (text: string) => {
    sayWriting(spotOf(field));
    refused.delete(field.name);
    setProblem("");
    draft.write(text);
  };
  const unit = field.unit === "money" ? (worked.value?.currency ?? "") : field.unit;
  if (closed.value) return <output id={id} class="num">{draft.shown ? `${draft.shown} ${bare ? "" : (unit ?? "")}` : bare ? "…" : "not known"}</output>;
  return (
    <span class="amount">
      <input type="text" inputMode="decimal" id={id} aria-label={bare ? field.label : undefined} aria-invalid={Boolean(problem)} autoComplete="off" size={bare ? 4 : 10} value={draft.shown} onInput={(event) => write(event.currentTarget.value)} onBlur={draft.flush} onKeyDown={(event) => event.key === "Enter" && draft.flush()} />
      {!bare && unit && <span class="meta">{unit}</span>}
      {problem && <small class="broke" role="alert">{problem}</small>}
    </span>
  );
}

function WordsField({ field, id }: { field: FactField; id: string }) {
  if (closed.value) return <output id={id}>{shown(impact.value?.[field.name]) || "nothing"}</output>;
  const save = (text: string, base: number) => change(field.name, text, base);
  return <InlineEdit id={id} text={shown(impact.value?.[field.name])} version={versionOf()} label={field.label} save={save} spot={spotOf(field)} limit={4000} class="framed" />;
}

const estimates = () => (impact.value?.estimates as string[] | undefined) ?? [];

function Estimate({ field: { name, label, words } }: { field: FactField }) {
  const marked = estimates().includes(name);
  if (words || (closed.value && !marked)) return null;
  const toggle = () => change("estimates", marked ? estimates().filter((each) => each !== name) : [...estimates(), name], null);
  return <label class="check estimate"><input type="checkbox" checked={marked} disabled={closed.value} aria-label={`${label}: estimate`} onChange={toggle} /> estimate</label>;
}

function Suggested({ field, suggestion: { value, words } }: { field: FactField; suggestion: Suggestion }) {
  if (impact.value?.[field.name] === value) return null;
  return (
    <small class="suggested">
      <button type="button" class="chip note" onClick={() => change(field.name, value, versionOf())}>Use this: {shown(value)}</button> {words}
    </small>
  );
}
