// The column beside the step.
import { signal } from "@preact/signals";
import { place } from "./agenda";
import { Ask } from "./side/ask";
import { ForTheFacilitator, SeenBefore } from "./side/hints";
import { Notes } from "./side/notes";
import { Parking } from "./side/parking";
import { Returning } from "./side/returning";
import { stages } from "./steps";

/** On small screens the column takes the step's place while this is true. */
export const sideOpen = signal(false);
export const toggleSide = () => (sideOpen.value = !sideOpen.value);

export function Side() {
  const { Side: Own, Below } = stages[place.value];
  return (
    <>
      {Own && <Own key={place.value} />}
      <Ask />
      {Below && <Below />}
      <Returning />
      <SeenBefore />
      <ForTheFacilitator />
      <Notes />
      <Parking />
    </>
  );
}
