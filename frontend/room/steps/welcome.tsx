// The welcome: the words that open the meeting, its agenda, who is here, and what people noticed beforehand.
import { incident, leads, meeting, partOf, postmortem, started } from "../agenda";
import { Avatar, RichText, firstName } from "../ui/elements";
import type { Person } from "../protocol";
import { StartButton } from "../starting";
import { here, recordsOf } from "../store";
import { Agenda } from "./agenda_editor";
import { Roles } from "./roles";

const GROUND_RULES = [
  "We look for what made it possible, not for who did it. Everybody acted sensibly with what they knew at the time.",
  "Say what you saw and did, and what it looked like then. Hindsight comes later, or not at all.",
  "Every account counts; two that differ both stay until we know. You may write anonymously.",
  "We leave with few actions, each with one owner and a date, or with a reason for none.",
];

export const WelcomeStage = () => (
  <div class="welcome">
    <header class="stage-head"><div><h1>Welcome</h1><p class="meta">{incident.value?.key} · {incident.value?.title}</p></div><Begin /></header>
    <blockquote class="prime">
      We take it that everyone did the best they could with what they knew, the skills and tools they had, and the situation they were in.
      <footer>after Norm Kerth’s prime directive</footer>
    </blockquote>
    <div class="welcome-parts">
      <section><h2>How we talk</h2><ol class="rules">{GROUND_RULES.map((rule) => <li key={rule}>{rule}</li>)}</ol></section>
      <Agenda />
      <Roles />
      <Present />
      <Observations />
    </div>
  </div>
);

function Begin() {
  if (started.value) return null;
  if (leads.value) return <StartButton />;
  const facilitator = postmortem.value?.facilitator;
  return <p class="meta">{facilitator ? `${firstName(facilitator)} starts the meeting` : "Anyone may start the meeting"}</p>;
}

function Present() {
  const present = new Set(here.value.map((person) => person.id));
  const invited = (postmortem.value?.participants ?? []).filter((person) => !present.has(person.id));
  return (
    <section>
      <h2>Here <small>{here.value.length}</small></h2>
      <ul class="present">
        {here.value.map((person) => <PresentRow key={person.id} person={person} />)}
        {invited.map((person) => <PresentRow key={person.id} person={person} away />)}
      </ul>
    </section>
  );
}

const PresentRow = ({ person, away }: { person: Person; away?: boolean }) => (
  <li class={away ? "away" : undefined}><Avatar person={person} /><span>{person.name}</span><small>{[roleOf(person), away && "not here yet"].filter(Boolean).join(" · ")}</small></li>
);

function roleOf(person: Person): string {
  return partOf(person) || (incident.value?.roles[person.id]?.join(", ") ?? "");
}

function Observations() {
  const noticed = [...recordsOf("meetings.observation").values()].filter((each) => !each.removed);
  if (!noticed.length) return meeting.value ? null : <p class="meta">No meeting is scheduled; starting one now holds it at once.</p>;
  return (
    <section>
      <h2>Noticed before the meeting</h2>
      <ul class="noticed">{noticed.map((each) => <li key={each.id}><p><RichText text={each.text} /></p><small>{each.author ? firstName(each.author) : "Anonymous"}</small></li>)}</ul>
    </section>
  );
}
