// Title, agenda, clock, faces and the way forward.
import { useEffect, useRef } from "preact/hooks";
import { closed, current, go, incident, indexOf, leads, left, look, meeting, myHand, nameOf, next, partOf, place, raiseHand, reopened, second, started, steps } from "./agenda";
import { CloseButton } from "./closing";
import { helpOpen } from "./help";
import { Popover } from "./popover";
import { Avatar } from "./ui/elements";
import { page } from "./page";
import { togglePresenting } from "./presentation";
import { React, Reactions } from "./reactions";
import type { AgendaStep, Present, StepKey } from "./protocol";
import { sideOpen, toggleSide } from "./side";
import { here, recordsOf, run, you } from "./store";
import { StartButton } from "./starting";
import { clock, day, span } from "./zones";

const SHOWN_FACES = 4;

export function Bar() {
  const about = incident.value;
  return (
    <header class="bar">
      <div class="bar-title">
        <p class="meta"><a href={page.home}>{about?.key}</a> · {[about?.severity, about?.words.meeting].filter(Boolean).join(" · ")}</p>
        <h2 title={about?.title}>{about?.title}</h2>
      </div>
      <Phases />
      <div class="clock">
        <Reactions />
        <Faces />
        <Clock />
        <Forward />
      </div>
    </header>
  );
}

function Phases() {
  const nav = useRef<HTMLElement>(null);
  const shown = place.value;
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [shown]);
  return (
    <div class="phases-row">
      <nav class="phases" aria-label="Agenda" ref={nav}>
        {steps.value.map((step) => <Phase key={step.key} step={step} />)}
      </nav>
      <button type="button" class="btn small quiet keys-tab" title="What each key does" onClick={() => (helpOpen.value = true)}>Keys <kbd>?</kbd></button>
      <button type="button" class="btn small side-tab" aria-pressed={sideOpen.value} aria-controls="side" onClick={toggleSide}>{shown === "close" ? "Ready to close?" : "Questions"}</button>
    </div>
  );
}

const stays = (row: { removed?: boolean; text: string }) => !row.removed && row.text !== "";

/** What these steps leave behind; being passed by is not being done. */
const LEFT: Partial<Record<StepKey, () => boolean>> = {
  timeline: () => [...recordsOf("timeline.entry").values()].some(stays),
  causes: () => [...recordsOf("causes.cause").values(), ...recordsOf("causes.finding").values()].some(stays),
  actions: () => [...recordsOf("actions.actionitem").values()].some(stays),
};

function Phase({ step }: { step: AgendaStep }) {
  const here = step.key === place.value;
  const passed = started.value && (closed.value || indexOf(step.key) < indexOf(current.value));
  const empty = passed && LEFT[step.key]?.() === false;
  const done = passed && !empty;
  const meetingIsHere = started.value && !closed.value && step.key === current.value;
  const state = [done && "done", meetingIsHere && "meeting-here"].filter(Boolean).join(" ");
  return (
    <a href={`#${step.key}`} class={state} aria-current={here ? "step" : undefined} title={`${step.minutes} min`} onClick={(event) => { event.preventDefault(); look(step.key); }}>
      {done && <span aria-hidden="true">✓</span>}{step.name}{passed && <span class="visually-hidden">{empty ? ", nothing written" : ", done"}</span>}
    </a>
  );
}

function Clock() {
  const seconds = left.value;
  if (seconds === null) return started.value ? null : <span class="meta">{startsIn()}</span>;
  const over = seconds < 0;
  return (
    <span class={over ? "timer over" : "timer"}>
      <span class="num" role="timer" aria-label={over ? "Over the step's time" : "Left in this step"}>{over && "+"}{minutesAndSeconds(Math.abs(seconds))}</span>
      {over && <small>over</small>}
      {leads.value && <button type="button" class="btn quiet small" onClick={() => void run("meeting.extend", { minutes: 5 })}>+5 min</button>}
    </span>
  );
}

const minutesAndSeconds = (seconds: number) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;

function startsIn(): string {
  const planned = meeting.value;
  const zone = you.value?.zone ?? "UTC";
  if (!planned) return "not scheduled yet";
  const minutes = (Date.parse(planned.starts_at) - second.value) / 60_000;
  if (minutes > 24 * 60) return `${day(planned.starts_at, zone)}, ${clock(planned.starts_at, zone)}`;
  return minutes > 0 ? `starts in ${span(minutes)}` : `planned for ${clock(planned.starts_at, zone)}`;
}

/** Raised hands first, in the order they went up. */
const inOrder = (people: Present[]) =>
  [...people].sort((a, b) => Number(Boolean(b.hand)) - Number(Boolean(a.hand)) || (a.hand ?? 0) - (b.hand ?? 0) || a.name.localeCompare(b.name));

function Faces() {
  const everyone = inOrder(here.value);
  const more = everyone.length - SHOWN_FACES;
  const hands = everyone.filter((person) => person.hand).length;
  return (
    <Popover label="Who is here" class="faces" panel={() => <People everyone={everyone} />}>
      <span class="visually-hidden">{everyone.length} here{hands > 0 && `, ${hands} with a raised hand`}</span>
      {everyone.slice(0, SHOWN_FACES).map((person) => <Avatar key={person.id} person={person} hand={Boolean(person.hand)} away={person.attention !== "here"} />)}
      {more > 0 && <span class="avatar more" aria-hidden="true">+{more}</span>}
    </Popover>
  );
}

const People = ({ everyone }: { everyone: Present[] }) => (
  <div class="faces-list">
    <React />
    <ul>{everyone.map((person, at) => <Face key={person.id} person={person} turn={at + 1} />)}</ul>
    <div class="inline">
      <button type="button" class="btn small" onClick={() => raiseHand()}>{myHand.value ? "Lower your hand" : "Raise your hand"} <kbd>Alt H</kbd></button>
      <button type="button" class="btn quiet small" onClick={togglePresenting}>Present <kbd>B</kbd></button>
    </div>
  </div>
);

const ATTENTION = { here: "", idle: "idle", away: "looks elsewhere" };

const Face = ({ person, turn }: { person: Present; turn: number }) => (
  <li class={person.attention === "here" ? undefined : "away"}>
    <Avatar person={person} />
    <span>{person.name}{person.id === you.value?.id && " (you)"}{partOf(person) && <small> {partOf(person)}</small>}</span>
    <small>{person.hand ? `hand raised, no. ${turn}` : ATTENTION[person.attention] || nameOf(person.step as StepKey)}</small>
  </li>
);

function Forward() {
  if (closed.value) return <a class="btn" href={page.home}>Meeting held · to its page</a>;
  if (!leads.value || !meeting.value) return null;
  if (reopened.value) return <CloseButton />;
  if (!started.value) return <StartButton />;
  const step = next.value;
  if (step) return <button type="button" class="btn primary" onClick={() => go(step.key)}>Next: {step.name}</button>;
  return <CloseButton />;
}
