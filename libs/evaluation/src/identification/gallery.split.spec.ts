import { UsageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { splitPeople } from './gallery.split.js';

const people = (count: number, photos: number): Map<string, string[]> =>
  new Map(
    Array.from({ length: count }, (_, i) => [
      `P${i}`,
      Array.from({ length: photos }, (_unused, n) => `P${i}/${n}.jpg`),
    ]),
  );

describe('splitPeople', () => {
  // The SHA-256 of Ada begins with 99, that of Cleo with a8, that of Finn with 16.
  const four = new Map([
    ['Finn', ['Finn/1.jpg', 'Finn/2.jpg']],
    ['Bob', ['Bob/1.jpg']],
    ['Ada', ['Ada/3.jpg', 'Ada/1.jpg', 'Ada/2.jpg']],
    ['Cleo', ['Cleo/1.jpg', 'Cleo/2.jpg']],
  ]);

  it('enrols the first photo, searches with the others, and keeps strangers out', () => {
    expect(splitPeople(four, 'people')).toEqual({
      gallery: [
        { person: 'Ada', path: 'Ada/1.jpg' },
        { person: 'Cleo', path: 'Cleo/1.jpg' },
      ],
      mated: [
        { person: 'Ada', path: 'Ada/2.jpg' },
        { person: 'Ada', path: 'Ada/3.jpg' },
        { person: 'Cleo', path: 'Cleo/2.jpg' },
      ],
      strangers: [
        { person: 'Bob', path: 'Bob/1.jpg' },
        { person: 'Finn', path: 'Finn/1.jpg' },
        { person: 'Finn', path: 'Finn/2.jpg' },
      ],
    });
  });

  it('is the same in any order, and for whoever else is there', () => {
    const turned = new Map([...four].reverse().map(([person, photos]) => [person, [...photos].reverse()]));
    expect(splitPeople(turned, 'people')).toEqual(splitPeople(four, 'people'));
    const enrolled = (count: number): string[] => splitPeople(people(count, 2), '').gallery.map(({ person }) => person);
    expect(enrolled(400).filter((person) => Number(person.slice(1)) < 40)).toEqual(enrolled(40));
  });

  it('keeps about a quarter out', () => {
    const { gallery, strangers } = splitPeople(people(1000, 2), 'people');
    expect(gallery.length + strangers.length / 2).toBe(1000);
    // Binomial: 250 ± 4 × 13.7.
    expect(Math.abs(strangers.length / 2 - 250)).toBeLessThan(55);
  });

  it('says what is missing when nobody can be enrolled', () => {
    expect(() => splitPeople(people(3, 1), 'faces')).toThrow(UsageError);
    expect(() => splitPeople(people(3, 1), 'faces')).toThrow('Each of the 3 people in faces has one photo');
    const pair = ['1', '2'];
    expect(() => splitPeople(new Map([['Ada', pair]]), 'faces')).toThrow('All photos in faces are of one person, Ada');
    const kept = new Map([...four].filter(([person]) => person !== 'Cleo'));
    expect(() => splitPeople(kept, 'faces')).toThrow('Of the 3 people in faces 2 have two photos or more');
  });
});
