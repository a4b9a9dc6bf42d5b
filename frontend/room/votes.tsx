// Votes on what to talk about: three for each person.
import { closed } from "./agenda";
import { recordsOf, run, you } from "./store";
import { toast } from "./toasts";

const MAX_VOTES = 3;

const all = () => [...recordsOf("meetings.vote").values()].filter((vote) => !vote.removed);
const mine = () => all().filter((vote) => vote.author?.id === you.value?.id);

export const votesFor = (about: string): number => all().filter((vote) => vote.about === about).length;

/** How many want to talk about it; pressing gives one of one's own votes, or takes it back. */
export function VoteButton({ about, words, quiet, settled }: { about: string; words: string; quiet?: boolean; settled?: boolean }) {
  const count = votesFor(about);
  const own = mine().find((vote) => vote.about === about);
  if (closed.value || (settled && !own)) return count ? <span class="chip">{counted(count)}</span> : null;
  const press = () => {
    if (own) void run("vote.take_back", { id: own.id });
    else if (mine().length >= MAX_VOTES) toast(`You have given your ${MAX_VOTES} votes. Take one back to give it elsewhere.`);
    else void run("vote.cast", { id: crypto.randomUUID(), about });
  };
  const label = `${own ? "Take back your vote" : "Vote to talk about this"}: ${words}. ${counted(count)}`;
  return <button type="button" class={quiet ? "link vote" : "btn quiet small vote"} aria-pressed={Boolean(own)} aria-label={label} title={own ? "Take back your vote" : "Vote to talk about this"} onClick={press}>▲{count > 0 && ` ${count}`}</button>;
}

const counted = (count: number) => (count === 1 ? "1 vote" : `${count} votes`);
