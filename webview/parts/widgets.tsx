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
  readonly onChange: (value: T) => void;
}): VNode {
  return element(
    "vscode-dropdown",
    {
      "aria-label": props.label,
      value: props.value,
      onChange: (event: Event) => {
        const value = (event.currentTarget as HTMLSelectElement).value;
        const option = props.options.find(([name]) => name === value);
        // The element also fires while it takes its first value; only a change by the user counts.
        if (option && option[0] !== props.value) props.onChange(option[0]);
      },
    },
    props.options.map(([value, name]) =>
      element("vscode-option", { key: value, value, selected: value === props.value }, name),
    ),
  );
}

/** A two-state choice with its label. */
export function Checkbox(props: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}): VNode {
  return element(
    "vscode-checkbox",
    {
      checked: props.checked,
      onChange: (event: Event) => {
        const checked = (event.currentTarget as HTMLInputElement).checked;
        if (checked !== props.checked) props.onChange(checked);
      },
    },
    props.children,
  );
}

/**
 * A short whole number to type. `onCommit` comes on Enter and on leaving the field with what is typed, and answers with
 * the number that stands.
 */
export function NumberField(props: {
  readonly label: string;
  readonly value: number;
  readonly onCommit: (text: string) => number;
}): VNode {
  return element(
    "vscode-text-field",
    {
      class: "number-field",
      value: String(props.value),
      maxlength: 4,
      onChange: (event: Event) => {
        const field = event.currentTarget as HTMLInputElement;
        field.value = String(props.onCommit(field.value));
      },
    },
    // The element overwrites `aria-label` with its content, so the name is content, out of sight (panel.css).
    props.label,
  );
}

/** A short text to type. `onCommit` comes on Enter and on leaving the field. */
export function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onCommit: (text: string) => void;
}): VNode {
  return element(
    "vscode-text-field",
    {
      class: "text-field",
      value: props.value,
      placeholder: props.placeholder,
      onChange: (event: Event) => {
        props.onCommit((event.currentTarget as HTMLInputElement).value);
      },
    },
    // The element overwrites `aria-label` with its content, so the name is content, out of sight (controls.css).
    props.label,
  );
}
