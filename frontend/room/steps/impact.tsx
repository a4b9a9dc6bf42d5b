// Impact: whom it touched and what it cost.
import { incident } from "../agenda";
import { Fact, NumberField, impact, worked, type Suggestion } from "../impact/fact";
import { HIT, MISSED, NOTES, PEOPLE, shown } from "../impact/fields";

export function ImpactStage() {
  const outage = incident.value?.is_outage ?? true;
  return (
    <>
      <header class="stage-head">
        <div>
          <h1>Whom did it touch, and what did it cost?</h1>
          <p class="meta">A rough number beats none: mark it as an estimate, and the summary will say so.</p>
        </div>
      </header>
      <section aria-label={outage ? "Users and services" : "Plan and outcome"} class="facts-grid">
        {(outage ? HIT : MISSED).map((field) => <Fact key={field.name} field={field} suggestion={suggestionFor(field.name)} />)}
      </section>
      <PeoplesTime />
      <section class="facts-grid" aria-label="Notes"><Fact field={NOTES} /></section>
    </>
  );
}

/** What the services' objectives and revenue say, if they say anything. */
function suggestionFor(name: string): Suggestion | undefined {
  const known = worked.value;
  if (name === "objective_minutes" && known?.objective_minutes) return { value: known.objective_minutes, words: known.objective.join(" ") };
  if (name === "revenue_lost" && known?.revenue_lost) return { value: known.revenue_lost, words: known.revenue.join(" ") };
  return undefined;
}

/** The formula as a sentence whose numbers can be changed. */
function PeoplesTime() {
  const [people, hours, rate] = PEOPLE;
  const currency = worked.value?.currency ?? "";
  return (
    <section class="formula" aria-label="People’s time">
      <h2>People’s time</h2>
      <p>
        <NumberField field={people!} bare /> people <span aria-hidden="true">×</span> <NumberField field={hours!} bare /> hours each <span aria-hidden="true">×</span> <NumberField field={rate!} bare /> {currency} an hour <Result currency={currency} />
      </p>
      <small>Everybody who worked on it or sat in calls about it, this meeting too.</small>
    </section>
  );
}

function Result({ currency }: { currency: string }) {
  const [people, hours, rate] = PEOPLE.map(({ name }) => impact.value?.[name]);
  if (typeof people !== "number" || typeof hours !== "number") return <b class="meta">= not known yet</b>;
  if (typeof rate !== "number") return <b>= {shown(people * hours)} hours</b>;
  return <b>= {shown(Math.round(people * hours * rate))} {currency}</b>;
}
