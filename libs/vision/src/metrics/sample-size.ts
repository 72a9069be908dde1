/**
 * Comparisons from which a rate can be stated: thirty errors are expected among them. Then, with 90 % confidence, the
 * true rate is within 30 % of the observed one (the rule of 30: Doddington et al., The NIST speaker recognition
 * evaluation, Speech Communication 31, 2000; ISO/IEC 19795-1, annex B).
 */
export const countForRate = (rate: number): number => wholeCount(30 / rate);

/**
 * Comparisons from which a rate may be mentioned at all: had none of them been an error, the true rate would be below it
 * with 95 % confidence (the rule of 3: Louis, Confidence intervals for a binomial parameter after observing no
 * successes, The American Statistician 35, 1981; ISO/IEC 19795-1, annex B).
 */
export const leastCountForRate = (rate: number): number => wholeCount(3 / rate);

/** The lowest rate that this many comparisons can state, by the rule of 30. */
export const lowestRate = (comparisons: number): number => 30 / comparisons;

/** 30 / 1e-4 is 300 000 and a little more in floating point. */
const wholeCount = (value: number): number => Math.ceil(value * (1 - 1e-9));
