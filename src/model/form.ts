/**
 * Forms of JSON data: a type for the compiler and, out of the same line, what a JSON Schema says of it. Knows how to
 * describe, never how to check; `scripts/output-schema.js` writes the schema.
 */

export type Form<Type = unknown> = {
  /** What JSON Schema says of it, but for what it is made of. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly about?: string | undefined;
  readonly items?: Form;
  readonly members?: Members;
  /** The form itself, where this one only says something else about it or lets null in. */
  readonly of?: Form;
  readonly orNull?: boolean;
  /** For the compiler alone; there is never a value. */
  readonly type?: Type;
};

export type Members = Readonly<Record<string, Form>>;

export type TypeOf<One extends Form> = One extends Form<infer Type> ? Type : never;

/** An object with these members and no others, each of them there. */
export type Data<All extends Members> = { readonly [Name in keyof All]: TypeOf<All[Name]> };

export const text = (about?: string, pattern?: RegExp): Form<string> => ({
  schema: { type: "string", ...(pattern ? { pattern: pattern.source } : {}) },
  about,
});

export const count = (about?: string, minimum = 1): Form<number> => ({ schema: { type: "integer", minimum }, about });

export const number = (numbers: readonly number[], about?: string): Form<number> => ({
  schema: { enum: numbers },
  about,
});

export const flag = (about?: string): Form<boolean> => ({ schema: { type: "boolean" }, about });

export const oneOf = <const Word extends string>(words: readonly Word[], about?: string): Form<Word> => ({
  schema: { enum: words },
  about,
});

export const exactly = <const Value extends string | number | boolean>(value: Value, about?: string): Form<Value> => ({
  schema: { const: value },
  about,
});

export const anything = (about?: string): Form<unknown> => ({ schema: {}, about });

export const anyObject = (about?: string): Form<object> => ({ schema: { type: "object" }, about });

/** `rules` are what JSON Schema says beside it, such as the least number of items. */
export const list = <Item>(items: Form<Item>, about?: string, rules: Form["schema"] = {}): Form<readonly Item[]> => ({
  schema: { type: "array", ...rules },
  items,
  about,
});

export const texts = (about?: string): Form<readonly string[]> => list(text(), about);

/** `rules` are what JSON Schema says of several members together. */
export const object = <const All extends Members>(
  members: All,
  about?: string,
  rules: Form["schema"] = {},
): Form<Data<All>> => ({ schema: { type: "object", ...rules }, members, about });

export const orNull = <Type>(form: Form<Type>, about = form.about): Form<Type | null> => ({
  schema: {},
  of: form,
  orNull: true,
  about,
});

/** A form that has a name of its own, and what it is in this place. */
export const is = <Type>(form: Form<Type>, about: string): Form<Type> => ({ schema: {}, of: form, about });
