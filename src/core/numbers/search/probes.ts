import { assert } from '../../../lib/assert.js';
import type { DigitConditions } from './conditions.js';
import {
  digitsMax,
  endingRange,
  intersectRanges,
  mergeRanges,
  prefixRange,
  prefixRanges,
  type Range,
} from './digit-ranges.js';
import {
  asRegex,
  expand,
  expansions,
  fixedCount,
  overlay,
  partsOf,
  reversed,
  type PatternParts,
} from './pattern.js';

/**
 * Ways to find numbers by their digits through the two ordered indexes: from the left (the number itself) and from the
 * right (its digits backwards). A way is a list of probes; a probe is one short range of an index. Digits that are not
 * known in front of those that are get tried out, ten probes for each: a run in the middle of a number is reached
 * from its nearer end. Together the probes of a way cover all that fits.
 */
export interface Probe extends Range {
  /** The place of this probe's part in the order of the results. */
  readonly section: number;
  /** A regular expression of what earlier sections have found already; empty for none. */
  readonly seen: string;
}

export interface ProbeStep {
  readonly index: 'forward' | 'reversed';
  readonly probes: readonly Probe[];
}

export interface Way {
  /** Digits that a probe fixes beyond the country code: each leaves a tenth of the rows. */
  readonly fixed: number;
  /** Probes to expect, for a country with numbers of one length or few. */
  readonly probes: number;
  /** Whether it takes fewer probes to know the lengths of the country's numbers. */
  readonly asksLengths: boolean;
  /** The probes, for the lengths that the country's numbers have. */
  steps(lengths: readonly number[]): ProbeStep[];
}

/** A part with more untried digits in front of it than this is scanned instead. */
const untriedMax = 3;
/** What a national number is taken to have when ways are compared; the choice must not depend on the stock. */
const nationalDigitsNominal = 10;
const lengthsNominal = 2;
/** Sections of the left index follow those of the right one. */
const forwardSectionFirst = 100;

/** All ways that a set of conditions offers. */
export function waysTo(conditions: DigitConditions): Way[] {
  return conditions.patterns.flatMap((spellings) => {
    const parts = spellings.map(partsOf);
    return [
      ...waysFromLeft(conditions, parts),
      ...waysFromRight(conditions, parts),
      ...waysToRuns(conditions, parts),
    ];
  });
}

/** The numbers of these ranges, in order. */
export function forwardStep(ranges: readonly Range[]): ProbeStep {
  return { index: 'forward', probes: ranges.map((range) => ({ ...range, section: 0, seen: '' })) };
}

/** By the first digits, at every depth. */
function waysFromLeft({ callingCode, ranges }: DigitConditions, parts: readonly PatternParts[]): Way[] {
  const heads = parts.map(({ head, length }) => ({ head: overlay(callingCode, head) ?? '', length }));
  return depths(heads.map(({ head }) => head)).flatMap((depth) => {
    const cut = heads.map(({ head, length }) => ({ head: head.slice(0, depth), length }));
    const fixed = Math.min(...cut.map(({ head }) => fixedCount(head))) - callingCode.length;
    const probes = sum(
      cut.map(({ head, length }) => expansions(head) * (length === undefined ? lengthsNominal : 1)),
    );
    const steps = (lengths: readonly number[]) => {
      const found = cut.flatMap(({ head, length }) =>
        prefixRanges(expand(head), length ? [length] : lengths),
      );
      return [forwardStep(intersectRanges(mergeRanges(found), ranges))];
    };
    const asksLengths = cut.some(({ length }) => length === undefined) && probes > lengthsNominal;
    return fixed > 0 ? [{ fixed, probes, asksLengths, steps }] : [];
  });
}

/** By the last digits, at every depth. */
function waysFromRight({ callingCode }: DigitConditions, parts: readonly PatternParts[]): Way[] {
  const tails = parts.map((part) =>
    reversed(part.length === undefined ? part.tail : (overlay(callingCode, part.head) ?? '')),
  );
  return depths(tails).flatMap((depth) => {
    const cut = tails.map((tail) => tail.slice(0, depth));
    const fixed = Math.min(...cut.map(fixedCount));
    const steps = (): ProbeStep[] => {
      const found = mergeRanges(cut.flatMap(expand).map(endingRange));
      return [{ index: 'reversed', probes: found.map((range) => ({ ...range, section: 0, seen: '' })) }];
    };
    return fixed > 0 ? [{ fixed, probes: sum(cut.map(expansions)), asksLengths: false, steps }] : [];
  });
}

function depths(templates: readonly string[]): number[] {
  const shortest = Math.min(...templates.map((template) => template.length));
  return Array.from({ length: shortest }, (_, index) => index + 1);
}

/** A run of digits somewhere in the number: how many digits stand at least before and behind it. */
interface FloatingRun {
  readonly run: string;
  readonly before: number;
  readonly behind: number;
  /** What the number ends with. */
  readonly tail: string;
}

function waysToRuns(conditions: DigitConditions, parts: readonly PatternParts[]): Way[] {
  return floatingRuns(parts).map((floating) => wayToRun(conditions, floating));
}

/** The runs between two stars. The spellings of one wish differ only in front of the first star. */
function floatingRuns(parts: readonly PatternParts[]): FloatingRun[] {
  const [first] = parts;
  assert(first !== undefined, 'a wish about digits has a spelling');
  const lead = Math.min(...parts.map(({ head }) => head.length));
  const lengths = first.middles.map((middle) => middle.length);
  return first.middles.flatMap((middle, index) => {
    const before = lead + sum(lengths.slice(0, index));
    const behind = first.tail.length + sum(lengths.slice(index + 1));
    return [...middle.matchAll(/\d+/g)].map(({ 0: run, index: at }) => ({
      run,
      before: before + at,
      behind: behind + middle.length - at - run.length,
      tail: first.tail,
    }));
  });
}

/**
 * First the numbers that end with the run, then those with one digit behind it, and so on up to a depth; the rest from
 * the left in the same manner. Numbers that end in a run are what people who look for one want most.
 */
function wayToRun({ callingCode, ranges }: DigitConditions, floating: FloatingRun): Way {
  const { run, behind } = floating;
  const nominal = callingCode.length + nationalDigitsNominal;
  const options = Array.from({ length: untriedMax + 1 }, (_, untried) => {
    const behindMax = behind + untried;
    const left = leftSections(callingCode, floating, behindMax, nominal);
    const right = rightTemplates(floating, behindMax);
    const probes = sum([...right, ...left.map(({ template }) => template)].map(expansions));
    return { behindMax, probes: left.some(({ scans }) => scans) ? Infinity : probes };
  });
  const { behindMax, probes } = options.reduce((best, option) =>
    option.probes <= best.probes ? option : best,
  );
  const steps = (lengths: readonly number[]): ProbeStep[] => [
    { index: 'reversed', probes: rightProbes(floating, behindMax) },
    { index: 'forward', probes: leftProbes(callingCode, floating, behindMax, { lengths, ranges }) },
  ];
  return { fixed: fixedCount(run), probes, asksLengths: true, steps };
}

/** The run with ever more digits behind it, backwards. */
function rightTemplates({ run, behind, tail }: FloatingRun, behindMax: number): string[] {
  return Array.from({ length: behindMax - behind + 1 }, (_, untried) => {
    const ending = '?'.repeat(behind + untried - tail.length) + tail;
    return reversed(run + ending);
  });
}

function rightProbes(floating: FloatingRun, behindMax: number): Probe[] {
  const { behind } = floating;
  const run = asRegex(floating.run);
  return rightTemplates(floating, behindMax).flatMap((template, untried) => {
    const seen = untried === 0 ? '' : `${run}.{${behind},${behind + untried - 1}}$`;
    return expand(template).map((digits) => ({ ...endingRange(digits), section: behind + untried, seen }));
  });
}

/** A part of the numbers of one length: those whose run begins `before` digits from the left, or all others. */
interface LeftSection {
  readonly template: string;
  readonly before: number;
  readonly scans: boolean;
}

/** What the sections from the right leave over, among numbers of one length. */
function leftSections(
  callingCode: string,
  floating: FloatingRun,
  behindMax: number,
  length: number,
): LeftSection[] {
  const { run } = floating;
  const sections: LeftSection[] = [];
  for (let before = floating.before; before < length - run.length - behindMax; before++) {
    const template = overlay(callingCode, '?'.repeat(before) + run);
    if (template === undefined) continue;
    // Numbers of unusual length: too far from either end to try out, and few enough to look through.
    if (expansions(template) > 10 ** untriedMax) return [...sections, { template: callingCode, before, scans: true }];
    sections.push({ template, before, scans: false });
  }
  return sections;
}

function leftProbes(
  callingCode: string,
  floating: FloatingRun,
  behindMax: number,
  { lengths, ranges }: { lengths: readonly number[]; ranges: readonly Range[] },
): Probe[] {
  const run = asRegex(floating.run);
  const seenRight = `${run}.{${floating.behind},${behindMax}}$`;
  return lengths.flatMap((length) =>
    leftSections(callingCode, floating, behindMax, length).flatMap(({ template, before }) => {
      const seenLeft = before === floating.before ? '' : `|^.{${floating.before},${before - 1}}${run}`;
      const section = forwardSectionFirst + length * (digitsMax + 1) + before;
      const found = expand(template).flatMap((digits) => prefixRange(digits, length) ?? []);
      return intersectRanges(found, ranges).map((range) => ({
        ...range,
        section,
        seen: seenRight + seenLeft,
      }));
    }),
  );
}

function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
