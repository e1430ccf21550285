import { assert } from '../../../lib/assert.js';
import type { DigitConditions } from './conditions.js';
import {
  digitsMax,
  headRanges,
  intersectRanges,
  mergeRanges,
  prefixRanges,
  tailRanges,
  type Range,
} from './digit-ranges.js';
import { asRegex, expansions, fixedCount, overlay, partsOf, reversed, type PatternParts } from './pattern.js';

/**
 * Ways to find numbers by their digits, from the left (index of the number) or the right (index of its digits
 * backwards). A way is a list of probes that together cover all that fits; a probe is one short range of an index.
 * Unknown digits before the known ones are tried out, ten probes for each, from the end of the number that is nearer.
 */
export interface ProbeStep {
  readonly index: 'forward' | 'reversed';
  /** In ascending order of `section`. */
  readonly sections: readonly Section[];
}

/** Probes of one kind, in ascending order. */
export interface Section {
  /** Its place in the order of the results. */
  readonly section: number;
  /** A regular expression of what earlier sections have found already; empty for none. */
  readonly seen: string;
  /** How many probes to expect. */
  readonly probes: number;
  ranges(): Range[];
}

export interface Way {
  /** Probes to expect, for a country with numbers of one length or few. */
  readonly probes: number;
  /** Shares of a country's stock that the probes lead to, from the left and from the right. */
  readonly shares: Readonly<Record<ProbeStep['index'], number>>;
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
    const toRuns = floatingRuns(parts).map((floating) => wayToRun(conditions, floating));
    return [...waysFromLeft(conditions, parts), ...waysFromRight(conditions, parts), ...toRuns];
  });
}

/** The numbers of these ranges, in order. */
export function forwardStep(ranges: readonly Range[]): ProbeStep {
  return oneSection('forward', ranges.length, () => [...ranges]);
}

function oneSection(index: ProbeStep['index'], probes: number, ranges: () => Range[]): ProbeStep {
  return { index, sections: [{ section: 0, seen: '', probes, ranges }] };
}

/** By the first digits, at every depth. */
function waysFromLeft({ callingCode, ranges }: DigitConditions, parts: readonly PatternParts[]): Way[] {
  const heads = parts.map(({ head, length }) => ({ head: overlay(callingCode, head) ?? '', length }));
  return depths(heads.map(({ head }) => head)).flatMap((depth) => {
    const cut = heads.map(({ head, length }) => ({ head: head.slice(0, depth), length }));
    const fixed = Math.min(...cut.map(({ head }) => fixedCount(head))) - callingCode.length;
    if (fixed <= 0) return [];
    const probes = sum(
      cut.map(({ head, length }) => expansions(head) * (length === undefined ? lengthsNominal : 1)),
    );
    const asksLengths = cut.some(({ length }) => length === undefined) && probes > lengthsNominal;
    const steps = (lengths: readonly number[]): ProbeStep[] => {
      const found = cut.flatMap(({ head, length }) => prefixRanges([head], length ? [length] : lengths));
      return [oneSection('forward', probes, () => intersectRanges(mergeRanges(found), ranges))];
    };
    return [{ probes, shares: { forward: 10 ** -fixed, reversed: 0 }, asksLengths, steps }];
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
    if (fixed <= 0) return [];
    const probes = sum(cut.map(expansions));
    const steps = () => [oneSection('reversed', probes, () => mergeRanges(cut.flatMap(tailRanges)))];
    return [{ probes, shares: { forward: 0, reversed: 10 ** -fixed }, asksLengths: false, steps }];
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
  const nominal = callingCode.length + nationalDigitsNominal;
  const options = Array.from({ length: untriedMax + 1 }, (_, untried) => {
    const behindMax = floating.behind + untried;
    const left = leftTemplates(callingCode, floating, behindMax, nominal);
    const right = rightTemplates(floating, behindMax);
    const probes = sum([...right, ...left.map(({ template }) => template)].map(expansions));
    const share = 10 ** -floating.run.length;
    const shares = {
      forward: share * left.length,
      reversed: share * right.length * 10 ** -fixedCount(floating.tail),
    };
    return { behindMax, shares, probes: left.some(({ scans }) => scans) ? Infinity : probes };
  });
  const best = options.reduce((chosen, option) => (option.probes <= chosen.probes ? option : chosen));
  const steps = (lengths: readonly number[]): ProbeStep[] => [
    { index: 'reversed', sections: rightSections(floating, best.behindMax) },
    { index: 'forward', sections: leftSections(callingCode, floating, best.behindMax, { lengths, ranges }) },
  ];
  return { probes: best.probes, shares: best.shares, asksLengths: true, steps };
}

/** The run with ever more digits behind it, backwards. */
function rightTemplates({ run, behind, tail }: FloatingRun, behindMax: number): string[] {
  return Array.from({ length: behindMax - behind + 1 }, (_, untried) => {
    const ending = '?'.repeat(behind + untried - tail.length) + tail;
    return reversed(run + ending);
  });
}

function rightSections(floating: FloatingRun, behindMax: number): Section[] {
  const { behind } = floating;
  const run = asRegex(floating.run);
  return rightTemplates(floating, behindMax).map((template, untried) => ({
    section: behind + untried,
    seen: untried === 0 ? '' : `${run}.{${behind},${behind + untried - 1}}$`,
    probes: expansions(template),
    ranges: () => tailRanges(template),
  }));
}

/** A part of the numbers of one length: those whose run begins `before` digits from the left, or all others. */
interface LeftTemplate {
  readonly template: string;
  readonly before: number;
  readonly scans: boolean;
}

/** What the sections from the right leave over, among numbers of one length. */
function leftTemplates(
  callingCode: string,
  floating: FloatingRun,
  behindMax: number,
  length: number,
): LeftTemplate[] {
  const { run } = floating;
  const templates: LeftTemplate[] = [];
  for (let before = floating.before; before < length - run.length - behindMax; before++) {
    const template = overlay(callingCode, '?'.repeat(before) + run);
    if (template === undefined) continue;
    // Numbers of unusual length: too far from either end to try out, and few enough to look through.
    if (expansions(template) > 10 ** untriedMax)
      return [...templates, { template: callingCode, before, scans: true }];
    templates.push({ template, before, scans: false });
  }
  return templates;
}

function leftSections(
  callingCode: string,
  floating: FloatingRun,
  behindMax: number,
  { lengths, ranges }: { lengths: readonly number[]; ranges: readonly Range[] },
): Section[] {
  const run = asRegex(floating.run);
  const seenRight = `${run}.{${floating.behind},${behindMax}}$`;
  return lengths.flatMap((length) =>
    leftTemplates(callingCode, floating, behindMax, length).map(({ template, before }) => {
      const seenLeft = before === floating.before ? '' : `|^.{${floating.before},${before - 1}}${run}`;
      return {
        section: forwardSectionFirst + length * (digitsMax + 1) + before,
        seen: seenRight + seenLeft,
        probes: expansions(template),
        ranges: () => intersectRanges(headRanges(template, length), ranges),
      };
    }),
  );
}

function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
