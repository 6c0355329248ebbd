import { describe, expect, it } from 'vitest';
import { anatomyGap, anatomyRates, digitAnatomy, mergeAnatomies, type Rows, strokesAndHoles } from '../src/index.ts';

/** Pictures of equal size, drawn with # for ink. */
function draw(...pictures: readonly string[][]): Rows {
  const [height, width] = [pictures[0]!.length, pictures[0]![0]!.length];
  const data = Float32Array.from(pictures.flat().join(''), (mark) => (mark === '#' ? 0.9 : 0.1));
  return { data, shape: [pictures.length, height, width, 1] };
}

const ring = ['.......', '..###..', '..#.#..', '..###..', '.......', '.......', '.......'];
const eight = ['..###..', '..#.#..', '..###..', '..#.#..', '..###..', '.......', '.......'];
const bar = ['...#...', '...#...', '...#...', '...#...', '...#...', '.......', '.......'];
const broken = ['...#...', '...#...', '...#...', '.......', '...#...', '...#...', '...#...'];
const slanted = ['.#.....', '..#....', '...#...', '....#..', '.......', '.......', '.......'];
const specked = ['...#..#', '...#...', '...#...', '...#...', '.......', '##.....', '.......'];
/** Closed by corners alone: eight neighbours join the ink, and four don't join the ground through them. */
const diamond = ['...#...', '..#.#..', '.#...#.', '..#.#..', '...#...', '.......', '.......'];
const openAtBorder = ['#.#....', '#.#....', '###....', '.......', '.......', '.......', '.......'];

describe('strokesAndHoles', () => {
  it.each([
    ['a ring', ring, 1, 1],
    ['an eight', eight, 1, 2],
    ['a bar', bar, 1, 0],
    ['a broken bar', broken, 2, 0],
    ['a slanted bar', slanted, 1, 0],
    ['a bar with specks of one and two pixels', specked, 1, 0],
    ['a diamond', diamond, 1, 1],
    ['a loop that is open at the border', openAtBorder, 1, 0],
  ])('counts those of %s', (_, picture, strokes, holes) => {
    expect(strokesAndHoles(draw(picture).data, 7, 7)).toEqual({ strokes, holes });
  });
});

describe('digitAnatomy', () => {
  it('holds each digit against what it may have', () => {
    const anatomy = digitAnatomy(draw(ring, bar, broken, eight, ring, ring), [0, 0, 1, 8, 8, 4]);
    expect(anatomy[0]).toEqual({ label: 0, count: 2, oneStroke: 2, legalHoles: 1, both: 1 });
    expect(anatomy[1]).toEqual({ label: 1, count: 1, oneStroke: 0, legalHoles: 1, both: 0 });
    expect(anatomy[8]).toEqual({ label: 8, count: 2, oneStroke: 2, legalHoles: 1, both: 1 });
    expect(anatomy[4]!.both).toBe(1);
    expect(anatomyRates(anatomy)).toEqual({ oneStroke: 5 / 6, legalHoles: 4 / 6, both: 3 / 6 });
  });

  it('adds up over shards', () => {
    const whole = digitAnatomy(draw(ring, bar, eight), [0, 1, 3]);
    const parts = [digitAnatomy(draw(ring), [0]), digitAnatomy(draw(bar, eight), [1, 3])];
    expect(mergeAnatomies(parts)).toEqual(whole);
  });

  it('tells the gap to real pictures of the same classes, not of others', () => {
    const real = digitAnatomy(draw(ring, ring, bar, broken), [0, 0, 1, 1]);
    const onlyOnes = digitAnatomy(draw(broken, bar), [1, 1]);
    expect(anatomyGap(onlyOnes, real).both).toBe(0);
    expect(anatomyGap(digitAnatomy(draw(bar, bar), [0, 1]), real).both).toBe(0.25);
  });
});
