/**
 * The controls of a form by name: numbers of sliders and number fields, strings of the others. A slider with `data-powers`
 * stands for 10 to its value; what a slider stands for is shown in the `output` beside it.
 */
export function readSettings<Settings>(form: HTMLFormElement): Settings {
  return Object.fromEntries(controlsOf(form).map((control) => [control.name, valueOf(control)])) as Settings;
}

/** Keeps the outputs beside sliders up to date, and calls back with the control that has changed. */
export function watchSettings(form: HTMLFormElement, onChange: (name: string) => void): void {
  const show = () => controlsOf(form).forEach(showValue);
  form.addEventListener('input', ({ target }) => {
    show();
    if (isControl(target)) onChange(target.name);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  show();
}

type Control = HTMLInputElement | HTMLSelectElement;

function isControl(target: EventTarget | null): target is Control {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter((element): element is Control => isControl(element) && element.name !== '');
}

function valueOf(control: Control): number | string {
  if (control.type === 'range' && 'powers' in control.dataset)
    return Number((10 ** Number(control.value)).toPrecision(2));
  return control.type === 'range' || control.type === 'number' || 'number' in control.dataset
    ? Number(control.value)
    : control.value;
}

function showValue(control: Control): void {
  const output = control.parentElement?.querySelector('output');
  if (output === null || output === undefined) return;
  output.textContent = String(valueOf(control));
  control.setAttribute('aria-valuetext', output.textContent);
}
