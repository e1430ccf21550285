/** The mark of Numex: a number sign whose strokes are two lines crossing two. */
export const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">
<rect width="32" height="32" rx="7" fill="#16324f"/>
<path d="M12 7 9 25M23 7l-3 18M7 12.5h19M6 19.5h19" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>
</svg>`;

/** The mark and the name beside it. */
export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 32" width="165" height="40">
<rect width="32" height="32" rx="7" fill="#fff"/>
<path d="M12 7 9 25M23 7l-3 18M7 12.5h19M6 19.5h19" fill="none" stroke="#16324f" stroke-width="2.5" stroke-linecap="round"/>
<text x="42" y="23" font-family="system-ui, sans-serif" font-size="20" font-weight="600" fill="#fff">Numex</text>
</svg>`;
