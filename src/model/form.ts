/**
 * Forms of JSON data: each gives both a type for the compiler and a JSON Schema. Knows how to describe data, never how to
 * check it; `scripts/output-schema.js` writes the schema.
 */

export type Form<Type = unknown> = {
  /** Its JSON Schema, without the members or items. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly about?: string | undefined;
  readonly items?: Form;
  readonly members?: Members;
  /** The form that this one repeats, with another description or with null allowed. */
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

/** `rules` are further words of JSON Schema, such as the least number of items. */
export const list = <Item>(items: Form<Item>, about?: string, rules: Form["schema"] = {}): Form<readonly Item[]> => ({
  schema: { type: "array", ...rules },
  items,
  about,
});

export const texts = (about?: string): Form<readonly string[]> => list(text(), about);

/** `rules` are the words of JSON Schema about several members together. */
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

/** A form with a name of its own, and its description in this place. */
export const is = <Type>(form: Form<Type>, about: string): Form<Type> => ({ schema: {}, of: form, about });
