// Every field with wrong values, every border, and what chance finds: most of the mutants of the suite.
import type { Topic } from '../kit';
import { borders } from './borders';
import { drawn } from './drawn';
import { headerFields } from './headers';
import { tableFields } from './tables';
import { tableTexts } from './texts';

export const wide: readonly Topic[] = [headerFields, tableFields, tableTexts, borders, drawn];
