/** What belongs to the chosen condition: which tokens, seeds, strength, source layer, a vectors file. */
import * as l10n from "@vscode/l10n";
import type { ComponentChildren, VNode } from "preact";
import { descriptorOf } from "../../src/shared/condition/condition.ts";
import type { Takes } from "../../src/shared/condition/descriptor.ts";
import type { ConditionChoice } from "../../src/shared/condition/condition-choice.ts";
import { MOST_SEEDS } from "../../src/shared/condition/condition-choice.ts";
import type { OwnNumber } from "../../src/shared/condition/own-number.ts";
import { valueIn } from "../../src/shared/condition/own-number.ts";
import { seedsOf } from "../../src/shared/condition/condition-options.ts";
import { layerText, seedsText, strengthText } from "../../src/shared/words/condition.ts";
import type { PanelCondition } from "../../src/shared/protocol/panel.ts";
import type { PanelIntent } from "../../src/shared/protocol/panel-intent.ts";
import { Button, Checkbox, Dropdown, NumberField } from "../parts/widgets.tsx";
import { useReadOnly } from "../parts/read-only.ts";
import { typedNumber, typedWhole } from "../parts/typed-number.ts";

type Where = ConditionChoice["where"];

function wheres(): readonly (readonly [Where, string])[] {
  return [
    ["all-but-last", l10n.t("All tokens but the last")],
    ["chosen", l10n.t("The chosen tokens ★")],
  ];
}

/** Whether a BOS token can be left as it is. */
function takesBos({ places }: Takes): boolean {
  return places === "rule" || places === "chosen";
}

/** Fields under the picker; only those that the kind takes. */
export function ConditionOptions(props: {
  readonly condition: PanelCondition;
  readonly blocks: number;
  readonly post: (intent: PanelIntent) => void;
}): VNode | null {
  const { condition, blocks, post } = props;
  const { choice } = condition;
  const { kind } = choice;
  const change = (part: Partial<ConditionChoice>): void => {
    post({ type: "setCondition", choice: part });
  };
  const { takes } = descriptorOf(kind);
  if (useReadOnly()) {
    const facts = choiceFacts(condition, blocks);
    return facts.length === 0 ? null : <p class="dim hint">{facts.join(" · ")}</p>;
  }
  return (
    <div class="condition-options">
      {takes.places === "rule" && (
        <Field name={l10n.t("Tokens")}>
          <Dropdown
            label={l10n.t("Which tokens are replaced")}
            value={choice.where}
            options={wheres()}
            onChange={(where) => {
              change({ where });
            }}
          />
        </Field>
      )}
      {takesBos(takes) && condition.hasBos && (
        <Checkbox
          checked={choice.excludeBos}
          onChange={(excludeBos) => {
            change({ excludeBos });
          }}
        >
          {l10n.t("Leave BOS as it is")}
        </Checkbox>
      )}
      {takes.numbers.map((number) => (
        <OwnNumberField key={number.key} number={number} choice={choice} change={change} />
      ))}
      {takes.seeds && <Seeds choice={choice} change={change} />}
      {takes.strength && (
        <Field name={l10n.t("Strength")} title={l10n.t("(1 − strength) · replaced + strength · put in")}>
          <NumberField
            label={l10n.t("Strength, 0 to 1")}
            value={choice.strength}
            parse={(text) => typedNumber(text, 0, 1)}
            onChange={(strength) => {
              change({ strength });
            }}
          />
          <span class="dim">0–1</span>
        </Field>
      )}
      {takes.source && <SourceLayer choice={choice} blocks={blocks} change={change} />}
      {takes.places === "given" && (
        <Field name={l10n.t("File")}>
          <span class="vectors-label">{condition.vectorsLabel ?? l10n.t("none chosen")}</span>
          <Button
            onPress={() => {
              post({ type: "command", command: "chooseVectors" });
            }}
          >
            {l10n.t("Choose…")}
          </Button>
        </Field>
      )}
    </div>
  );
}

/** The options of a choice in words; only those that its kind takes. */
function choiceFacts({ choice, hasBos, vectorsLabel }: PanelCondition, blocks: number): string[] {
  const { kind, where, excludeBos, strength, sourceLayer } = choice;
  const { takes } = descriptorOf(kind);
  return [
    ...(takes.places === "rule"
      ? [where === "chosen" ? l10n.t("the chosen tokens") : l10n.t("all tokens but the last")]
      : []),
    ...(takesBos(takes) && hasBos && excludeBos ? [l10n.t("BOS left as it is")] : []),
    ...takes.numbers.map((number) => number.said(valueIn(choice.numbers, number))),
    ...(takes.source ? layerText(sourceLayer, blocks) : []),
    ...(takes.seeds ? [seedsText(seedsOf(choice))] : []),
    ...(takes.strength ? strengthText(strength) : []),
    ...(takes.places === "given" && vectorsLabel !== null ? [vectorsLabel] : []),
  ];
}

interface ChoiceProps {
  readonly choice: ConditionChoice;
  readonly change: (part: Partial<ConditionChoice>) => void;
}

function OwnNumberField({ number, choice, change }: ChoiceProps & { readonly number: OwnNumber }): VNode {
  const { key, least, most, unit } = number;
  return (
    <Field name={number.name()}>
      <NumberField
        label={l10n.t("{0}, {1} to {2}", number.name(), least, most)}
        value={valueIn(choice.numbers, number)}
        parse={(text) => typedNumber(text, least, most)}
        onChange={(value) => {
          change({ numbers: { [key]: value } });
        }}
      />
      <span class="dim">{`${unit} ${least}–${most}`}</span>
    </Field>
  );
}

function Seeds({ choice, change }: ChoiceProps): VNode {
  return (
    <Field name={l10n.t("Seeds")} title={l10n.t("Each seed gives a run of its own; several give a band")}>
      <NumberField
        label={l10n.t("Number of seeds")}
        value={choice.seeds}
        parse={(text) => typedWhole(text, 1, MOST_SEEDS)}
        onChange={(seeds) => {
          change({ seeds });
        }}
      />
      <span class="dim">{l10n.t("from")}</span>
      <NumberField
        label={l10n.t("First seed")}
        value={choice.seed}
        parse={(text) => typedWhole(text, 0, 9999)}
        onChange={(seed) => {
          change({ seed });
        }}
      />
    </Field>
  );
}

function SourceLayer({ choice, blocks, change }: ChoiceProps & { readonly blocks: number }): VNode {
  const { sourceLayer } = choice;
  return (
    <Field
      name={l10n.t("Source layer")}
      title={l10n.t("Layer whose input in the source run is put in; the paper’s is k itself")}
    >
      <Checkbox
        checked={sourceLayer === null}
        onChange={(locked) => {
          change({ sourceLayer: locked ? null : 0 });
        }}
      >
        {l10n.t("same as k")}
      </Checkbox>
      {sourceLayer !== null && (
        <NumberField
          label={l10n.t("Source layer")}
          value={sourceLayer}
          parse={(text) => typedWhole(text, 0, blocks)}
          onChange={(layer) => {
            change({ sourceLayer: layer });
          }}
        />
      )}
    </Field>
  );
}

/** A name with its controls in one line. */
export function Field(props: {
  readonly name: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="field" title={props.title}>
      <span class="field-name dim">{props.name}</span>
      <span class="field-controls">{props.children}</span>
    </div>
  );
}
