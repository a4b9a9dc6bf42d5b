// Who leads, who helps, who writes along.
import { closed, leads, meeting, postmortem } from "../agenda";
import { Picker } from "../picker";
import { Avatar, Who } from "../ui/elements";
import type { Person } from "../protocol";
import { people, run } from "../store";

const NOBODY = "nobody";

export function Roles() {
  const held = meeting.value;
  if (!held && !postmortem.value?.facilitator) return null;
  const appoint = (role: string) => (id: string) => void run("meeting.appoint", { role, person: id === NOBODY ? null : Number(id) });
  return (
    <section>
      <h2>Who leads</h2>
      <dl class="room-roles">
        <Role name="Facilitator" person={postmortem.value?.facilitator ?? null} asks="Hand the lead over to" onChoose={(id) => void run("meeting.hand_over", { person: Number(id) })} />
        {held && <Role name="Co-facilitator" person={held.co_facilitator} asks="Co-facilitator" canBeNobody onChoose={appoint("co_facilitator")} />}
        {held && <Role name="Scribe" person={held.scribe} asks="Scribe" canBeNobody onChoose={appoint("scribe")} />}
      </dl>
    </section>
  );
}

interface RoleProps {
  name: string;
  person: Person | null;
  asks: string;
  canBeNobody?: boolean;
  onChoose: (id: string) => void;
}

function Role({ name, person, asks, canBeNobody, onChoose }: RoleProps) {
  const choices = people.value.map((each) => ({ id: String(each.id), label: each.name, lead: <Avatar person={each} /> }));
  const offered = canBeNobody && person ? [{ id: NOBODY, label: "nobody" }, ...choices] : choices;
  const shown = person ? <Who person={person} /> : "nobody yet";
  return (
    <div>
      <dt>{name}</dt>
      <dd>{leads.value && !closed.value ? <Picker label={asks} choices={offered} chosen={person ? [String(person.id)] : []} onChoose={onChoose} class="plainly">{shown}</Picker> : shown}</dd>
    </div>
  );
}
