// SPDX-License-Identifier: MIT
// Tables that sort and filter, and what is folded away unfolded for paper. Without this the page has all that it has.
'use strict';

(() => {
    const numberOf = (cell) => cell.dataset.value === undefined ? NaN : Number(cell.dataset.value);

    // Numbers before texts, what is missing last in either direction; equal rows stay as they were.
    const compare = (one, other, sign) => {
        const first = numberOf(one), second = numberOf(other);
        const missing = (cell) => cell.dataset.value === '';
        if (missing(one) || missing(other)) {
            return missing(one) - missing(other);
        }
        if (!Number.isNaN(first) && !Number.isNaN(second)) {
            return sign * (first - second);
        }
        return sign * one.textContent.localeCompare(other.textContent, 'en', { numeric: true });
    };

    const sortBy = (table, heading) => {
        const ascending = heading.getAttribute('aria-sort') !== 'ascending';
        const column = heading.cellIndex;
        const body = table.tBodies[0];
        for (const other of table.tHead.rows[0].cells) {
            if (other.hasAttribute('aria-sort')) {
                other.setAttribute('aria-sort', 'none');
            }
        }
        heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
        const rows = [...body.rows];
        rows.sort((one, other) => compare(one.cells[column], other.cells[column], ascending ? 1 : -1));
        body.append(...rows);
    };

    const makeSortable = (table) => {
        for (const heading of table.tHead.rows[0].cells) {
            const button = document.createElement('button');
            button.type = 'button';
            button.setAttribute('aria-label', `sort by ${heading.textContent}`);
            heading.append(button);
            heading.addEventListener('click', () => sortBy(table, heading));
            heading.setAttribute('aria-sort', 'none');
        }
    };

    const makeFilter = (form) => {
        const rows = [...document.getElementById(form.dataset.table).tBodies[0].rows];
        const search = form.querySelector('input');
        const choices = [...form.querySelectorAll('select')];
        const output = form.querySelector('output');
        const texts = rows.map((row) => row.textContent.toLowerCase());
        const apply = () => {
            const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
            let shown = 0;
            rows.forEach((row, place) => {
                const fits = words.every((word) => texts[place].includes(word)) &&
                    choices.every((choice) => choice.value === '' ||
                        row.cells[Number(choice.dataset.column)].textContent === choice.value);
                row.hidden = !fits;
                shown += fits;
            });
            output.textContent = `${shown} of ${rows.length} rows`;
        };
        form.addEventListener('input', apply);
        form.addEventListener('submit', (event) => event.preventDefault());
        form.hidden = false;
        apply();
    };

    document.querySelectorAll('table.sortable').forEach(makeSortable);
    document.querySelectorAll('form.filter').forEach(makeFilter);

    let unfolded = [];
    window.addEventListener('beforeprint', () => {
        unfolded = [...document.querySelectorAll('details:not([open])')];
        unfolded.forEach((details) => { details.open = true; });
    });
    window.addEventListener('afterprint', () => unfolded.forEach((details) => { details.open = false; }));
})();
