// The column beside the step.
import { signal } from "@preact/signals";
import { place } from "./agenda";
import { StepQuestions } from "./side/questions";
import { FacilitatorView, SimilarIncidents } from "./side/hints";
import { Notes } from "./side/notes";
import { Parking } from "./side/parking";
import { Recurrences } from "./side/recurrence";
import { stages } from "./steps";

/** On small screens the column takes the step's place while this is true. */
export const sideOpen = signal(false);
export const toggleSide = () => (sideOpen.value = !sideOpen.value);

export function Side() {
  const { Side: Own, Below } = stages[place.value];
  return (
    <>
      {Own && <Own key={place.value} />}
      <StepQuestions />
      {Below && <Below />}
      <Recurrences />
      <SimilarIncidents />
      <FacilitatorView />
      <Notes />
      <Parking />
    </>
  );
}
