export { decidePhoto, type FaceDecision, type FaceToDecide } from './assignment/photo.decision.js';
export { bestPerPerson, type PersonScore } from './candidates.js';
export { decide, type IdentityDecision } from './decision.policy.js';
export { chooseReferenceFace, type EnrolmentChoice, type Refusal } from './enrolment/enrolment.policy.js';
export { checkLikeness, type Likeness } from './enrolment/likeness.policy.js';
export { QUALITY_BARS, type QualityBars } from './enrolment/quality.bars.js';
export { qualityFindings, type QualityFinding } from './enrolment/quality.findings.js';
export { FmrOutOfRangeError } from './thresholds/fmr-out-of-range.error.js';
export { cosineAt, fmrAt, type FmrTable } from './thresholds/fmr.table.js';
