/** An option with a value that can't be used. The message names field, value and what is valid. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;

  constructor(details: { field: string; value: unknown; expected: string; hint?: string }, options?: ErrorOptions) {
    const hint = details.hint === undefined ? '' : ` ${details.hint}`;
    super(`${details.field} must be ${details.expected}, not ${describeValue(details.value)}.${hint}`, options);
    this.field = details.field;
    this.value = details.value;
    this.expected = details.expected;
  }
}

/** A backend that can't run here: the message says why, and what would make it run. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
  readonly backend: string;
  readonly reason: string;
  readonly remedy: string;

  constructor(details: { backend: string; reason: string; remedy: string }, options?: ErrorOptions) {
    super(`The backend '${details.backend}' can't run here: ${details.reason}. ${details.remedy}`, options);
    this.backend = details.backend;
    this.reason = details.reason;
    this.remedy = details.remedy;
  }
}

/** What a `CheckpointError` tells about a file or a set of tensors that doesn't fit. */
export interface CheckpointErrorDetails {
  /** The file, or what else the tensors came from. */
  readonly source: string;
  /** The tensor at fault, where there is one. */
  readonly tensor?: string | undefined;
  readonly expected: string;
  readonly received: string;
  readonly remedy?: string | undefined;
}

/** A damaged or foreign checkpoint: which file, which tensor, what was expected and what came. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly source: string;
  readonly tensor: string | undefined;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;

  constructor(details: CheckpointErrorDetails, options?: ErrorOptions) {
    const where = details.tensor === undefined ? details.source : `${details.source}, tensor '${details.tensor}'`;
    const remedy = details.remedy ?? 'Use a checkpoint of the same networks and options, or start afresh.';
    super(`${where}: expected ${details.expected}, found ${details.received}. ${remedy}`, options);
    this.source = details.source;
    this.tensor = details.tensor;
    this.expected = details.expected;
    this.received = details.received;
    this.remedy = remedy;
  }
}

/** A quantity that became NaN or infinite during training. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  /** The step (1-based count of updates) at which it was seen. */
  readonly step: number;
  /** What diverged, such as `dLoss`. */
  readonly quantity: string;
  readonly value: number;

  constructor(details: { step: number; quantity: string; value: number; remedy?: string }, options?: ErrorOptions) {
    const remedy = details.remedy ?? 'Lower the learning rate, or use a loss computed from logits.';
    super(`${details.quantity} became ${details.value} at step ${details.step}. ${remedy}`, options);
    this.step = details.step;
    this.quantity = details.quantity;
    this.value = details.value;
  }
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`;
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(describeValue).join(', ')}${value.length > 8 ? ', ...' : ''}]`;
  if (typeof value === 'object' && value !== null) return `an object of type ${value.constructor?.name ?? 'Object'}`;
  if (typeof value === 'function') return 'a function';
  return String(value);
}
