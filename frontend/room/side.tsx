// The column beside the step.
import { place } from "./agenda";
import { Ask } from "./side/ask";
import { stages } from "./steps";

export function Side() {
  const { Side: Own } = stages[place.value];
  return (
    <>
      {Own && <Own key={place.value} />}
      <Ask />
    </>
  );
}
