// Which component shows which step.
import type { ComponentType } from "preact";
import type { StepKey } from "../protocol";
import { ActionsSide } from "../side/gate";
import { Actions } from "./actions";
import { BeforeYouMoveOn, Causes } from "./causes";
import { Close, CloseSide } from "./close";
import { ImpactStage } from "./impact";
import { Prevention } from "./prevention";
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
  impact: { Stage: ImpactStage },
  prevention: { Stage: Prevention },
  actions: { Stage: Actions, Side: ActionsSide },
  close: { Stage: Close, Side: CloseSide },
};
