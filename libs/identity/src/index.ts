export { bestPerPerson, type PersonScore } from './candidates.js';
export { decide, type IdentityDecision } from './decision.policy.js';
export {
  chooseReferenceFace,
  DEFAULT_ENROLMENT_BARS,
  type EnrolmentBars,
  type EnrolmentChoice,
} from './enrolment.policy.js';
