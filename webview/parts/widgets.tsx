/**
 * The standard controls, from @vscode/webview-ui-toolkit. The toolkit is archived: this file is the only one that knows
 * it, so that a successor (`@vscode-elements/elements`) means changes here and nowhere else.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";
import { useState } from "preact/hooks";
import { useOptimistic } from "./use-optimistic.ts";

/** Defines the toolkit's elements. Call once, before the window's `load` event: the toolkit reads the theme there. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

/** An element of the toolkit; its names are not among preact's known elements. */
function element(name: string, props: Record<string, unknown>, children?: ComponentChildren): VNode {
  return h(name, props, children);
}

/** A push button; `look` is `primary` for the one main action of a place. */
export function Button(props: {
  readonly look?: "primary" | "secondary";
  readonly disabled?: boolean;
  readonly label?: string;
  readonly title?: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}): VNode {
  return element(
    "vscode-button",
    {
      appearance: props.look ?? "secondary",
      disabled: props.disabled ?? false,
      title: props.title,
      "aria-label": props.label,
      onClick: props.onPress,
    },
    props.children,
  );
}

/** A choice of one among a few named values. */
export function Dropdown<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  /** What stands in the closed list in place of the option's name, where that has no room. */
  readonly face?: string;
  readonly onChange: (value: T) => void;
}): VNode {
  const { shown, newest, show } = useOptimistic(props.value, Object.is);
  return element(
    "vscode-dropdown",
    {
      "aria-label": props.label,
      value: shown,
      onChange: (event: Event) => {
        const value = (event.currentTarget as HTMLSelectElement).value;
        const option = props.options.find(([name]) => name === value);
        // The element also fires while it takes its first value; only a change by the user counts.
        if (!option || option[0] === newest()) return;
        show(option[0]);
        props.onChange(option[0]);
      },
    },
    [
      ...(props.face === undefined ? [] : [<span slot="selected-value">{props.face}</span>]),
      ...props.options.map(([value, name]) =>
        element("vscode-option", { key: value, value, selected: value === shown }, name),
      ),
    ],
  );
}

/** A two-state choice with its label. */
export function Checkbox(props: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}): VNode {
  const { shown, newest, show } = useOptimistic(props.checked, Object.is);
  return element(
    "vscode-checkbox",
    {
      checked: shown,
      onChange: (event: Event) => {
        const checked = (event.currentTarget as HTMLInputElement).checked;
        if (checked === newest()) return;
        show(checked);
        props.onChange(checked);
      },
    },
    props.children,
  );
}

/**
 * A text while it is typed, before Enter or leaving the field sets it. Preact compares `value` with what stands in the
 * element, so that any snapshot from the host (a running sweep sends many) would put the old value over half a word.
 */
function useTyping(): {
  text: string | null;
  end: () => void;
  events: Record<string, (event: Event) => void>;
} {
  const [text, setText] = useState<string | null>(null);
  const end = (): void => {
    setText(null);
  };
  const onInput = (event: Event): void => {
    setText((event.currentTarget as HTMLInputElement).value);
  };
  return { text, end, events: { onInput, onBlur: end } };
}

/** A short number to type. `onChange` comes on Enter and on leaving the field, when another number is typed. */
export function NumberField(props: {
  readonly label: string;
  readonly value: number;
  /** The number that a typed text sets; null for a text that sets none. */
  readonly parse: (text: string) => number | null;
  readonly onChange: (value: number) => void;
  /** The newest value, where the field is not the only control that sets it. */
  readonly newest?: () => number;
}): VNode {
  const { shown, newest, show, forget } = useOptimistic(props.value, Object.is);
  const typing = useTyping();
  return element(
    "vscode-text-field",
    {
      class: "number-field",
      value: typing.text ?? String(shown),
      maxlength: 5,
      ...typing.events,
      onChange: (event: Event) => {
        typing.end();
        const field = event.currentTarget as HTMLInputElement;
        const typed = props.parse(field.value);
        // What stands is written at once: where it stood before, drawing again would leave the typed text.
        field.value = String(typed ?? props.value);
        if (typed === null) forget();
        else if (typed !== (props.newest ?? newest)()) {
          show(typed);
          props.onChange(typed);
        }
      },
    },
    // The element overwrites `aria-label` with its content, so the name is content, out of sight (panel.css).
    props.label,
  );
}

/** A short text to type. `onChange` comes on Enter and on leaving the field, when another text is typed. */
export function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}): VNode {
  const { shown, newest, show } = useOptimistic(props.value, Object.is);
  const typing = useTyping();
  return element(
    "vscode-text-field",
    {
      class: "text-field",
      value: typing.text ?? shown,
      placeholder: props.placeholder,
      ...typing.events,
      onChange: (event: Event) => {
        typing.end();
        const text = (event.currentTarget as HTMLInputElement).value;
        if (text === newest()) return;
        show(text);
        props.onChange(text);
      },
    },
    // The element overwrites `aria-label` with its content, so the name is content, out of sight (controls.css).
    props.label,
  );
}
