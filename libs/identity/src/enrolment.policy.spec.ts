import type { DetectedFace } from '@facelane/contracts';
import { expect, it } from 'vitest';
import { chooseReferenceFace } from './enrolment.policy.js';

const point = { x: 0, y: 0 };
const face = (index: number, side: number): DetectedFace => ({
  index,
  box: { x: 0, y: 0, width: side, height: side },
  landmarks: [point, point, point, point, point],
  score: 0.9,
  quality: {
    minSide: side,
    interEye: side / 2,
    sharpness: 100,
    brightness: 120,
    contrast: 40,
    yaw: 0,
    pitch: 0,
    roll: 0,
    cut: false,
  },
});

it('takes the only face', () => {
  expect(chooseReferenceFace([face(0, 100)])).toMatchObject({ outcome: 'accepted', face: { index: 0 } });
});

it('takes the face that stands out, whichever the detector was surest of', () => {
  expect(chooseReferenceFace([face(0, 50), face(1, 100)])).toMatchObject({ outcome: 'accepted', face: { index: 1 } });
});

it('refuses two faces side by side with what it measured', () => {
  expect(chooseReferenceFace([face(0, 100), face(1, 80)])).toEqual({
    outcome: 'refused',
    reason: 'several_faces',
    measured: 0.64,
    bar: 0.5,
  });
});

it('refuses no face and a face that is too small', () => {
  expect(chooseReferenceFace([])).toMatchObject({ reason: 'no_face', measured: 0, bar: 1 });
  expect(chooseReferenceFace([face(0, 39)])).toMatchObject({ reason: 'too_small', measured: 39, bar: 40 });
});
