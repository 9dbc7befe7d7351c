/** A line to stand in: what is begun here waits until what was begun before is over, however that ended. */
export function inTurn(): <T>(act: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = before.then(act);
    before = turn.catch(() => undefined);
    return turn;
  };
}
