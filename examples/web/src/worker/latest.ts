/** Of several requests of a kind only the latest matters: an earlier one asks here whether it should go on. */
export class Latest {
  #count = 0;

  begin(): () => boolean {
    const mine = ++this.#count;
    return () => this.#count === mine;
  }
}
