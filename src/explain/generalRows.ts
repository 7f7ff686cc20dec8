// Shapes of lines that programs of every kind print about a module they could not load: its name, then the words of an
// errno or its number. Asked last, for lines that no table has.

export interface GeneralRow {
  readonly word: string;
  readonly pattern: RegExp;
  /** `text` is the number of an errno, without a sign. */
  readonly number: boolean;
}

/** A file of a module, in any directory, or its name in any quotes. */
const FILE = String.raw`(?<![\w./+-])(?<what>[\w./+-]+\.ko(?:\.\w{2,4})?)\b`;
const NAME = String.raw`['"\`<\[]?(?<what>[\w./+-]*\w)['"\`>\]]?`;
/** What follows a colon, a bracket or a dash, up to the end. */
const WORDS = String.raw`.*?(?:[:=] ?|[(,] ?| - )(?<text>[^:=(),]{3,}(?:\(\))?)\)?$`;
const NUMBER = String.raw`.*?\b(?:errno|error|err|ret(?:val)?|rc|returned|result|code|status)[ :=#(]*(?:code|number|no\.?)?[ :=#(]*-(?<text>\d{1,3})\b`;
const ERRNO = String.raw`.*?\berrno[ :=#(]*(?<text>\d{1,3})\b`;

const LOADING = String.raw`\b(?:[Ll]oad|[Ii]nsert|[Ii]nstall|[Pp]rob|[Ii]nsmod|[Mm]odprob)\w* (?:of )?(?:the )?(?:[\w-]+ )?(?:kernel )?module (?:named )?${NAME}`;
const TOOL = String.raw`\b(?:modprobe|insmod|finit_module|init_module) (?:-\S+ )*${NAME}`;
const KERNEL = String.raw`\b[Kk]ernel (?:module|driver) ${NAME}`;

const about = (word: string, subject: string): readonly GeneralRow[] => [
  { word, pattern: new RegExp(subject + WORDS), number: false },
  { word, pattern: new RegExp(subject + NUMBER), number: true },
  { word, pattern: new RegExp(subject + ERRNO), number: true },
];

export const GENERAL_ROWS: readonly GeneralRow[] = [
  ...about('ko', FILE),
  ...['modprobe', 'insmod', 'module'].flatMap(word => about(word, TOOL)),
  ...about('module', LOADING),
  ...['module', 'driver'].flatMap(word => about(word, KERNEL)),
];
