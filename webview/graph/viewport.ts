// The part of a drawing that is seen: where it begins, and how large it is drawn.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Viewport extends Point {
  /** Pixels of the screen to one of the drawing. */
  readonly scale: number;
}

export interface Box extends Point, Size {}

const SMALLEST = 0.1;
const LARGEST = 3;
/** Smaller than that nobody reads it. */
const READABLE = 0.75;
const MARGIN = 24;

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** All of the drawing, in the middle, and not larger than it is. */
export function fitting(screen: Size, drawing: Size): Viewport {
  const room = (of: number, need: number): number => Math.max(of - 2 * MARGIN, 1) / Math.max(need, 1);
  const scale = within(Math.min(room(screen.width, drawing.width), room(screen.height, drawing.height)), SMALLEST, 1);
  return centred(screen, { x: drawing.width / 2, y: drawing.height / 2 }, scale);
}

/** All of it when that can be read; else what is around `middle`, and as little as possible beyond the drawing. */
export function firstLook(screen: Size, drawing: Size, middle: Point): Viewport {
  const all = fitting(screen, drawing);
  if (all.scale >= READABLE) return all;
  const around = centred(screen, middle, READABLE);
  const along = (from: number, room: number, whole: number): number => {
    const margin = MARGIN / READABLE;
    const seen = room / READABLE;
    return whole + 2 * margin <= seen ? (whole - seen) / 2 : within(from, -margin, whole + margin - seen);
  };
  return {
    scale: READABLE,
    x: along(around.x, screen.width, drawing.width),
    y: along(around.y, screen.height, drawing.height),
  };
}

export function centred(screen: Size, middle: Point, scale: number): Viewport {
  return { x: middle.x - screen.width / 2 / scale, y: middle.y - screen.height / 2 / scale, scale };
}

/** Larger or smaller by `factor`, while `at`, in pixels of the screen, stays where it is. */
export function zoomed(view: Viewport, at: Point, factor: number): Viewport {
  const scale = within(view.scale * factor, SMALLEST, LARGEST);
  return { x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale, scale };
}

/** Moved by pixels of the screen. */
export function moved(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/** Moved as little as needed for a box to be seen. */
export function revealing(view: Viewport, screen: Size, box: Box): Viewport {
  const along = (from: number, room: number, start: number, length: number): number => {
    const margin = MARGIN / view.scale;
    const seen = room / view.scale;
    if (start - margin < from) return start - margin;
    return start + length + margin > from + seen ? start + length + margin - seen : from;
  };
  return {
    ...view,
    x: along(view.x, screen.width, box.x, box.width),
    y: along(view.y, screen.height, box.y, box.height),
  };
}
