/** What settings of a folder name without being trusted. */
export const OUTSIDE = '/outside/of/the/workspace';
