/** Loaded into a process before the program: its clock stands still, as it does for the stories that run from source. */
const now = Number(process.env.STORY_NOW);
delete process.env.STORY_NOW;
Date.now = () => now;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now] : args, made),
});
