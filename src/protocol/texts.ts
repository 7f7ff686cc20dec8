// What texts that are made where they are shown must look like: notes, and findings by their facts.
import * as v from 'valibot';
import { noteTemplates, type Note, type NoteId } from '../findings/notes';
import type { Json } from '../findings/types';
import type { StepFinding } from '../report/view/types';

const text = v.string();

export const note: v.GenericSchema<Note> = v.object({
  id: v.picklist(Object.keys(noteTemplates()) as NoteId[]),
  facts: v.record(text, v.union([text, v.number(), v.lazy(() => note)])),
});

const json: v.GenericSchema<Json> = v.union([
  text,
  v.number(),
  v.boolean(),
  v.null(),
  v.lazy(() => v.array(json)),
  v.lazy(() => v.record(text, json)),
]);

export const finding = v.object({
  code: text,
  severity: v.picklist(['error', 'warning', 'information', 'hint']),
  message: text,
  facts: v.record(text, json),
}) satisfies v.GenericSchema<StepFinding>;
