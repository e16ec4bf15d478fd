/** Taking one of a few things out of a list. */

/** Takes the element at this place out; the others keep their order. `splice` would make a list of what it takes, each time. */
export function takeOut<T>(list: T[], place: number): void {
  const last = list.length - 1;
  for (let i = place; i < last; i++) list[i] = list[i + 1]!;
  list.pop();
}
