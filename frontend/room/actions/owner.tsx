// Who answers for an action.
import { postmortem } from "../agenda";
import { Picker } from "../picker";
import { Avatar, Who } from "../ui/elements";
import type { Action } from "../protocol";
import { people, run } from "../store";
import { loadOf, loadWords } from "./list";

/** Those in the meeting first. */
function inOrder() {
  const asked = new Set(postmortem.value?.participants.map((person) => person.id));
  return [...people.value].sort((a, b) => Number(asked.has(b.id)) - Number(asked.has(a.id)) || a.name.localeCompare(b.name));
}

export function Owner({ action }: { action: Action }) {
  const choices = inOrder().map((person) => {
    const load = loadOf(person);
    return { id: String(person.id), label: person.name, lead: <Avatar person={person} />, aside: loadWords(load), warning: load.late > 0 };
  });
  const choose = (id: string) => void run("action.change", { id: action.id, owner: Number(id) });
  return (
    <Picker label="Owner" choices={choices} chosen={action.owner ? [String(action.owner.id)] : []} onChoose={choose} empty="Nobody of this name may own it." class={action.owner ? "plainly owner" : "plainly miss"}>
      {action.owner ? <Who person={action.owner} /> : "choose an owner"}
    </Picker>
  );
}
