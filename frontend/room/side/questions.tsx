// The step's questions, with everyone's answers.
import { useState } from "preact/hooks";
import { closed, leads, meeting, place, sayWriting, writingAt } from "../agenda";
import { WordingHint } from "../wording_hint";
import { Avatar, Unsaved, RichText, Writing, firstName } from "../ui/elements";
import type { Answer, Question, StepKey } from "../protocol";
import { ConvertTo } from "../conversion";
import { askWhileTyping } from "../wording";
import { derived, here, questions, recordsOf, removeWithUndo, run, you } from "../store";

const PHASE: Partial<Record<StepKey, Question["phase"]>> = {
  timeline: "timeline", causes: "root_cause", impact: "impact", prevention: "prevention", close: "looking_back",
};

const questionsOf = (step: StepKey) => questions.value.filter((question) => question.phase === PHASE[step]);

/** The step of prevention shows the whole bank in its middle. */
export function StepQuestions() {
  const asked = place.value === "prevention" ? [] : questionsOf(place.value);
  if (!asked.length) return null;
  return <section><div class="spread"><h2>Ask the room</h2><HideAnswers /></div>{asked.map((question) => <QuestionAnswers key={question.id} question={question} />)}</section>;
}

/** The facilitator may keep answers from view until all have written. */
export function HideAnswers() {
  if (closed.value || !leads.value || !meeting.value) return null;
  const hidden = meeting.value.answers_hidden;
  return <button type="button" class="btn quiet small" onClick={() => void run("meeting.hide_answers", { hidden: !hidden })}>{hidden ? "Show everyone’s answers" : "Hide until all have written"}</button>;
}

const answersTo = (question: Question) => [...recordsOf("meetings.answer").values()].filter((answer) => answer.question === question.id && !answer.removed);

/** One question: what the record already answers, what people said, and room for one's own answer. */
export function QuestionAnswers({ question }: { question: Question }) {
  const [open, setOpen] = useState(false);
  const prompt = derived.value?.prompts?.[question.id];
  const give = (text: string) => void run("answer.give", { id: crypto.randomUUID(), question: question.id, text });
  const spot = `answer:${question.id}`;
  const tell = (text: string) => {
    sayWriting(spot);
    askWhileTyping("said", spot, text, "");
  };
  return (
    <div class="prompt">
      <p>{question.text}</p>
      {prompt && <small>{prompt}</small>}
      {answersTo(question).filter((answer) => answer.text).map((answer) => <Given key={answer.id} answer={answer} />)}
      <Waiting answers={answersTo(question)} />
      {writingAt(spot).map((person) => <small key={person.id}>{firstName(person)} is writing…</small>)}
      {!closed.value && !open && <button type="button" class="link answer-link" onClick={() => setOpen(true)}>Answer</button>}
      {open && <Writing label={`Your answer to: ${question.text}`} onWriting={tell} onSave={(text) => { give(text); tell(""); setOpen(false); }} onCancel={() => setOpen(false)} />}
      {open && <WordingHint id={spot} stands="" />}
    </div>
  );
}

/** Who has written, while the answers themselves are kept from view. */
function Waiting({ answers }: { answers: Answer[] }) {
  if (!meeting.value?.answers_hidden || closed.value) return null;
  const wrote = new Set(answers.map((answer) => answer.author?.id));
  const count = here.value.filter((person) => wrote.has(person.id)).length;
  return <small>{count} of {here.value.length} here have written. Answers show once all have, or when {leads.value ? "you show" : "the facilitator shows"} them.</small>;
}

function Given({ answer }: { answer: Answer }) {
  const [editing, setEditing] = useState(false);
  const mine = answer.author?.id === you.value?.id && !closed.value;
  const change = (text: string) => {
    setEditing(false);
    if (text !== answer.text) void run("answer.change", { id: answer.id, text }, answer.version);
  };
  const remove = () => removeWithUndo("answer", { id: answer.id }, "Answer removed.", () => void run("answer.give", { id: crypto.randomUUID(), question: answer.question, text: answer.text }));
  const tell = (text: string) => askWhileTyping("said", answer.id, text, answer.text);
  if (editing) return <><Writing value={answer.text} label="Change your answer" onWriting={tell} onSave={change} onCancel={() => setEditing(false)} /><WordingHint id={answer.id} stands={answer.text} /></>;
  return (
    <div class="given">
      {answer.author && <Avatar person={answer.author} />}
      <div>
        <p><RichText text={answer.text} /></p>
        <small>
          {answer.author ? firstName(answer.author) : "Anonymous"} <Unsaved id={answer.id} />
          {mine && <> · <button type="button" class="link" onClick={() => setEditing(true)}>edit</button> · <button type="button" class="link" onClick={remove}>remove</button></>}
          {place.value === "prevention" && <ConvertTo text={answer.text} />}
        </small>
      </div>
    </div>
  );
}
