import { byId } from '../page/by-id.ts';
import { browserOffers } from '../page/offers.ts';

const { webgpu, isolation } = await browserOffers();

const items = [webgpu, isolation].map(({ meaning }) => {
  const item = document.createElement('li');
  item.textContent = meaning;
  return item;
});
byId('offers', HTMLElement).replaceChildren(...items);
byId('outlook', HTMLElement).textContent =
  webgpu.isHere && isolation.isHere
    ? 'All that the pages can make use of.'
    : 'Everything works here; some of it slower than it might.';
