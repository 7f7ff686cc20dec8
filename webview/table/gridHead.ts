// The titles of a grid: each sorts by its column.
import { gridElement } from './gridRow';
import type { TableModel, TableOrder } from './model';

/** Adds the rows of titles to `head`, and returns the cells of the last. */
export function drawHead(head: HTMLElement, { columns }: TableModel, sortBy: (column: number) => void): HTMLElement[] {
  head.replaceChildren();
  const grouped = columns.some(({ group }) => group !== undefined);
  if (grouped) head.append(groupRow(columns.map(({ group }) => group ?? '')));
  const row = gridElement('row', 'row titles');
  row.setAttribute('aria-rowindex', grouped ? '2' : '1');
  const cells = columns.map(({ title, align }, i) => {
    const cell = gridElement('columnheader', 'cell');
    cell.setAttribute('aria-colindex', String(i + 1));
    cell.classList.toggle('end', align === 'end');
    // Not the toolkit's, which is no title; and no stop of the Tab key: the keys of the grid lead to it.
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    const arrow = document.createElement('span');
    arrow.className = 'arrow';
    arrow.setAttribute('aria-hidden', 'true');
    button.append(title, arrow);
    button.addEventListener('click', () => sortBy(i));
    cell.append(button);
    return cell;
  });
  row.append(...cells);
  head.append(row);
  return cells;
}

/** Shows by what is sorted. */
export function markOrder(cells: readonly HTMLElement[], { columns }: TableModel, order: TableOrder | null): void {
  cells.forEach((cell, i) => {
    const sorted = order !== null && columns[i]?.key === order.key;
    cell.setAttribute('aria-sort', sorted ? (order.descending ? 'descending' : 'ascending') : 'none');
    const arrow = cell.querySelector('.arrow');
    if (arrow) arrow.textContent = sorted ? (order.descending ? '▼' : '▲') : '';
  });
}

/** One cell for each run of columns of one group. */
function groupRow(groups: readonly string[]): HTMLElement {
  const row = gridElement('row', 'row groups');
  row.setAttribute('aria-rowindex', '1');
  for (let from = 0; from < groups.length;) {
    let to = from + 1;
    while (to < groups.length && groups[to] === groups[from]) to++;
    const name = groups[from] ?? '';
    const cell = gridElement(name === '' ? 'gridcell' : 'columnheader', 'cell');
    cell.setAttribute('aria-colindex', String(from + 1));
    cell.setAttribute('aria-colspan', String(to - from));
    cell.style.gridColumn = `${from + 1} / ${to + 1}`;
    cell.textContent = name;
    row.append(cell);
    from = to;
  }
  return row;
}
