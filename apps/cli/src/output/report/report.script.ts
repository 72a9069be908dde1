/** Filters the list that is on the page already; without it the page is complete, only longer. */
export const REPORT_SCRIPT = `
(() => {
  const tools = document.querySelector('.tools');
  if (!tools) return;
  document.documentElement.classList.add('js');
  const cards = [...document.querySelectorAll('.photo')];
  const words = new Map(cards.map((card) => [card, card.querySelector('h3').textContent.toLowerCase() + ' ' +
    [...card.querySelectorAll('.name')].map((name) => name.textContent.toLowerCase()).join(' ')]));
  const search = tools.querySelector('input[type=search]');
  const shown = tools.querySelector('output');
  const empty = document.querySelector('.empty');
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const kind = tools.querySelector('input[name=kind]:checked').value;
    let count = 0;
    for (const card of cards) {
      const fits = (kind === 'all' || card.dataset.kinds.split(' ').includes(kind)) && words.get(card).includes(wanted);
      card.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count + ' of ' + cards.length;
    empty.style.display = count === 0 ? 'block' : 'none';
  };
  let timer;
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
  tools.addEventListener('change', filter);
  // A link to a photo that is filtered away shows it again.
  addEventListener('hashchange', () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    search.value = '';
    tools.querySelector('input[value=all]').checked = true;
    filter();
    target.scrollIntoView();
  });
  filter();
})();
`;
