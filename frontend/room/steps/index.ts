// Which component shows which step.
import type { ComponentType } from "preact";
import type { StepKey } from "../protocol";
import { ActionsSide } from "../side/gate";
import { Actions } from "./actions";
import { BeforeYouMoveOn, Causes } from "./causes";
import { Questions } from "./questions";
import { TimelineStage } from "./timeline";
import { WelcomeStage } from "./welcome";

export interface Step {
  /** The middle of the room. */
  Stage: ComponentType;
  /** What the step adds on top of the side column. */
  Side?: ComponentType;
  /** What the step adds below the questions there. */
  Below?: ComponentType;
}

export const stages: Record<StepKey, Step> = {
  welcome: { Stage: WelcomeStage },
  timeline: { Stage: TimelineStage },
  causes: { Stage: Causes, Below: BeforeYouMoveOn },
  impact: { Stage: Questions },
  prevention: { Stage: Questions },
  actions: { Stage: Actions, Side: ActionsSide },
  close: { Stage: Questions },
};
